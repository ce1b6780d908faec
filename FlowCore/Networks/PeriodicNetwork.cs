using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>A network some of whose inputs are angles: it sees the points on the circle, not the numbers, so it is continuous where the circle is cut.</summary>
/// <remarks>Rezende et al. 2020, "Normalizing flows on tori and spheres"; the weighted sum as in normflows, whose state dictionaries call its weights <c>preprocessing.weights</c>.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class PeriodicNetwork<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PeriodicColumns<T> _columns;

    /// <summary>Puts the angles in front of a network.</summary>
    /// <param name="inner">The network. With sines and cosines it has an input more for each angle, behind the others.</param>
    /// <param name="angles">Which inputs are angles, ascending.</param>
    /// <param name="bounds">The half turn B of each: the circle is [−B, B].</param>
    /// <param name="inputs">How the network sees them.</param>
    /// <param name="name">The prefix of the name <c>.weights</c>, [angles, 2], of the weighted sum.</param>
    /// <exception cref="ArgumentException">There is no angle, an index or a bound is out of range, or the network has too few inputs.</exception>
    public PeriodicNetwork(
        Network<T> inner, ReadOnlySpan<int> angles, ReadOnlySpan<double> bounds, PeriodicInputs inputs = PeriodicInputs.SineAndCosine,
        string name = "preprocessing")
        : this(inner, new PeriodicColumns<T>(InputsOf(inner, angles.Length, inputs), angles, bounds, inputs, name))
    {
    }

    private PeriodicNetwork(Network<T> inner, PeriodicColumns<T> columns)
        : base(columns.Columns, inner.Outputs, [.. columns.Parameters, .. inner.Parameters])
    {
        _columns = columns;
        Inner = inner;
    }

    /// <inheritdoc/>
    public static string Kind => "periodic-network";

    /// <summary>The network behind.</summary>
    public Network<T> Inner { get; }

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => Inner.Normalizations;

    /// <summary>Which inputs are angles, ascending.</summary>
    public ReadOnlySpan<int> Angles => _columns.Angles;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PeriodicNetwork<T>(
            reader.Part<Network<T>>("inner"), reader.Integers("angles"), reader.Numbers("bounds"), reader.Enumeration<PeriodicInputs>("inputs"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("inner", Inner);
        _columns.Write(writer);
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs) => Inner.StartAt(outputs);

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var seen = tape.Allocate(_columns.Expanded);
        var angle = 0;
        for (var column = 0; column < Inputs; column++)
        {
            var place = tape.Slice(seen, column, 1);
            if (angle < _columns.Angles.Length && _columns.Angles[angle] == column)
            {
                _columns.Expand(tape, angle, tape.Slice(x, column, 1), place, _columns.Weights is null ? tape.Slice(seen, Inputs + angle, 1) : default);
                angle++;
            }
            else
            {
                tape.CopyInto(tape.Slice(x, column, 1), place);
            }
        }

        var y = Inner.ApplyCore(tape, seen);
        tape.Release(seen);
        return y;
    }

    private static int InputsOf(Network<T> inner, int angles, PeriodicInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inner);
        var columns = inputs == PeriodicInputs.SineAndCosine ? inner.Inputs - angles : inner.Inputs;
        return columns >= 1 && columns >= angles
            ? columns
            : throw new ArgumentException($"Expected a network of an input for each angle and one more for its cosine, got one of {inner.Inputs} for {angles} angles.", nameof(inner));
    }
}
