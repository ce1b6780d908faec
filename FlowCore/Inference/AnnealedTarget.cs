using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>A target as an objective sees it: annealed, and with the rows marked that lie outside of it.</summary>
/// <remarks>The factors are set between two batches, on the thread of the training.</remarks>
internal sealed class AnnealedTarget<T>(ITarget<T> target, Annealing annealing)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double _factor = 1;
    private double _prior;

    public void BeginBatch(BatchPurpose purpose, long step, long steps) =>
        (_factor, _prior) = purpose == BatchPurpose.Training ? annealing.FactorsAt(step, steps) : (1, 0);

    public bool IsComparable(long step, long steps) => annealing.IsOver(step, steps);

    /// <summary>Records the annealed ln p̃.</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="conditions">The conditions, or "no variable".</param>
    /// <param name="outside">[rows, 1]: 1 where ln p̃ = −∞. No adjoint passes there to x, whatever the target's derivatives are.</param>
    /// <returns>[rows, 1].</returns>
    public Variable<T> LogDensity(Variable<T> x, Variable<T> conditions, out Variable<T> outside)
    {
        var tape = x.Tape!;
        outside = tape.Allocate(1);
        var given = tape.IsRecording ? AdjointGateOperation<T>.Instance.Apply(x, outside) : x;
        var logDensity = target.LogDensity(tape, given, conditions);
        if (!logDensity.IsBlock || logDensity.Rows != x.Rows || logDensity.Columns != 1)
            throw new InvalidOperationException($"Expected a log-density of {x.Rows} rows and one column, got {OperandChecks.Shape(logDensity)} from the target.");
        tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Equal), [logDensity, tape.Constant(T.NegativeInfinity)], [outside]);
        if (_factor != 1)
            logDensity *= T.CreateTruncating(_factor);
        if (_prior > 0)
            logDensity += (x * T.CreateTruncating(1 / annealing.Width)).NormalLogDensity() * T.CreateTruncating(_prior);
        return logDensity;
    }
}
