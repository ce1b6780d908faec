using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A multilayer perceptron whose outputs for a feature depend only on the features of lower rank and on the context:
/// the conditioner of an autoregressive transform (Germain et al. 2015, "MADE"; masks as zuko draws them).
/// </summary>
/// <remarks>
/// <para>
/// Group g is what the features of the g-th distinct rank see. Hidden unit n belongs to the reachable group n mod (their
/// number), one being reachable if it sees any input; a unit sees the units of its own and of lower groups, and outputs
/// see the last hidden units in the same way.
/// </para>
/// <para>
/// What a group sees contains what every lower one sees. So inputs (context first, then the features in rank order), hidden
/// units and outputs are kept sorted by group, and every weight is a staircase whose zero blocks are neither stored as
/// anything but zeros nor multiplied. <see cref="Parameter{T}.RowOrder"/> and <see cref="Parameter{T}.ColumnOrder"/> lead
/// back to the canonical order of files: inputs [x, context], units and outputs as numbered.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedMlp<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest number of hidden layers.</summary>
    public const int MaximumHiddenLayers = 15;

    private readonly int[] _hiddenSizes;
    private readonly Parameter<T>[] _parameters;
    private readonly ArrangeInputsOperation<T>? _arrange;
    private readonly ArrangeInputsOperation<T>? _arrangeContext;

    /// <summary>Creates a network.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="hiddenSizes">The units of each hidden layer, each at least 1; at most <see cref="MaximumHiddenLayers"/> layers, possibly none.</param>
    /// <param name="outputsPerFeature">The outputs of each feature, at least 1.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names; layer l is called <c>{name}.{2l}.weight</c> and <c>{name}.{2l}.bias</c>.</param>
    /// <param name="initialization">
    /// Where fresh numbers come from: uniform in ±1/√inputs, the inputs counted without the mask. Null for zeros.
    /// </param>
    /// <param name="zeroLastLayer">Whether the last layer starts at zero instead.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public MaskedMlp(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, Activation activation, string name,
        RandomStream? initialization = null, bool zeroLastLayer = false)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputsPerFeature);
        if (hiddenSizes.Length > MaximumHiddenLayers)
            throw new ArgumentException($"Expected at most {MaximumHiddenLayers} hidden layers; {hiddenSizes.Length} came.", nameof(hiddenSizes));
        foreach (var size in hiddenSizes)
        {
            if (size < 1)
                throw new ArgumentException($"Expected hidden layers of at least 1 unit; one of {size} came.", nameof(hiddenSizes));
        }

        Order = order;
        OutputsPerFeature = outputsPerFeature;
        Activation = activation;
        Name = name;
        _hiddenSizes = hiddenSizes.ToArray();
        Layers = new MaskedLayer<T>[hiddenSizes.Length + 1];
        _parameters = new Parameter<T>[2 * Layers.Length];

        // What a layer reads: for each group how many leading inputs it sees, and the canonical index of each input.
        var visible = new int[order.Groups];
        var inputOrder = new int[order.ContextFeatures + order.Features];
        for (var i = 0; i < inputOrder.Length; i++)
            inputOrder[i] = i < order.ContextFeatures ? order.Features + i : order.FeaturesByRank[i - order.ContextFeatures];
        for (var group = 0; group < visible.Length; group++)
            visible[group] = order.ContextFeatures + order.GroupStart[group];

        for (var l = 0; l < Layers.Length; l++)
        {
            var isLast = l == Layers.Length - 1;
            var (outputOrder, outputStart) = isLast ? SortOutputs(order, outputsPerFeature) : SortUnits(order, hiddenSizes[l]);
            var layer = new MaskedLayer<T>($"{name}.{2 * l}", isLast ? Activation.Identity : activation, inputOrder, visible, outputOrder, outputStart);
            if (initialization is { } stream && !(isLast && zeroLastLayer))
            {
                FreshParameters.FillUniform(layer.Weight, inputOrder.Length, stream.Substream((ulong)(2 * l)));
                FreshParameters.FillUniform(layer.Bias, inputOrder.Length, stream.Substream((ulong)((2 * l) + 1)));
            }

            Layers[l] = layer;
            _parameters[2 * l] = layer.Weight;
            _parameters[(2 * l) + 1] = layer.Bias;
            inputOrder = outputOrder;
            // A group sees the units of its own and of lower groups.
            visible = outputStart[1..];
        }

        var isSorted = order.ContextFeatures == 0;
        for (var i = 0; i < order.Features; i++)
            isSorted &= order.FeaturesByRank[i] == i;
        _arrange = isSorted ? null : new ArrangeInputsOperation<T>(order.ContextFeatures, order.FeatureArray);
        _arrangeContext = order.ContextFeatures == 0 ? null : new ArrangeInputsOperation<T>(order.ContextFeatures, []);
    }

    /// <summary>Who sees whom.</summary>
    public AutoregressiveOrder Order { get; }

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _hiddenSizes;

    /// <summary>The outputs of each feature.</summary>
    public int OutputsPerFeature { get; }

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>Weight and bias of each layer in turn.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => _parameters;

    internal MaskedLayer<T>[] Layers { get; }

    /// <summary>All outputs: those of the feature at each position of <see cref="AutoregressiveOrder.FeaturesByRank"/>, one after the other.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row [1, C]; "no variable" without context.</param>
    /// <returns>[rows, D · <see cref="OutputsPerFeature"/>].</returns>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> context)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var inputs = ArrangeInputs(tape, x, context);
        var outputs = ApplyArranged(tape, inputs);
        if (_arrange is not null)
            tape.Release(inputs);
        return outputs;
    }

    /// <summary>Starts to evaluate the network rank by rank, for the inverse of an autoregressive transform.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="context">As in <see cref="Apply"/>.</param>
    /// <param name="anyBlock">Any block variable that has its value already; outputs that see nothing are given its shape.</param>
    /// <returns>The evaluation.</returns>
    public RankByRankEvaluation<T> BeginRankByRank(Tape<T> tape, Variable<T> context, Variable<T> anyBlock) =>
        new(this, tape, AllocateInputs(tape, context), anyBlock);

    /// <summary>The mask of a layer in canonical order, row-major [out, in], as checkpoints hold it.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <returns>True where an output sees an input.</returns>
    public bool[] Mask(int layer)
    {
        var weight = Layers[layer].Weight;
        var mask = new bool[weight.Length];
        for (var row = 0; row < weight.Rows; row++)
        {
            for (var column = 0; column < weight.Staircase!.InputEnd[row]; column++)
                mask[(weight.RowOrder![row] * weight.Columns) + weight.ColumnOrder![column]] = true;
        }

        return mask;
    }

    /// <summary>Context and features in the order in which the first layer reads them; may be x itself.</summary>
    internal Variable<T> ArrangeInputs(Tape<T> tape, Variable<T> x, Variable<T> context) => _arrange is null ? x : _arrange.Apply(tape, context, x);

    /// <summary>The inputs with the context in its place and the features still to be written.</summary>
    internal Variable<T> AllocateInputs(Tape<T> tape, Variable<T> context)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var inputs = tape.Allocate(Order.ContextFeatures + Order.Features);
        if (_arrangeContext is not null)
            tape.ApplyInto(_arrangeContext, [context, default], [tape.Slice(inputs, 0, Order.ContextFeatures)]);
        return inputs;
    }

    /// <summary>All outputs from arranged inputs, which networks of the same order may share.</summary>
    internal Variable<T> ApplyArranged(Tape<T> tape, Variable<T> inputs)
    {
        var h = inputs;
        for (var l = 0; l < Layers.Length; l++)
        {
            var next = Layers[l].Apply(tape, h);
            if (l > 0)
                tape.Release(h);
            h = next;
        }

        return h;
    }

    /// <summary>Hidden units sorted by group, those of a group in their order; and where each group starts.</summary>
    private static (int[] Order, int[] Start) SortUnits(AutoregressiveOrder order, int units)
    {
        var sorted = new int[units];
        var start = new int[order.Groups + 1];
        var next = 0;
        for (var group = 0; group < order.Groups; group++)
        {
            start[group] = next;
            for (var unit = 0; unit < units; unit++)
            {
                if (order.GroupOfUnit(unit) == group)
                    sorted[next++] = unit;
            }
        }

        start[order.Groups] = next;
        return (sorted, start);
    }

    private static (int[] Order, int[] Start) SortOutputs(AutoregressiveOrder order, int outputsPerFeature)
    {
        var sorted = new int[order.Features * outputsPerFeature];
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = (order.FeaturesByRank[i / outputsPerFeature] * outputsPerFeature) + (i % outputsPerFeature);
        var start = new int[order.Groups + 1];
        for (var group = 0; group < start.Length; group++)
            start[group] = order.GroupStart[group] * outputsPerFeature;
        return (sorted, start);
    }
}
