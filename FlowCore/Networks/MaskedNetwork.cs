using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>
/// A network whose outputs for a feature depend only on the features of lower rank and on the conditions: the conditioner of
/// an autoregressive transform. It can be evaluated at once, or rank by rank while its inputs become known.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public abstract class MaskedNetwork<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ArrangeInputsOperation<T>? _arrange;
    private readonly ArrangeInputsOperation<T>? _arrangeConditions;

    /// <summary>Sets the structure and the parameters.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="outputsPerFeature">The outputs of each feature, at least 1.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected MaskedNetwork(AutoregressiveOrder order, int outputsPerFeature, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputsPerFeature);
        Order = order;
        OutputsPerFeature = outputsPerFeature;
        var isSorted = order.ContextFeatures == 0;
        for (var i = 0; i < order.Features; i++)
            isSorted &= order.FeaturesByRank[i] == i;
        _arrange = isSorted ? null : new ArrangeInputsOperation<T>(order.ContextFeatures, order.FeatureArray);
        _arrangeConditions = order.ContextFeatures == 0 ? null : new ArrangeInputsOperation<T>(order.ContextFeatures, []);
    }

    /// <summary>Who sees whom.</summary>
    public AutoregressiveOrder Order { get; }

    /// <summary>The outputs of each feature.</summary>
    public int OutputsPerFeature { get; }

    /// <summary>How many variables an evaluation rank by rank keeps.</summary>
    protected internal abstract int RankByRankVariables { get; }

    /// <summary>The normalisations of units inside, in the order in which they are reached.</summary>
    internal virtual IEnumerable<UnitNormalization<T>> Normalizations => [];

    /// <summary>All outputs: those of the feature at each position of <see cref="AutoregressiveOrder.FeaturesByRank"/>, one after the other.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">[rows, C] or a shared row [1, C]; "no variable" without conditions.</param>
    /// <returns>[rows, D · <see cref="OutputsPerFeature"/>].</returns>
    public Variable<T> Apply(Variable<T> x, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var inputs = ArrangeInputs(tape, x, conditions);
        var outputs = ApplyArranged(tape, inputs);
        if (_arrange is not null)
            tape.Release(inputs);
        return outputs;
    }

    /// <summary>Starts to evaluate the network rank by rank, for the inverse of an autoregressive transform.</summary>
    /// <param name="conditions">As in <see cref="Apply"/>.</param>
    /// <param name="anyBlock">Any block variable that has its value already; outputs that see nothing are given its shape.</param>
    /// <returns>The evaluation; to be released.</returns>
    public RankByRankEvaluation<T> BeginRankByRank(Variable<T> conditions, Variable<T> anyBlock)
    {
        var tape = OperandChecks.TapeOf(anyBlock, nameof(anyBlock));
        return new RankByRankEvaluation<T>(this, tape, AllocateInputs(tape, conditions), anyBlock);
    }

    /// <summary>Sets what the network starts with so that it gives the same outputs for every input: the last layer's bias, its weights zero.</summary>
    /// <param name="outputsOfFeature">The outputs of each feature.</param>
    /// <exception cref="NotSupportedException">The network has no such layer.</exception>
    protected internal virtual void StartAt(ReadOnlySpan<double> outputsOfFeature) =>
        throw new NotSupportedException($"A {GetType().Name.Split('`')[0]} cannot be started at given outputs.");

    /// <summary>All outputs from arranged inputs, the conditions first and then the features in rank order.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="inputs">[rows, C + D].</param>
    /// <returns>[rows, D · <see cref="OutputsPerFeature"/>].</returns>
    protected internal abstract Variable<T> ApplyArranged(Tape<T> tape, Variable<T> inputs);

    /// <summary>Makes the variables that an evaluation rank by rank keeps: weights, and room for the values of each layer.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="variables"><see cref="RankByRankVariables"/> places.</param>
    protected internal abstract void BeginRanks(Tape<T> tape, Span<Variable<T>> variables);

    /// <summary>Computes what can be computed now that all features below a rank are known, and gives the outputs of that rank's features.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="group">The rank, counted from 0.</param>
    /// <param name="inputs">[rows, C + D]: arranged inputs, known up to the rank.</param>
    /// <param name="anyBlock">A block variable that has its value already.</param>
    /// <param name="variables">What <see cref="BeginRanks"/> made.</param>
    /// <returns>[rows, features of the rank · <see cref="OutputsPerFeature"/>].</returns>
    protected internal abstract Variable<T> OutputsOfRank(
        Tape<T> tape, int group, Variable<T> inputs, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables);

    /// <summary>Gives back the memory of what <see cref="BeginRanks"/> made.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="variables">The variables.</param>
    protected internal virtual void EndRanks(Tape<T> tape, ReadOnlySpan<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        foreach (var variable in variables)
            tape.Release(variable);
    }

    /// <summary>Conditions and features in the order in which the first layer reads them; may be x itself.</summary>
    internal Variable<T> ArrangeInputs(Tape<T> tape, Variable<T> x, Variable<T> conditions) =>
        _arrange is null ? x : _arrange.Apply(tape, conditions, x);

    /// <summary>The inputs with the conditions in their place and the features still to be written.</summary>
    internal Variable<T> AllocateInputs(Tape<T> tape, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var inputs = tape.Allocate(Order.ContextFeatures + Order.Features);
        if (_arrangeConditions is not null)
            tape.ApplyInto(_arrangeConditions, [conditions, default], [tape.Slice(inputs, 0, Order.ContextFeatures)]);
        return inputs;
    }
}
