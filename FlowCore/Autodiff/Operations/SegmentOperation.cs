using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = f of each segment of K neighbouring columns, for instance the softmax of the K logits of every feature.</summary>
/// <remarks>
/// With the columns of a segment x_0 … x_{K−1} and ȳ the adjoint of the result, the adjoints are
/// LogSumExp: x̄_k += ȳ e^(x_k − y); Max: ȳ to the first of the largest; Softmax: x̄_k += y_k (ȳ_k − Σ_j ȳ_j y_j);
/// LogSoftmax: x̄_k += ȳ_k − e^y_k Σ_j ȳ_j; LogCumulativeSumExp: x̄_k += Σ_{j ≥ k} ȳ_j e^(x_k − y_j), computed by a recurrence
/// whose exponents are not positive.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SegmentOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(SegmentFunction, int), SegmentOperation<T>> _all = new(static key => new(key.Item1, key.Item2));

    private SegmentOperation(SegmentFunction function, int segment)
    {
        Function = function;
        Segment = segment;
    }

    /// <summary>f.</summary>
    public SegmentFunction Function { get; }

    /// <summary>K.</summary>
    public int Segment { get; }

    /// <inheritdoc/>
    public override string Name => Function.ToString();

    private bool Reduces => Function is SegmentFunction.LogSumExp or SegmentFunction.Max;

    /// <summary>The operation of a function and a length.</summary>
    /// <param name="function">f.</param>
    /// <param name="segment">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such function, or K is not positive.</exception>
    public static SegmentOperation<T> Of(SegmentFunction function, int segment)
    {
        if (!Enum.IsDefined(function))
            throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such function.");
        SegmentChecks.Positive(segment, nameof(segment));
        return _all[(function, segment)];
    }

    /// <summary>Applies the function.</summary>
    /// <param name="x">[rows, S·K], a block or shared.</param>
    /// <returns>[rows, S] for LogSumExp and Max, else [rows, S·K].</returns>
    /// <exception cref="ArgumentException">There is no argument, or its columns are no multiple of K.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var segments = SegmentChecks.Count(x, Segment);
        var y = OperandChecks.AllocateLike(x, Reduces ? segments : x.Columns);
        tape.ApplyInto(this, [x], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.Segments(Function, call.Input(0), Segment, call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.SegmentsAdjoint(Function, call.Input(0), Segment, call.Output(0), call.OutputAdjoint(0), call.InputAdjoint(0));

    // LogSumExp: ẏ = Σ_k e^(x_k − y) ẋ_k; Softmax: ẏ_k = y_k (ẋ_k − Σ_j y_j ẋ_j); LogSoftmax: ẏ_k = ẋ_k − Σ_j e^y_j ẋ_j.
    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (y, change) = (call.Output(0), call.InputTangent(0));
        switch (Function)
        {
            case SegmentFunction.LogSumExp:
                call.SetOutputTangent(0, ((call.Input(0) - y.RepeatColumns(Segment)).Exp() * change).SumSegments(Segment));
                break;
            case SegmentFunction.Softmax:
                call.SetOutputTangent(0, y * (change - (y * change).SumSegments(Segment).RepeatColumns(Segment)));
                break;
            case SegmentFunction.LogSoftmax:
                call.SetOutputTangent(0, change - (y.Exp() * change).SumSegments(Segment).RepeatColumns(Segment));
                break;
            default:
                base.Tangent(call);
                break;
        }
    }
}
