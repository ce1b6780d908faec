using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>u = f''(x) v w, number by number: the tangent of <see cref="UnaryTangentOperation{T}"/> along w, where v stays.</summary>
/// <remarks>
/// Adjoint: v̄ += ū f''(x) w and w̄ += ū f''(x) v. The functions' formulas end with the second derivative, so by x it can be
/// neither differentiated nor pushed on.
/// </remarks>
internal sealed class UnaryCurvatureOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly UnaryCurvatureOperation<T>[] _all = [.. UnaryFunction.All.Select(function => new UnaryCurvatureOperation<T>(function))];
    private readonly UnaryFunction _function;

    private UnaryCurvatureOperation(UnaryFunction function)
    {
        _function = function;
        Name = $"Curvature of {function.Name}";
    }

    public override string Name { get; }

    public static UnaryCurvatureOperation<T> Of(UnaryFunction function) => _all[function.Index];

    public Variable<T> Apply(Variable<T> x, Variable<T> y, Variable<T> v, Variable<T> w)
    {
        var u = OperandChecks.AllocateLike(x, x.Columns);
        x.Tape!.ApplyInto(this, [x, y, v, w], [u]);
        return u;
    }

    protected internal override void Forward(in OperationCall<T> call)
    {
        call.Kernels.Fill(call.Output(0), T.Zero);
        AddCurvature(call, call.Input(2), call.Input(3), call.Output(0));
    }

    protected internal override void Backward(in OperationCall<T> call)
    {
        if (call.Needs(0))
            throw new NotSupportedException($"{Name}: a third derivative was asked for; the functions are known to the second.");
        if (call.Needs(2))
            AddCurvature(call, call.Input(3), call.OutputAdjoint(0), call.InputAdjoint(2));
        if (call.Needs(3))
            AddCurvature(call, call.Input(2), call.OutputAdjoint(0), call.InputAdjoint(3));
    }

    // to += f''(x) a b: what the adjoint of a tangent adds to that of the argument.
    private void AddCurvature(in OperationCall<T> call, in Matrix<T> a, in Matrix<T> b, in Matrix<T> to) =>
        call.Kernels.UnaryTangentAdjoint(_function, call.Input(0), call.Input(1), a, b, to, default);
}
