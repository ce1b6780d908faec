using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>
/// The polynomial residual, term by term: a thread has one feature of one row and adds the term to log-scale s and shift t, so that
/// any number of nuisances and pairs is served by the same kernels and the order of the sums is the processor's.
/// </summary>
internal static class ResidualKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>s and t (+)= the term.</summary>
    public static void AddTerm(Index2D index, ResidualTerm<T> term, DeviceOperand<T> nuisances, DeviceMatrix<T> coefficients, DeviceMatrix<T> s, DeviceMatrix<T> t)
    {
        Factors(term, nuisances, index.X, out var factor, out var square);
        var column = 2 * term.Powers * index.Y;
        var zero = V.Constant(0f, 0.0);
        var logScale = term.IsFirst != 0 ? zero : V.Create(s[index.X, index.Y]);
        var shift = term.IsFirst != 0 ? zero : V.Create(t[index.X, index.Y]);
        logScale = ResidualFormula<V, T>.Add(logScale, V.Create(coefficients[index.X, column]), factor);
        if (term.Powers == 2)
            logScale = ResidualFormula<V, T>.Add(logScale, V.Create(coefficients[index.X, column + 1]), square);
        shift = ResidualFormula<V, T>.Add(shift, V.Create(coefficients[index.X, column + term.Powers]), factor);
        if (term.Powers == 2)
            shift = ResidualFormula<V, T>.Add(shift, V.Create(coefficients[index.X, column + 3]), square);
        s[index.X, index.Y] = V.ToNumber(logScale);
        t[index.X, index.Y] = V.ToNumber(shift);
    }

    /// <summary>The map of all features of a row, and ± Σ s.</summary>
    public static void Apply(Index1D row, int inverse, T sign, int features, DeviceMatrix<T> x, DeviceMatrix<T> s, DeviceMatrix<T> t, DeviceMatrix<T> y, DeviceMatrix<T> logDet)
    {
        var sum = V.Constant(0f, 0.0);
        for (var feature = 0; feature < features; feature++)
        {
            var logScale = V.Create(s[row, feature]);
            y[row, feature] = V.ToNumber(ResidualFormula<V, T>.Value(inverse != 0, V.Create(x[row, feature]), logScale, V.Create(t[row, feature])));
            sum += logScale;
        }

        logDet[row, 0] = V.ToNumber(sum * V.Create(inverse != 0 ? -sign : sign));
    }

    /// <summary>s ← s̄ and t ← t̄, and x̄ += its part.</summary>
    public static void ApplyAdjoint(
        Index2D index, int inverse, T sign, DeviceMatrix<T> x, DeviceMatrix<T> dy, int hasResult, DeviceMatrix<T> dlogDet, int hasLogDet,
        DeviceMatrix<T> dx, int wantsX, DeviceMatrix<T> s, DeviceMatrix<T> t)
    {
        var zero = V.Constant(0f, 0.0);
        var gy = hasResult != 0 ? V.Create(dy[index.X, index.Y]) : zero;
        var gl = hasLogDet != 0 ? V.Create(dlogDet[index.X, 0]) : zero;
        AffineFormula<V, T>.Adjoint(
            inverse != 0, V.Create(x[index.X, index.Y]), V.Create(s[index.X, index.Y]), V.Create(t[index.X, index.Y]), gy, gl * V.Create(sign),
            out var gx, out var gs, out var gt);
        if (wantsX != 0)
            dx[index.X, index.Y] = V.ToNumber(V.Create(dx[index.X, index.Y]) + gx);
        s[index.X, index.Y] = V.ToNumber(gs);
        t[index.X, index.Y] = V.ToNumber(gt);
    }

    /// <summary>The adjoints of a term's coefficients.</summary>
    public static void CoefficientAdjoint(
        Index2D index, ResidualTerm<T> term, DeviceOperand<T> nuisances, DeviceMatrix<T> gs, DeviceMatrix<T> gt, DeviceMatrix<T> dcoefficients, int overwrite)
    {
        Factors(term, nuisances, index.X, out var factor, out var square);
        var column = 2 * term.Powers * index.Y;
        var s = V.Create(gs[index.X, index.Y]);
        var t = V.Create(gt[index.X, index.Y]);
        Store(s * factor, dcoefficients, index.X, column, overwrite);
        Store(t * factor, dcoefficients, index.X, column + term.Powers, overwrite);
        if (term.Powers != 2)
            return;
        Store(s * square, dcoefficients, index.X, column + 1, overwrite);
        Store(t * square, dcoefficients, index.X, column + 3, overwrite);
    }

    /// <summary>
    /// What a term gives to the adjoints of its nuisances, in a column for each: ν'_k has 1 and 2 q ν'_k of its own factors, and
    /// r ν' of each partner. A thread has a row.
    /// </summary>
    public static void NuisanceAdjoint(
        Index1D row, ResidualTerm<T> term, int features, DeviceOperand<T> nuisances, DeviceMatrix<T> coefficients, DeviceMatrix<T> gs, DeviceMatrix<T> gt, DeviceMatrix<T> dnuisances)
    {
        var factorAdjoint = V.Constant(0f, 0.0);
        var squareAdjoint = factorAdjoint;
        for (var feature = 0; feature < features; feature++)
        {
            var column = 2 * term.Powers * feature;
            var s = V.Create(gs[row, feature]);
            var t = V.Create(gt[row, feature]);
            factorAdjoint = V.FusedMultiplyAdd(s, V.Create(coefficients[row, column]), factorAdjoint);
            factorAdjoint = V.FusedMultiplyAdd(t, V.Create(coefficients[row, column + term.Powers]), factorAdjoint);
            if (term.Powers != 2)
                continue;
            squareAdjoint = V.FusedMultiplyAdd(s, V.Create(coefficients[row, column + 1]), squareAdjoint);
            squareAdjoint = V.FusedMultiplyAdd(t, V.Create(coefficients[row, column + 3]), squareAdjoint);
        }

        var first = Standardised(nuisances, row, term.First, term.FirstCentral, term.FirstReciprocal);
        var damping = V.Create(term.Damping);
        if (term.Powers == 2)
        {
            var own = V.FusedMultiplyAdd((damping + damping) * first, squareAdjoint, factorAdjoint);
            Store(own * V.Create(term.FirstReciprocal), dnuisances, row, term.First, 0);
        }
        else
        {
            var second = Standardised(nuisances, row, term.Second, term.SecondCentral, term.SecondReciprocal);
            Store(damping * second * factorAdjoint * V.Create(term.FirstReciprocal), dnuisances, row, term.First, 0);
            Store(damping * first * factorAdjoint * V.Create(term.SecondReciprocal), dnuisances, row, term.Second, 0);
        }
    }

    // ν'_k and q ν'_k² of a nuisance, or r ν'_i ν'_j of a pair.
    private static void Factors(in ResidualTerm<T> term, DeviceOperand<T> nuisances, int row, out V factor, out V square)
    {
        var first = Standardised(nuisances, row, term.First, term.FirstCentral, term.FirstReciprocal);
        var damping = V.Create(term.Damping);
        if (term.Powers == 2)
        {
            factor = first;
            square = damping * first * first;
        }
        else
        {
            var product = first * Standardised(nuisances, row, term.Second, term.SecondCentral, term.SecondReciprocal);
            factor = damping * product;
            square = factor;
        }
    }

    private static V Standardised(DeviceOperand<T> nuisances, int row, int nuisance, T central, T reciprocal) =>
        (V.Create(nuisances[row, nuisance]) - V.Create(central)) * V.Create(reciprocal);

    private static void Store(V value, DeviceMatrix<T> target, int row, int column, int overwrite)
    {
        if (overwrite == 0)
            value = V.Create(target[row, column]) + value;
        target[row, column] = V.ToNumber(value);
    }
}
