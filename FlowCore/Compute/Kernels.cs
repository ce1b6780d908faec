using System.Numerics;
using FlowCore.Random;

namespace FlowCore.Compute;

/// <summary>
/// What a device must offer: the seam between the tape's operations and the hardware. One instance is one worker's
/// queue with its own scratch memory.
/// </summary>
/// <remarks>
/// <para>
/// The operations in Autodiff/ call nothing else, so flows, residual and trainer do not know which device they run on.
/// Arguments are trusted: shapes were checked where the variables were made. "Adjoint" methods add to their results
/// unless they say otherwise, because a variable may be used more than once.
/// </para>
/// <para>An instance is not thread-safe; instances of one device may run side by side and share memory.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract partial class Kernels<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The device that this queue belongs to.</summary>
    public abstract Device Device { get; }

    // ---- Memory -------------------------------------------------------------------------------------------------

    /// <summary>Allocates zeroed memory.</summary>
    /// <param name="length">How many numbers.</param>
    /// <returns>The memory, the caller's to dispose.</returns>
    public abstract DeviceMemory<T> Allocate(long length);

    /// <summary>Copies row-major host rows [rows, columns] into a block and repeats the last row in its padding.</summary>
    /// <param name="source">rows · columns numbers.</param>
    /// <param name="block">The block.</param>
    public abstract void LoadRows(ReadOnlySpan<T> source, in Matrix<T> block);

    /// <summary>Copies a block into row-major host rows [rows, columns].</summary>
    /// <param name="block">The block.</param>
    /// <param name="destination">rows · columns numbers.</param>
    public abstract void StoreRows(in Matrix<T> block, Span<T> destination);

    /// <summary>Copies host numbers to the device.</summary>
    /// <param name="source">The numbers.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="offset">The position of the first.</param>
    public abstract void Write(ReadOnlySpan<T> source, DeviceMemory<T> destination, long offset);

    /// <summary>Copies device numbers to the host.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="offset">The position of the first.</param>
    /// <param name="destination">The numbers.</param>
    public abstract void Read(DeviceMemory<T> source, long offset, Span<T> destination);

    /// <summary>Allocates memory for sums in double precision.</summary>
    /// <param name="length">How many sums.</param>
    /// <returns>The memory, the caller's to dispose.</returns>
    public abstract DeviceMemory<double> AllocateSums(int length);

    /// <summary>Copies sums to the host, when everything asked of the queue so far is done.</summary>
    /// <param name="sums">Where from: the first sums are read.</param>
    /// <param name="destination">The sums.</param>
    public abstract void ReadSums(DeviceMemory<double> sums, Span<double> destination);

    /// <summary>Sets every number of a matrix, padding included.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="value">The value.</param>
    public abstract void Fill(in Matrix<T> matrix, T value);

    /// <summary>Sets the padding rows of a block to zero: an adjoint's padding must not count.</summary>
    /// <param name="block">The block.</param>
    public abstract void ClearPadding(in Matrix<T> block);

    /// <summary>y ← x, or y ← y + x.</summary>
    /// <param name="x">The source; where <paramref name="y"/> is a block it may be a shared matrix of one row.</param>
    /// <param name="y">The destination, of the same columns.</param>
    /// <param name="accumulate">Whether to add.</param>
    public abstract void Copy(in Matrix<T> x, in Matrix<T> y, bool accumulate);

    // ---- Linear layers ------------------------------------------------------------------------------------------

    /// <summary>y = act(x Wᵀ + b): the product, the bias and the activation in one pass.</summary>
    /// <param name="x">[rows, inputs], a block.</param>
    /// <param name="weight">The weight as a shared matrix of at least inputs rows and outputs columns; only its first inputs rows count.</param>
    /// <param name="bias">[1, outputs], or empty.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="y">[rows, outputs].</param>
    /// <param name="preActivation">[rows, outputs], kept for the adjoint where <see cref="UnaryFunction.DerivativeNeedsArgument"/> says so and it is not empty.</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    public abstract void Linear(
        in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, Staircase? staircase);

    /// <summary>dy ← dy ∘ act'(·) in place, and dbias += the sum of dy over the rows.</summary>
    /// <param name="activation">The activation.</param>
    /// <param name="y">The layer's output.</param>
    /// <param name="preActivation">The kept pre-activation, or empty.</param>
    /// <param name="dy">The adjoint of the output; becomes that of the pre-activation.</param>
    /// <param name="dbias">The bias' adjoint, or empty.</param>
    public abstract void ActivationAdjoint(UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy, in Matrix<T> dbias);

    /// <summary>dx (+)= dy W.</summary>
    /// <param name="weight">The weight, as in <see cref="Linear"/>.</param>
    /// <param name="dy">[rows, outputs].</param>
    /// <param name="dx">[rows, inputs].</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    /// <param name="accumulate">Whether to add to dx or to overwrite it.</param>
    public abstract void LinearInputAdjoint(in Matrix<T> weight, in Matrix<T> dy, in Matrix<T> dx, Staircase? staircase, bool accumulate);

    /// <summary>dW += dyᵀ x.</summary>
    /// <param name="dy">[rows, outputs].</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="dweight">The weight's adjoint, shaped as the weight; entries outside the staircase are not touched.</param>
    /// <param name="staircase">The zero structure of the weight, or null.</param>
    public abstract void LinearWeightAdjoint(in Matrix<T> dy, in Matrix<T> x, in Matrix<T> dweight, Staircase? staircase);

    // ---- Reductions and columns ---------------------------------------------------------------------------------

    /// <summary>y[r] = Σ_j x[r, j].</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, 1].</param>
    public abstract void SumColumns(in Matrix<T> x, in Matrix<T> y);

    /// <summary>y[j] = Σ_r x[r, j] over the valid rows of a block, added in a fixed order.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[1, columns].</param>
    public abstract void SumRows(in Matrix<T> x, in Matrix<T> y);

    /// <summary>y[r] = ln Σ_j e^x[r, j], without overflow.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="y">[rows, 1].</param>
    public abstract void LogSumExp(in Matrix<T> x, in Matrix<T> y);

    /// <summary>dx[r, j] += dy[r] e^(x[r, j] − y[r]).</summary>
    /// <param name="x">The argument.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="dx">The adjoint of the argument.</param>
    public abstract void LogSumExpAdjoint(in Matrix<T> x, in Matrix<T> y, in Matrix<T> dy, in Matrix<T> dx);

    /// <summary>dx[r, j] += dy[r, 0] for every column j (the adjoint of <see cref="SumColumns"/>), or dx[r, j] += dy[0, j] for every valid row (that of <see cref="SumRows"/>).</summary>
    /// <param name="dy">The adjoint of the sum.</param>
    /// <param name="dx">The adjoint of what was summed.</param>
    public abstract void BroadcastAdd(in Matrix<T> dy, in Matrix<T> dx);

    /// <summary>Column j of y = column indices[j] of x.</summary>
    /// <param name="x">The source.</param>
    /// <param name="indices">For each column of y the column of x.</param>
    /// <param name="y">The result.</param>
    public abstract void GatherColumns(in Matrix<T> x, int[] indices, in Matrix<T> y);

    /// <summary>Column indices[j] of dx += column j of dy.</summary>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="indices">As in <see cref="GatherColumns"/>.</param>
    /// <param name="dx">The adjoint of the source.</param>
    public abstract void ScatterAddColumns(in Matrix<T> dy, int[] indices, in Matrix<T> dx);

    // ---- Transforms ---------------------------------------------------------------------------------------------

    /// <summary>
    /// The affine transform with log-scale a / (1 + |a / ln slope|): forward y = x·e^s + t, inverse y = (x − t)·e^−s.
    /// </summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="slope">S in (0, 1), or 0 for s = a without a limit.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="parameters">A block [rows, 2D] or a shared row [1, 2D]: shift t, then unconstrained a, of the feature at each position.</param>
    /// <param name="positions">For each feature its position among the parameters.</param>
    /// <param name="y">[rows, D].</param>
    /// <param name="logDet">[rows, 1]: the sum of the log-derivatives of the direction taken.</param>
    public abstract void Affine(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet);

    /// <summary>The adjoint of <see cref="Affine"/>.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="slope">As in <see cref="Affine"/>.</param>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">The adjoint of y, or empty for zero.</param>
    /// <param name="dlogDet">The adjoint of log|det J|, or empty for zero.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dparameters">The adjoint of the parameters, or empty.</param>
    /// <param name="overwriteParameters">Whether to write every number of <paramref name="dparameters"/> instead of adding to it.</param>
    public abstract void AffineAdjoint(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters);

    /// <summary>The Gaussianization z = Φ⁻¹(q/2 + (1 − q)/K Σ_k Φ(e^{a_k} x + b_k)) of every feature, or its inverse.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="squeeze">q in [0, 1).</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="parameters">A block [rows, 2K P] or a shared row [1, 2K P]: K shifts b, then K log-scales a, of the feature at each position.</param>
    /// <param name="positions">For each feature its position among the parameters.</param>
    /// <param name="y">[rows, D].</param>
    /// <param name="logDet">[rows, 1]: the sum of the log-derivatives of the direction taken.</param>
    public abstract void Gaussianization(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet);

    /// <summary>The adjoint of <see cref="Gaussianization"/>.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="components">K.</param>
    /// <param name="squeeze">q.</param>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="y">The result, which is read.</param>
    /// <param name="dy">The adjoint of y, or empty for zero.</param>
    /// <param name="dlogDet">The adjoint of log|det J|, or empty for zero.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dparameters">The adjoint of the parameters, or empty.</param>
    /// <param name="overwriteParameters">Whether to write every number of <paramref name="dparameters"/> instead of adding to it.</param>
    public abstract void GaussianizationAdjoint(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters);

    /// <summary>The monotonic rational-quadratic spline of every feature, forward or inverse, in one pass.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="settings">Bins, bounds, parametrisation, ends and tails.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="parameters">A block [rows, P n] or a shared row [1, P n], n = <see cref="SplineSettings.ParametersPerFeature"/>: the unconstrained parameters of the feature at each position.</param>
    /// <param name="positions">For each feature its position among the parameters.</param>
    /// <param name="y">[rows, D].</param>
    /// <param name="logDet">[rows, 1]: the sum of the log-derivatives of the direction taken.</param>
    public abstract void Spline(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet);

    /// <summary>The adjoint of <see cref="Spline"/>; the normalised bins are computed anew rather than kept.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="settings">As in <see cref="Spline"/>.</param>
    /// <param name="x">The argument.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="positions">The positions.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">The adjoint of y, or empty for zero.</param>
    /// <param name="dlogDet">The adjoint of log|det J|, or empty for zero.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dparameters">The adjoint of the parameters, or empty.</param>
    /// <param name="overwriteParameters">Whether to write every number of <paramref name="dparameters"/> instead of adding to it.</param>
    public abstract void SplineAdjoint(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters);

    /// <summary>
    /// Scale and shift of the polynomial residual: s and t of <see cref="ResidualSettings"/> for the features at columns
    /// [firstFeature, firstFeature + y.Columns), then forward y = x·e^s + t or inverse y = (x − t)·e^−s. Where s and t are zero y has the bits of x.
    /// </summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="x">[rows, d].</param>
    /// <param name="nuisances">[rows, K], a block or a shared row.</param>
    /// <param name="coefficients">K + P matrices: for each nuisance [rows, 4d] = (A_s, B_s, A_t, B_t) of each feature, then for each cross term [rows, 2d] = (C_s, C_t).</param>
    /// <param name="y">[rows, d].</param>
    /// <param name="logDet">[rows, 1]: ± Σ s of the direction taken.</param>
    public abstract void Residual(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> logDet);

    /// <summary>The adjoint of <see cref="Residual"/>.</summary>
    /// <param name="inverse">Which direction.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="x">The argument.</param>
    /// <param name="nuisances">The nuisances.</param>
    /// <param name="coefficients">The coefficients.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">The adjoint of y, or empty for zero.</param>
    /// <param name="dlogDet">The adjoint of log|det J|, or empty for zero.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dnuisances">The adjoint of the nuisances, or empty.</param>
    /// <param name="dcoefficients">The adjoints of the coefficients, each possibly empty.</param>
    /// <param name="overwriteCoefficients">Whether to write every number of <paramref name="dcoefficients"/> instead of adding to it.</param>
    public abstract void ResidualAdjoint(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dnuisances, ReadOnlySpan<Matrix<T>> dcoefficients, bool overwriteCoefficients);

    /// <summary>y[r] = Σ_j ln N(x[r, j]; location_j, scale_j).</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="location">[1, D], or empty for zero.</param>
    /// <param name="scale">[1, D], positive, or empty for one.</param>
    /// <param name="y">[rows, 1].</param>
    public abstract void NormalLogDensity(in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> y);

    /// <summary>The adjoint of <see cref="NormalLogDensity"/>.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="location">The location, or empty.</param>
    /// <param name="scale">The scale, or empty.</param>
    /// <param name="dy">The adjoint of the result.</param>
    /// <param name="dx">The adjoint of x, or empty.</param>
    /// <param name="dlocation">The adjoint of the location, or empty.</param>
    /// <param name="dscale">The adjoint of the scale, or empty.</param>
    public abstract void NormalLogDensityAdjoint(
        in Matrix<T> x, in Matrix<T> location, in Matrix<T> scale, in Matrix<T> dy, in Matrix<T> dx, in Matrix<T> dlocation, in Matrix<T> dscale);

    // ---- Small linear algebra on shared matrices ----------------------------------------------------------------

    /// <summary>Solves L yᵣ = xᵣ (or Lᵀ yᵣ = xᵣ) for every row xᵣ of a block, L shared, lower triangular, D × D.</summary>
    /// <param name="lower">L in row-major order: element (i, j) at i·D + j, that is, row j of column i. What is above the diagonal is not read.</param>
    /// <param name="transposed">Whether to solve with Lᵀ.</param>
    /// <param name="unitDiagonal">Whether the diagonal counts as ones and is not read.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="y">[rows, D]; may be x.</param>
    public abstract void TriangularSolve(in Matrix<T> lower, bool transposed, bool unitDiagonal, in Matrix<T> x, in Matrix<T> y);

    /// <summary>The part of the adjoint of <see cref="TriangularSolve"/> that goes to L: −Σ_r (solve with the other transpose of dy)·y, on and below the diagonal.</summary>
    /// <param name="solvedAdjoint">[rows, D]: the adjoint of x, that is, dy solved with the opposite transpose.</param>
    /// <param name="y">The result.</param>
    /// <param name="transposed">As in <see cref="TriangularSolve"/>.</param>
    /// <param name="unitDiagonal">As in <see cref="TriangularSolve"/>: then the diagonal gets nothing.</param>
    /// <param name="dlower">The adjoint of L.</param>
    public abstract void TriangularSolveMatrixAdjoint(
        in Matrix<T> solvedAdjoint, in Matrix<T> y, bool transposed, bool unitDiagonal, in Matrix<T> dlower);

    /// <summary>y = Σ_i ln |A_ii| of a shared square matrix: the log-determinant of a triangular one.</summary>
    /// <param name="matrix">[D, D].</param>
    /// <param name="y">[1, 1].</param>
    public abstract void LogAbsDiagonal(in Matrix<T> matrix, in Matrix<T> y);

    /// <summary>The adjoint of <see cref="LogAbsDiagonal"/>: dA_ii += dy / A_ii.</summary>
    /// <param name="matrix">[D, D].</param>
    /// <param name="dy">[1, 1].</param>
    /// <param name="dmatrix">The adjoint of the matrix.</param>
    public abstract void LogAbsDiagonalAdjoint(in Matrix<T> matrix, in Matrix<T> dy, in Matrix<T> dmatrix);

    // ---- Roots --------------------------------------------------------------------------------------------------

    /// <summary>One step of the iteration that solves f(x) = target, number by number; all matrices are blocks of one shape.</summary>
    /// <param name="target">What f should be.</param>
    /// <param name="value">f(x).</param>
    /// <param name="logSlope">ln f'(x).</param>
    /// <param name="x">The arguments; moved.</param>
    /// <param name="lower">Numbers below the roots, or −∞; raised.</param>
    /// <param name="upper">Numbers above the roots, or +∞; lowered.</param>
    /// <param name="length">The length of the last step, negative where that was not Newton's; replaced.</param>
    /// <param name="done">1 where a root is found, else 0; set.</param>
    public abstract void RootStep(
        in Matrix<T> target, in Matrix<T> value, in Matrix<T> logSlope, in Matrix<T> x, in Matrix<T> lower, in Matrix<T> upper, in Matrix<T> length,
        in Matrix<T> done);

    // ---- Random numbers -----------------------------------------------------------------------------------------

    /// <summary>Standard normal numbers: row r of a block of C columns takes elements first + r·C to first + r·C + C − 1 of the stream.</summary>
    /// <param name="stream">The stream: the same numbers as <see cref="RandomStream.FillNormal"/>, up to the rounding of the device's arithmetic.</param>
    /// <param name="first">The element of the first number.</param>
    /// <param name="block">The block.</param>
    public abstract void FillNormal(RandomStream stream, ulong first, in Matrix<T> block);

    /// <summary>Uniform numbers of (0, 1), laid out as those of <see cref="FillNormal"/>: the same bits as <see cref="RandomStream.FillUniform"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="first">The element of the first number.</param>
    /// <param name="block">The block.</param>
    public abstract void FillUniform(RandomStream stream, ulong first, in Matrix<T> block);

    // ---- Training -----------------------------------------------------------------------------------------------

    /// <summary>sums[at] ← Σ_r w[r] v[r] and sums[at + 1] ← Σ_r w[r] over the valid rows, in double and in a fixed order.</summary>
    /// <param name="values">[rows, 1], a block.</param>
    /// <param name="weights">[rows, 1], a block, or empty for ones.</param>
    /// <param name="sums">Where the two sums go; they stay on the device.</param>
    /// <param name="at">The place of the first.</param>
    public abstract void WeightedSum(in Matrix<T> values, in Matrix<T> weights, DeviceMemory<double> sums, int at);

    /// <summary>sum ← Σ_s slots[s] over the range, added in the order of the slots, and squares[at] ← Σ sum² of the range, in double.</summary>
    /// <param name="slots">Gradient buffers of equal length.</param>
    /// <param name="count">How many of them count.</param>
    /// <param name="sum">The result; may be slots[0].</param>
    /// <param name="start">The first number of the range.</param>
    /// <param name="length">The length of the range.</param>
    /// <param name="squares">Where the sum of squares goes: infinite or NaN if any gradient is.</param>
    /// <param name="at">Its place.</param>
    public abstract void ReduceGradients(
        DeviceMemory<T>[] slots, int count, DeviceMemory<T> sum, long start, long length, DeviceMemory<double> squares, int at);

    /// <summary>One optimiser update of a range of the parameter buffer, in one sweep.</summary>
    /// <param name="step">The numbers of the step.</param>
    /// <param name="parameters">The parameters.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="firstMoment">The momentum or first moment.</param>
    /// <param name="secondMoment">The second moment; unused by SGD.</param>
    /// <param name="start">The first number of the range.</param>
    /// <param name="length">The length of the range.</param>
    public abstract void OptimiserSweep(
        in OptimiserStep step, DeviceMemory<T> parameters, DeviceMemory<T> gradients, DeviceMemory<T> firstMoment, DeviceMemory<T> secondMoment, long start, long length);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the queue's scratch memory.</summary>
    /// <param name="disposing">False when called from a finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
