using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>A masked network of layers and residual blocks, one after the other; what blocks there are its classes say.</summary>
/// <remarks>
/// A hidden unit h and what a block adds to it have the same rank, so a residual sum depends on no more than h does. In the inverse of
/// an autoregressive transform every unit is computed once, as in <see cref="MaskedMlp{T}"/>.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class MaskedResidualNetwork<T> : MaskedNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaskedStage<T>[] _stages;
    private readonly MaskedLayer<T>[] _layers;
    private readonly bool _readsContextApart;

    private protected MaskedResidualNetwork(AutoregressiveOrder order, int outputsPerFeature, Plan plan, bool readsContextApart)
        : base(order, outputsPerFeature, [.. plan.Stages.SelectMany(stage => stage.Parameters)])
    {
        _stages = [.. plan.Stages];
        _layers = [.. plan.Layers];
        _readsContextApart = readsContextApart;
        foreach (var stage in _stages)
            RankByRankVariables += stage.Variables;
    }

    /// <inheritdoc/>
    protected internal override int RankByRankVariables { get; }

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => _stages.SelectMany(stage => stage.Normalizations);

    /// <summary>The mask of a masked layer in canonical order, row-major [out, in], as checkpoints hold it.</summary>
    /// <param name="layer">The layer, from 0, those of blocks counted as well.</param>
    /// <returns>True where an output sees an input.</returns>
    public bool[] Mask(int layer) => _layers[layer].Mask();

    /// <summary>The degrees of a masked layer's outputs in canonical order, as MADE has them: features count from 1, and a hidden unit has that of the last one it sees, or 0.</summary>
    /// <param name="layer">The layer, from 0, those of blocks counted as well.</param>
    /// <returns>The degree of each output.</returns>
    public int[] Degrees(int layer)
    {
        var degrees = _layers[layer].Groups();
        if (layer == _layers.Length - 1)
        {
            for (var i = 0; i < degrees.Length; i++)
                degrees[i]++;
        }

        return degrees;
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputsOfFeature)
    {
        if (outputsOfFeature.Length != OutputsPerFeature)
            throw new ArgumentException($"Expected {OutputsPerFeature} outputs of a feature, got {outputsOfFeature.Length}.", nameof(outputsOfFeature));
        _layers[^1].StartAt(outputsOfFeature);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyArranged(Tape<T> tape, Variable<T> inputs)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var context = Split(tape, inputs, out var h);
        for (var s = 0; s < _stages.Length; s++)
        {
            var next = _stages[s].Apply(tape, h, context);
            if (s > 0)
                tape.Release(h);
            h = next;
        }

        return h;
    }

    /// <inheritdoc/>
    protected internal override void BeginRanks(Tape<T> tape, Span<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        foreach (var stage in _stages)
        {
            stage.Begin(tape, variables[..stage.Variables]);
            variables = variables[stage.Variables..];
        }
    }

    /// <inheritdoc/>
    protected internal override Variable<T> OutputsOfRank(
        Tape<T> tape, int group, Variable<T> inputs, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var context = Split(tape, inputs, out var h);
        Variable<T> outputs = default;
        foreach (var stage in _stages)
        {
            outputs = stage.ApplyGroup(tape, group, h, context, anyBlock, variables[..stage.Variables]);
            h = variables[stage.Variables - 1];
            variables = variables[stage.Variables..];
        }

        return outputs;
    }

    // The context where layers of its own read it, and what the first layer reads.
    private Variable<T> Split(Tape<T> tape, Variable<T> inputs, out Variable<T> read)
    {
        var columns = _readsContextApart ? Order.ContextFeatures : 0;
        read = columns == 0 ? inputs : tape.Slice(inputs, columns, Order.Features);
        return columns == 0 ? default : tape.Slice(inputs, 0, columns);
    }

    /// <summary>The stages of a network, and its masked layers in their order.</summary>
    private protected sealed record Plan(List<MaskedStage<T>> Stages, List<MaskedLayer<T>> Layers);
}
