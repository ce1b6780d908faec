using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The numbers of every row in rising order, and the place of each.</summary>
/// <remarks>
/// With ranks ρ, y_{ρ_i} = x_i. Adjoint: x̄_i += ȳ_{ρ_i}; the ranks have none. Equal numbers keep their order, NaN comes last.
/// The places are counted by comparing all pairs, which suits registers and threads: D² comparisons a row, for D up to some hundred.
/// </remarks>
/// <typeparam name="T">The number type; float holds the places exactly.</typeparam>
public sealed class SortColumnsOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private SortColumnsOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static SortColumnsOperation<T> Instance { get; } = new();

    /// <summary>Sorts the columns of every row.</summary>
    /// <param name="x">[rows, D], a block or shared.</param>
    /// <param name="ranks">[rows, D]: the place of each number, 0 to D − 1, a constant.</param>
    /// <returns>[rows, D], rising.</returns>
    /// <exception cref="ArgumentException">There is no argument.</exception>
    public Variable<T> Apply(Variable<T> x, out Variable<T> ranks)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var y = OperandChecks.AllocateLike(x, x.Columns);
        var places = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x], [y, places]);
        ranks = tape.StopGradient(places);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        call.Kernels.RankColumns(call.Input(0), call.Output(1));
        call.Kernels.ArrangeByRank(call.Input(0), call.Output(1), call.Output(0));
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) =>
        call.Kernels.ArrangeByRankAdjoint(call.OutputAdjoint(0), call.Output(1), call.InputAdjoint(0));
}
