using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>A masked network some of whose features are angles: it sees the points on the circle, so it is continuous where the circle is cut.</summary>
/// <remarks>
/// With sines and cosines the network behind has a feature more for each angle, behind the others and of the angle's rank: the cosine. Its outputs for these
/// features are not used. The weighted sum, as in normflows, takes the place of the angle.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class PeriodicMaskedNetwork<T> : MaskedNetwork<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PeriodicColumns<T> _columns;
    private readonly int[] _angleOf;
    private readonly GatherColumnsOperation<T>? _used;

    /// <summary>Puts the angles in front of a network.</summary>
    /// <param name="inner">The network.</param>
    /// <param name="angles">Which features are angles, ascending.</param>
    /// <param name="bounds">The half turn B of each: the circle is [−B, B].</param>
    /// <param name="inputs">How the network sees them.</param>
    /// <param name="name">The prefix of the name <c>.weights</c>, [angles, 2], of the weighted sum.</param>
    /// <exception cref="ArgumentException">There is no angle, an index or a bound is out of range, or the features of the cosines have other ranks than their angles.</exception>
    public PeriodicMaskedNetwork(
        MaskedNetwork<T> inner, ReadOnlySpan<int> angles, ReadOnlySpan<double> bounds, PeriodicInputs inputs = PeriodicInputs.SineAndCosine,
        string name = "preprocessing")
        : this(inner, OrderOf(inner, angles, inputs), angles, bounds, inputs, name)
    {
    }

    private PeriodicMaskedNetwork(
        MaskedNetwork<T> inner, AutoregressiveOrder order, ReadOnlySpan<int> angles, ReadOnlySpan<double> bounds, PeriodicInputs inputs, string name)
        : this(inner, order, new PeriodicColumns<T>(order.Features, angles, bounds, inputs, name))
    {
    }

    private PeriodicMaskedNetwork(MaskedNetwork<T> inner, AutoregressiveOrder order, PeriodicColumns<T> columns)
        : base(order, inner.OutputsPerFeature, [.. columns.Parameters, .. inner.Parameters])
    {
        Inner = inner;
        _columns = columns;
        _angleOf = new int[order.Features];
        Array.Fill(_angleOf, -1);
        for (var k = 0; k < columns.Angles.Length; k++)
            _angleOf[columns.Angles[k]] = k;
        if (columns.Weights is not null)
            return;

        // A rank's own features stand before the cosines of that rank, in the order that they have here.
        var used = new List<int>();
        foreach (var feature in order.FeaturesByRank)
        {
            for (var o = 0; o < OutputsPerFeature; o++)
                used.Add((inner.Order.Positions[feature] * OutputsPerFeature) + o);
        }

        _used = new GatherColumnsOperation<T>([.. used]);
    }

    /// <inheritdoc/>
    public static string Kind => "periodic-masked-network";

    /// <summary>The network behind.</summary>
    public MaskedNetwork<T> Inner { get; }

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => Inner.Normalizations;

    /// <summary>Which features are angles, ascending.</summary>
    public ReadOnlySpan<int> Angles => _columns.Angles;

    /// <inheritdoc/>
    protected internal override int RankByRankVariables => 1 + Inner.RankByRankVariables;

    /// <summary>The order of the network behind, for sines and cosines: that of the features, and each cosine of the rank of its angle.</summary>
    /// <param name="order">The order of the features.</param>
    /// <param name="angles">Which features are angles.</param>
    /// <returns>The order.</returns>
    public static AutoregressiveOrder WithCosines(AutoregressiveOrder order, ReadOnlySpan<int> angles)
    {
        ArgumentNullException.ThrowIfNull(order);
        var ranks = new List<int>(order.Ranks.ToArray());
        foreach (var angle in angles)
            ranks.Add(order.Ranks[angle]);
        return new AutoregressiveOrder([.. ranks], order.ContextFeatures);
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PeriodicMaskedNetwork<T>(
            reader.Part<MaskedNetwork<T>>("inner"), reader.Integers("angles"), reader.Numbers("bounds"), reader.Enumeration<PeriodicInputs>("inputs"),
            reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("inner", Inner);
        _columns.Write(writer);
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputsOfFeature) => Inner.StartAt(outputsOfFeature);

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyArranged(Tape<T> tape, Variable<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var seen = tape.Allocate(Inner.Order.ContextFeatures + Inner.Order.Features);
        CopyContext(tape, inputs, seen);
        for (var group = 0; group < Order.Groups; group++)
            Expand(tape, group, inputs, seen);
        var all = Inner.ApplyArranged(tape, seen);
        tape.Release(seen);
        if (_used is null)
            return all;
        var outputs = _used.Apply(all);
        tape.Release(all);
        return outputs;
    }

    /// <inheritdoc/>
    protected internal override void BeginRanks(Tape<T> tape, Span<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        variables[0] = tape.Allocate(Inner.Order.ContextFeatures + Inner.Order.Features);
        Inner.BeginRanks(tape, variables[1..]);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> OutputsOfRank(
        Tape<T> tape, int group, Variable<T> inputs, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (group == 0)
            CopyContext(tape, inputs, variables[0]);
        else
            Expand(tape, group - 1, inputs, variables[0]);
        var outputs = Inner.OutputsOfRank(tape, group, variables[0], anyBlock, variables[1..]);
        return _used is null ? outputs : tape.Slice(outputs, 0, (Order.GroupStart[group + 1] - Order.GroupStart[group]) * OutputsPerFeature);
    }

    /// <inheritdoc/>
    protected internal override void EndRanks(Tape<T> tape, ReadOnlySpan<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        tape.Release(variables[0]);
        Inner.EndRanks(tape, variables[1..]);
    }

    private static AutoregressiveOrder OrderOf(MaskedNetwork<T> inner, ReadOnlySpan<int> angles, PeriodicInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (inputs == PeriodicInputs.WeightedSum)
            return inner.Order;
        var features = inner.Order.Features - angles.Length;
        if (features < 1)
            throw new ArgumentException($"Expected a network of more features than angles, got {inner.Order.Features} for {angles.Length} angles.", nameof(inner));
        for (var k = 0; k < angles.Length; k++)
        {
            if (angles[k] < 0 || angles[k] >= features || inner.Order.Ranks[angles[k]] != inner.Order.Ranks[features + k])
                throw new ArgumentException($"Expected feature {features + k} of the network to have the rank of angle {k}, feature {angles[k]}, got other ranks.", nameof(inner));
        }

        return new AutoregressiveOrder(inner.Order.Ranks[..features], inner.Order.ContextFeatures);
    }

    private void CopyContext(Tape<T> tape, Variable<T> inputs, Variable<T> seen)
    {
        if (Order.ContextFeatures > 0)
            tape.CopyInto(tape.Slice(inputs, 0, Order.ContextFeatures), tape.Slice(seen, 0, Order.ContextFeatures));
    }

    // The features of a rank as the network behind sees them.
    private void Expand(Tape<T> tape, int group, Variable<T> inputs, Variable<T> seen)
    {
        for (var position = Order.GroupStart[group]; position < Order.GroupStart[group + 1]; position++)
        {
            var feature = Order.FeaturesByRank[position];
            var x = tape.Slice(inputs, Order.ContextFeatures + position, 1);
            var place = PlaceOf(tape, feature, seen);
            var angle = _angleOf[feature];
            if (angle < 0)
                tape.CopyInto(x, place);
            else
                _columns.Expand(tape, angle, x, place, _used is null ? default : PlaceOf(tape, Order.Features + angle, seen));
        }
    }

    private Variable<T> PlaceOf(Tape<T> tape, int feature, Variable<T> seen) =>
        tape.Slice(seen, Order.ContextFeatures + Inner.Order.Positions[feature], 1);
}
