using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>The same bijection τ(x_j; θ_j) for all events, with parameters of its own for each feature.</summary>
/// <typeparam name="T">The number type.</typeparam>
public abstract class ElementwiseTransform<T> : Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Operation<T> _forward;
    private readonly Operation<T> _inverse;

    private protected ElementwiseTransform(int features, Parameter<T> parameter, Func<bool, int[], Operation<T>> elementwise)
        : base(features, 0, [parameter])
    {
        var positions = new int[features];
        for (var i = 0; i < features; i++)
            positions[i] = i;
        _forward = elementwise(false, positions);
        _inverse = elementwise(true, positions);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet) =>
        Apply(tape, _forward, x, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet) =>
        Apply(tape, _inverse, z, out logDet);

    private Variable<T> Apply(Tape<T> tape, Operation<T> operation, Variable<T> x, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var y = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        tape.ApplyInto(operation, [x, tape.Use(Parameters[0])], [y, logDet]);
        return y;
    }
}
