using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// z_j = τ(x_j; h_j(c)): an elementwise bijection of each feature whose parameters a network computes from the context alone.
/// With one feature it is what a masked autoregressive transform comes down to.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public abstract class ConditionalElementwise<T> : Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Operation<T> _forward;
    private readonly Operation<T> _inverse;
    private readonly ArrangeInputsOperation<T> _repeat;

    private protected ConditionalElementwise(
        int features, int contextFeatures, Mlp<T> conditioner, Func<bool, int[], Operation<T>> elementwise)
        : base(features, contextFeatures, conditioner.Parameters)
    {
        Conditioner = conditioner;
        _repeat = new ArrangeInputsOperation<T>(contextFeatures, []);
        var positions = new int[features];
        for (var i = 0; i < features; i++)
            positions[i] = i;
        _forward = elementwise(false, positions);
        _inverse = elementwise(true, positions);
    }

    /// <summary>The network that computes τ's parameters.</summary>
    public Mlp<T> Conditioner { get; }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet) =>
        Apply(tape, _forward, x, context, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet) =>
        Apply(tape, _inverse, z, context, out logDet);

    private protected static Mlp<T> CreateConditioner(
        int features, int contextFeatures, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, Activation activation, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(contextFeatures);
        return new Mlp<T>([contextFeatures, .. hiddenSizes, checked(features * outputsPerFeature)], activation, $"{name}.hyper", initialization);
    }

    private Variable<T> Apply(Tape<T> tape, Operation<T> operation, Variable<T> x, Variable<T> context, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        // The network's layers take blocks; a context row for all is repeated.
        var rows = context.IsBlock ? context : _repeat.Apply(tape, context, default);
        var parameters = Conditioner.Apply(tape, rows);
        if (!context.IsBlock)
            tape.Release(rows);
        var y = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        tape.ApplyInto(operation, [x, parameters], [y, logDet]);
        tape.Release(parameters);
        return y;
    }
}
