namespace FlowCore.Compute;

/// <content>Row-wise linear algebra and scans: segments of columns, order, and a small matrix in every row.</content>
public abstract partial class Kernels<T>
{
    // ---- Segments: K neighbouring columns -----------------------------------------------------------------------

    /// <summary>y[r, s] (+)= Σ_k x[r, s·K + k].</summary>
    /// <param name="x">[rows, S·K].</param>
    /// <param name="segment">K.</param>
    /// <param name="y">[rows, S].</param>
    /// <param name="accumulate">Whether to add to y.</param>
    public abstract void SumSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate);

    /// <summary>y[r, s·K + k] (+)= x[r, s]: the adjoint of <see cref="SumSegments"/>.</summary>
    /// <param name="x">[rows, S].</param>
    /// <param name="segment">K.</param>
    /// <param name="y">[rows, S·K].</param>
    /// <param name="accumulate">Whether to add to y.</param>
    public abstract void RepeatSegments(in Matrix<T> x, int segment, in Matrix<T> y, bool accumulate);

    /// <summary>Running sums within each segment. The adjoint is the same in the other direction.</summary>
    /// <param name="x">[rows, S·K].</param>
    /// <param name="segment">K.</param>
    /// <param name="exclusive">Whether a sum leaves its own number out.</param>
    /// <param name="reverse">Whether to start from the last number.</param>
    /// <param name="y">[rows, S·K], not x.</param>
    /// <param name="accumulate">Whether to add to y.</param>
    public abstract void CumulativeSum(in Matrix<T> x, int segment, bool exclusive, bool reverse, in Matrix<T> y, bool accumulate);

    /// <summary>y = f of each segment.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">[rows, S·K].</param>
    /// <param name="segment">K.</param>
    /// <param name="y">[rows, S] or [rows, S·K], as f says; not x.</param>
    public abstract void Segments(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y);

    /// <summary>The adjoint of <see cref="Segments"/>, added to dx.</summary>
    /// <param name="function">f.</param>
    /// <param name="x">The argument.</param>
    /// <param name="segment">K.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="dx">The adjoint of the argument.</param>
    public abstract void SegmentsAdjoint(SegmentFunction function, in Matrix<T> x, int segment, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx);

    // ---- Fourier transforms ---------------------------------------------------------------------------------------

    /// <summary>One step of a fast Hartley transform along an axis.</summary>
    /// <param name="stage">The axis and the step.</param>
    /// <param name="x">The numbers so far: a multiple of the axis' columns.</param>
    /// <param name="table">Shared [1, …]: cosines and sines.</param>
    /// <param name="y">As many columns as x; not x.</param>
    public abstract void HartleyJoin(in HartleyStage stage, in Matrix<T> x, in Matrix<T> table, in Matrix<T> y);

    /// <summary>y[j, k] (+)= h (x[j, k] + x[−j, k] + x[j, −k] − x[−j, −k]) of planes: makes the Hartley transform of a plane of that along its axes.</summary>
    /// <param name="height">The rows of a plane.</param>
    /// <param name="width">The columns of a plane.</param>
    /// <param name="x">[rows, planes · height · width].</param>
    /// <param name="table">Shared [1, …].</param>
    /// <param name="scale">Where h is in the table.</param>
    /// <param name="y">As many columns as x; not x.</param>
    /// <param name="accumulate">Whether to add to y.</param>
    public abstract void HartleyPlane(int height, int width, in Matrix<T> x, in Matrix<T> table, int scale, in Matrix<T> y, bool accumulate);

    // ---- Order --------------------------------------------------------------------------------------------------

    /// <summary>ranks[r, i] = the place of x[r, i] among the columns of its row in rising order, from 0. Equal numbers keep their order; NaN comes last.</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="ranks">[rows, D], not x.</param>
    public abstract void RankColumns(in Matrix<T> x, in Matrix<T> ranks);

    /// <summary>y[r, ranks[r, i]] = x[r, i].</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="ranks">[rows, D], as <see cref="RankColumns"/> makes them.</param>
    /// <param name="y">[rows, D], not x.</param>
    public abstract void ArrangeByRank(in Matrix<T> x, in Matrix<T> ranks, in Matrix<T> y);

    /// <summary>dx[r, i] += dy[r, ranks[r, i]]: the adjoint of <see cref="ArrangeByRank"/>.</summary>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="ranks">[rows, D].</param>
    /// <param name="dx">The adjoint of the argument.</param>
    public abstract void ArrangeByRankAdjoint(in Matrix<T> dy, in Matrix<T> ranks, in Matrix<T> dx);

    // ---- A small matrix in every row ----------------------------------------------------------------------------
    // A matrix of n × m is n·m columns in row-major order, of a block or of a shared row that is the same for all rows.

    /// <summary>y = op(a) op(b), or y ± op(a) op(b), in every row.</summary>
    /// <param name="a">n × k, or k × n where transposed: [rows, n·k].</param>
    /// <param name="transposeA">Whether op(a) is aᵀ.</param>
    /// <param name="b">k × m, or m × k where transposed: [rows, k·m].</param>
    /// <param name="transposeB">Whether op(b) is bᵀ.</param>
    /// <param name="rows">n.</param>
    /// <param name="inner">k.</param>
    /// <param name="columns">m.</param>
    /// <param name="y">[rows, n·m]. A shared row beside a block among the operands gets the sum over all rows added or subtracted; then the padding of one operand must be zero.</param>
    /// <param name="accumulate">0 to overwrite, 1 to add, −1 to subtract.</param>
    /// <param name="region">Which elements of y to touch.</param>
    public abstract void SmallProduct(
        in Matrix<T> a, bool transposeA, in Matrix<T> b, bool transposeB, int rows, int inner, int columns, in Matrix<T> y, int accumulate, MatrixRegion region);

    /// <summary>y with op(a) y = b for a triangular a in every row.</summary>
    /// <param name="a">n × n; the other triangle is not read.</param>
    /// <param name="upper">Whether a is upper triangular.</param>
    /// <param name="transposed">Whether op(a) is aᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <param name="b">n × m.</param>
    /// <param name="size">n.</param>
    /// <param name="columns">m.</param>
    /// <param name="y">n × m; may be b where that has as many rows.</param>
    public abstract void SmallTriangularSolve(
        in Matrix<T> a, bool upper, bool transposed, bool unitDiagonal, in Matrix<T> b, int size, int columns, in Matrix<T> y);

    /// <summary>a = L Lᵀ and ln det a in every row; NaN where a is not positive definite.</summary>
    /// <param name="a">n × n; what is above the diagonal is not read.</param>
    /// <param name="size">n.</param>
    /// <param name="lower">L, with zeros above the diagonal.</param>
    /// <param name="logDet">[rows, 1].</param>
    public abstract void SmallCholesky(in Matrix<T> a, int size, in Matrix<T> lower, in Matrix<T> logDet);

    /// <summary>The adjoint of <see cref="SmallCholesky"/>, added to the lower triangle of da.</summary>
    /// <param name="lower">L.</param>
    /// <param name="size">n.</param>
    /// <param name="dlower">The adjoint of L, or empty for zero; what is above the diagonal does not count.</param>
    /// <param name="dlogDet">The adjoint of ln det a, or empty for zero.</param>
    /// <param name="da">The adjoint of a.</param>
    public abstract void SmallCholeskyAdjoint(in Matrix<T> lower, int size, in Matrix<T> dlower, in Matrix<T> dlogDet, in Matrix<T> da);

    /// <summary>P a = L U with partial pivoting, chosen in every row by itself; −∞ for ln |det a| where a is singular.</summary>
    /// <param name="a">n × n.</param>
    /// <param name="size">n.</param>
    /// <param name="factors">n × n: U, and below its diagonal L, whose diagonal is ones.</param>
    /// <param name="pivots">[rows, n]: for each step the row that was exchanged with that of the step, as a number.</param>
    /// <param name="logAbsDet">[rows, 1]: ln |det a|.</param>
    /// <param name="sign">[rows, 1]: the sign of det a, 1 or −1.</param>
    public abstract void SmallLu(in Matrix<T> a, int size, in Matrix<T> factors, in Matrix<T> pivots, in Matrix<T> logAbsDet, in Matrix<T> sign);

    /// <summary>y with op(a) y = b in every row, from the factors of <see cref="SmallLu"/>.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="transposed">Whether op(a) is aᵀ.</param>
    /// <param name="b">n × m.</param>
    /// <param name="size">n.</param>
    /// <param name="columns">m.</param>
    /// <param name="y">n × m; may be b where that has as many rows.</param>
    public abstract void SmallLuSolve(
        in Matrix<T> factors, in Matrix<T> pivots, bool transposed, in Matrix<T> b, int size, int columns, in Matrix<T> y);

    /// <summary>da += dlogAbsDet · a⁻ᵀ in every row, from the factors of <see cref="SmallLu"/>.</summary>
    /// <param name="factors">The factors.</param>
    /// <param name="pivots">The exchanges.</param>
    /// <param name="size">n.</param>
    /// <param name="dlogAbsDet">The adjoint of ln |det a|.</param>
    /// <param name="da">The adjoint of a.</param>
    public abstract void SmallLuLogAdjoint(in Matrix<T> factors, in Matrix<T> pivots, int size, in Matrix<T> dlogAbsDet, in Matrix<T> da);
}
