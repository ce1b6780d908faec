using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// z_j = τ(x_j; h_j(x_lower ranks, c)): an elementwise bijection τ of each feature whose parameters a masked network computes
/// from the features of lower rank and the context (Papamakarios, Pavlakou and Murray 2017, "Masked autoregressive flow").
/// </summary>
/// <remarks>
/// J is triangular in rank order, so log|det J| = Σ_j ln ∂z_j/∂x_j. Forward takes one evaluation of the network for all
/// features. The inverse goes through the ranks and computes each hidden unit once, which is one evaluation as well.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class MaskedAutoregressive<T> : Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SumColumnsOperation<T> _sumColumns = SumColumnsOperation<T>.Instance;
    private readonly Operation<T> _forward;
    private readonly Operation<T>[] _inverse;
    private readonly ArrangeInputsOperation<T> _toRankOrder;
    private readonly ArrangeInputsOperation<T> _fromRankOrder;

    /// <summary>Connects a conditioner with the elementwise bijection.</summary>
    /// <param name="conditioner">The network.</param>
    /// <param name="elementwise">
    /// Creates the fused operation of τ from its direction (true for the inverse) and the positions of the features among the
    /// parameters: inputs x and parameters, outputs y and log|det J|.
    /// </param>
    private protected MaskedAutoregressive(MaskedMlp<T> conditioner, Func<bool, int[], Operation<T>> elementwise)
        : base(conditioner.Order.Features, conditioner.Order.ContextFeatures, conditioner.Parameters)
    {
        Conditioner = conditioner;
        var order = conditioner.Order;
        _forward = elementwise(false, order.PositionArray);
        _toRankOrder = new ArrangeInputsOperation<T>(0, order.FeatureArray);
        _fromRankOrder = new ArrangeInputsOperation<T>(0, order.PositionArray);
        _inverse = new Operation<T>[order.Groups];
        for (var group = 0; group < _inverse.Length; group++)
        {
            var size = order.GroupStart[group + 1] - order.GroupStart[group];
            var positions = new int[size];
            for (var i = 0; i < size; i++)
                positions[i] = i;
            _inverse[group] = elementwise(true, positions);
        }
    }

    /// <summary>The network that computes τ's parameters.</summary>
    public MaskedMlp<T> Conditioner { get; }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var parameters = Conditioner.Apply(tape, x, context);
        var y = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        tape.ApplyInto(_forward, [x, parameters], [y, logDet]);
        tape.Release(parameters);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var order = Conditioner.Order;
        var sorted = _toRankOrder.Apply(tape, default, z);
        var logDets = tape.Allocate(order.Groups);
        var network = Conditioner.BeginRankByRank(tape, context, sorted);
        for (var group = 0; group < order.Groups; group++)
        {
            var start = order.GroupStart[group];
            var argument = tape.Slice(sorted, start, order.GroupStart[group + 1] - start);
            tape.ApplyInto(_inverse[group], [argument, network.Outputs(group)], [network.SolvedOf(group), tape.Slice(logDets, group, 1)]);
        }

        var x = _fromRankOrder.Apply(tape, default, network.Solved);
        logDet = order.Groups == 1 ? logDets : tape.Apply(_sumColumns, [logDets], 1);
        if (order.Groups > 1)
            tape.Release(logDets);
        tape.Release(sorted);
        network.Release();
        return x;
    }

    /// <summary>The conditioner of a derived transform.</summary>
    private protected static MaskedMlp<T> CreateConditioner(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, Activation activation, string name, RandomStream? initialization) =>
        new(order, hiddenSizes, outputsPerFeature, activation, $"{name}.hyper", initialization);
}
