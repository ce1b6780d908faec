using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Networks;

/// <summary>
/// Two networks t and s of all D features side by side, those that change set to zero: the conditioner of normflows' <c>MaskedAffineFlow</c>. Its outputs
/// are t of the changing features and then s of them, <see cref="ParameterOrder.ByKind"/>.
/// </summary>
/// <remarks>
/// The inverted coupling of an <see cref="Affine{T}"/> without a limit with this network is x = b z + (1 − b) (z e^s(b z) + t(b z)), the library's layer from noise to
/// data. What the networks compute for the features that pass is not used.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ShiftScaleNetwork<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool[] _passes;
    private readonly int[] _changing;
    private readonly GatherColumnsOperation<T> _spread;
    private readonly GatherColumnsOperation<T> _choose;

    /// <summary>Joins two networks.</summary>
    /// <param name="passes">For each feature whether it passes: the mask b.</param>
    /// <param name="shift">t, of D inputs and D outputs; null for zeros.</param>
    /// <param name="scale">s, of D inputs and D outputs; null for zeros.</param>
    /// <exception cref="ArgumentException">There is no network, one has other inputs or outputs, or the mask has one kind of features only.</exception>
    public ShiftScaleNetwork(ReadOnlySpan<bool> passes, Network<T>? shift, Network<T>? scale)
        : base(CheckedMask(passes).Count(true), 2 * passes.Count(false), [.. shift?.Parameters ?? [], .. scale?.Parameters ?? []])
    {
        if (shift is null && scale is null)
            throw new ArgumentException("Expected at least one network, got none.", nameof(shift));
        Check(shift, passes.Length, nameof(shift));
        Check(scale, passes.Length, nameof(scale));
        _passes = passes.ToArray();
        Shift = shift;
        Scale = scale;
        var (spread, changing) = (new int[passes.Length], new List<int>());
        var passing = 0;
        for (var i = 0; i < spread.Length; i++)
        {
            // The column behind those that pass is zero.
            spread[i] = passes[i] ? passing++ : Inputs;
            if (!passes[i])
                changing.Add(i);
        }

        _changing = [.. changing];
        _spread = new GatherColumnsOperation<T>(spread);
        _choose = new GatherColumnsOperation<T>(_changing);
    }

    /// <inheritdoc/>
    public static string Kind => "shift-scale-network";

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => [.. Shift?.Normalizations ?? [], .. Scale?.Normalizations ?? []];

    /// <summary>t, or null.</summary>
    public Network<T>? Shift { get; }

    /// <summary>s, or null.</summary>
    public Network<T>? Scale { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ShiftScaleNetwork<T>(
            [.. reader.Integers("passes").Select(pass => pass != 0)],
            reader.Has("shift") ? reader.Part<Network<T>>("shift") : null, reader.Has("scale") ? reader.Part<Network<T>>("scale") : null);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("passes", [.. _passes.Select(pass => pass ? 1 : 0)]);
        if (Shift is not null)
            writer.Write("shift", Shift);
        if (Scale is not null)
            writer.Write("scale", Scale);
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        Shift?.StartAt(Spread(outputs[.._changing.Length]));
        Scale?.StartAt(Spread(outputs[_changing.Length..]));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var y = tape.Allocate(Outputs);
        using var scope = tape.BeginScope();
        var inputs = _spread.Apply(VariableFunctions.Concatenate(x, tape.Constant(T.Zero)));
        var (shift, scale) = (Part(tape, Shift, inputs), Part(tape, Scale, inputs));
        tape.ApplyInto(ConcatenateOperation<T>.Instance, [shift, scale], [y]);
        return y;
    }

    private static ReadOnlySpan<bool> CheckedMask(ReadOnlySpan<bool> passes) => passes.Contains(true) && passes.Contains(false)
        ? passes
        : throw new ArgumentException("Expected features that pass and features that do not, got one kind only.", nameof(passes));

    private static void Check(Network<T>? network, int features, string name)
    {
        if (network is not null && (network.Inputs != features || network.Outputs != features))
            throw new ArgumentException($"Expected a network of {features} inputs and outputs, got one of {network.Inputs} and {network.Outputs}.", name);
    }

    private Variable<T> Part(Tape<T> tape, Network<T>? network, Variable<T> inputs) =>
        network is null ? tape.Zeros(_changing.Length) : _choose.Apply(network.ApplyCore(tape, inputs));

    private double[] Spread(ReadOnlySpan<double> outputs)
    {
        var all = new double[_passes.Length];
        for (var i = 0; i < outputs.Length; i++)
            all[_changing[i]] = outputs[i];
        return all;
    }
}
