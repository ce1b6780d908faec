using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The polynomial residual (formulas: <see cref="ResidualFormula{V, T}"/>).</content>
/// <remarks>
/// A lane is one event. For each register of events the factors of all terms (ν'_k, q ν'_k², r ν'_i ν'_j) are formed once and
/// kept in scratch memory; then feature after feature sums its terms. Blocks are padded, so there is no remainder.
/// </remarks>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Residual(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y, in Matrix<T> logDet)
    {
        var work = PrepareResidual(inverse, settings, x.Columns, nuisances, default, coefficients, default);
        var rows = x.PaddedRows;
        var argument = x.Pointer;
        var result = y.Pointer;
        var logDeterminant = logDet.Pointer;
        for (var row = 0; row < rows; row += V.Count)
        {
            ResidualFactors(work, row);
            ResidualRows(work, row, argument + row, x.Stride, result + row, y.Stride, logDeterminant + row);
        }
    }

    public override void ResidualAdjoint(
        bool inverse, ResidualSettings settings, in Matrix<T> x, in Matrix<T> nuisances, ReadOnlySpan<Matrix<T>> coefficients, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dnuisances, ReadOnlySpan<Matrix<T>> dcoefficients, bool overwriteCoefficients)
    {
        var work = PrepareResidual(inverse, settings, x.Columns, nuisances, dnuisances, coefficients, dcoefficients);
        var rows = x.PaddedRows;
        var zero = V.Create(T.Zero);
        var argument = x.Pointer;
        var adjoint = dy.Pointer;
        var logAdjoint = dlogDet.Pointer;
        var argumentAdjoint = dx.Pointer;
        if (!dnuisances.IsEmpty)
        {
            for (var k = 0; k < work.Nuisances; k++)
                V.Store(zero, work.NuisanceSums + (k * V.Count));
        }

        for (var row = 0; row < rows; row += V.Count)
        {
            ResidualFactors(work, row);
            if (!dnuisances.IsEmpty)
            {
                for (var i = 0; i < work.Factors; i++)
                    V.Store(zero, work.FactorAdjoints + (i * V.Count));
            }

            var gl = logAdjoint is null ? zero : V.Load(logAdjoint + row);
            for (var feature = 0; feature < work.Features; feature++)
            {
                ResidualSums(work, row, feature, out var logScale, out var shift);
                var gy = adjoint is null ? zero : V.Load(adjoint + ((long)feature * dy.Stride) + row);
                AffineFormula<V, T>.Adjoint(
                    inverse, V.Load(argument + ((long)feature * x.Stride) + row), logScale, shift, gy, gl * V.Create(work.Sign), out var gx, out var gs, out var gt);
                if (argumentAdjoint is not null)
                {
                    var target = argumentAdjoint + ((long)feature * dx.Stride) + row;
                    V.Store(V.Load(target) + gx, target);
                }

                ResidualCoefficientAdjoints(work, row, feature, gs, gt, overwriteCoefficients);
                if (!dnuisances.IsEmpty)
                    ResidualFactorAdjoints(work, row, feature, gs, gt);
            }

            if (!dnuisances.IsEmpty)
                ResidualNuisanceAdjoints(work, row);
        }

        if (dnuisances.IsEmpty || dnuisances.IsBlock)
            return;
        for (var k = 0; k < work.Nuisances; k++)
            *dnuisances.Column(k) += V.Sum(V.Load(work.NuisanceSums + (k * V.Count)));
    }

    private ResidualWork PrepareResidual(
        bool inverse, ResidualSettings settings, int features, in Matrix<T> nuisances, in Matrix<T> dnuisances,
        ReadOnlySpan<Matrix<T>> coefficients, ReadOnlySpan<Matrix<T>> dcoefficients)
    {
        var (count, pairs) = (settings.Nuisances, settings.CrossTerms.Count);
        var factors = (2 * count) + pairs;

        // ν', then factors, their adjoints and sums, whole registers; then two constants a nuisance; then the description of each term.
        var registers = (2 * count) + (2 * factors);
        var numbers = (registers * V.Count) + (2 * count);
        var perTerm = ((sizeof(ResidualTerm) + sizeof(T) - 1) / sizeof(T)) + 1;
        var scratch = Scratch(checked(numbers + 64 + ((count + pairs) * perTerm)));
        var work = new ResidualWork
        {
            Inverse = inverse,
            Features = features,
            Nuisances = count,
            Pairs = pairs,
            Factors = factors,
            Quadratic = T.CreateChecked(settings.QuadraticDamping),
            Cross = T.CreateChecked(settings.CrossTermDamping),
            Sign = T.CreateChecked(settings.LogDetSign),
            Nuisance = nuisances.Pointer,
            NuisanceStride = nuisances.Stride,
            NuisancesAreBlock = nuisances.IsBlock,
            NuisanceAdjoint = dnuisances.Pointer,
            NuisanceAdjointStride = dnuisances.Stride,
            Standardised = scratch,
            FactorValues = scratch + (count * V.Count),
            FactorAdjoints = scratch + ((count + factors) * V.Count),
            NuisanceSums = scratch + ((count + (2 * factors)) * V.Count),
            Constants = scratch + (registers * V.Count),
            Terms = (ResidualTerm*)(((nint)(scratch + numbers) + 63) & -64),
        };
        for (var k = 0; k < count; k++)
        {
            work.Constants[2 * k] = T.CreateChecked(settings.Central[k]);
            work.Constants[(2 * k) + 1] = T.CreateChecked(1 / settings.Scales[k]);
        }

        for (var i = 0; i < count + pairs; i++)
        {
            var pair = i < count ? (First: i, Second: i) : settings.CrossTerms[i - count];
            work.Terms[i] = new ResidualTerm
            {
                Coefficients = coefficients[i].Pointer,
                Stride = coefficients[i].Stride,
                Adjoints = dcoefficients.IsEmpty ? null : dcoefficients[i].Pointer,
                AdjointStride = dcoefficients.IsEmpty ? 0 : dcoefficients[i].Stride,
                First = pair.First,
                Second = pair.Second,
            };
        }

        return work;
    }

    // ν' and the factors: ν'_k and q ν'_k² of each nuisance, then r ν'_i ν'_j of each cross term.
    private static void ResidualFactors(in ResidualWork work, int row)
    {
        var factor = work.FactorValues;
        for (var k = 0; k < work.Nuisances; k++)
        {
            var column = work.Nuisance + (k * work.NuisanceStride);
            var value = work.NuisancesAreBlock ? V.Load(column + row) : V.Create(*column);
            value = (value - V.Create(work.Constants[2 * k])) * V.Create(work.Constants[(2 * k) + 1]);
            V.Store(value, work.Standardised + (k * V.Count));
            V.Store(value, factor);
            V.Store(V.Create(work.Quadratic) * value * value, factor + V.Count);
            factor += 2 * V.Count;
        }

        for (var p = 0; p < work.Pairs; p++)
        {
            ref readonly var term = ref work.Terms[work.Nuisances + p];
            var product = V.Load(work.Standardised + (term.First * V.Count)) * V.Load(work.Standardised + (term.Second * V.Count));
            V.Store(V.Create(work.Cross) * product, factor);
            factor += V.Count;
        }
    }

    // s and t of one feature.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ResidualSums(in ResidualWork work, int row, int feature, out V logScale, out V shift)
    {
        var s = V.Create(T.Zero);
        var t = s;
        var factor = work.FactorValues;
        var term = work.Terms;
        for (var k = 0; k < work.Nuisances; k++)
        {
            var column = term->Coefficients + (4L * feature * term->Stride) + row;
            var (linear, square) = (V.Load(factor), V.Load(factor + V.Count));
            s = ResidualFormula<V, T>.Add(s, V.Load(column), linear);
            s = ResidualFormula<V, T>.Add(s, V.Load(column + term->Stride), square);
            t = ResidualFormula<V, T>.Add(t, V.Load(column + (2 * term->Stride)), linear);
            t = ResidualFormula<V, T>.Add(t, V.Load(column + (3 * term->Stride)), square);
            factor += 2 * V.Count;
            term++;
        }

        for (var p = 0; p < work.Pairs; p++)
        {
            var column = term->Coefficients + (2L * feature * term->Stride) + row;
            var product = V.Load(factor);
            s = ResidualFormula<V, T>.Add(s, V.Load(column), product);
            t = ResidualFormula<V, T>.Add(t, V.Load(column + term->Stride), product);
            factor += V.Count;
            term++;
        }

        logScale = s;
        shift = t;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ResidualRows(in ResidualWork work, int row, T* argument, long argumentStride, T* result, long resultStride, T* logDet)
    {
        var sum = V.Create(T.Zero);
        for (var feature = 0; feature < work.Features; feature++)
        {
            ResidualSums(work, row, feature, out var logScale, out var shift);
            V.Store(ResidualFormula<V, T>.Value(work.Inverse, V.Load(argument), logScale, shift), result);
            sum += logScale;
            argument += argumentStride;
            result += resultStride;
        }

        V.Store(sum * V.Create(work.Inverse ? -work.Sign : work.Sign), logDet);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ResidualCoefficientAdjoints(in ResidualWork work, int row, int feature, V gs, V gt, bool overwrite)
    {
        var factor = work.FactorValues;
        for (var i = 0; i < work.Nuisances + work.Pairs; i++)
        {
            var term = work.Terms + i;
            var powers = i < work.Nuisances ? 2 : 1;
            if (term->Adjoints is not null)
            {
                // (A_s, B_s, A_t, B_t) of a nuisance, (C_s, C_t) of a cross term: powers columns of s, then as many of t.
                var column = term->Adjoints + (2L * powers * feature * term->AdjointStride) + row;
                for (var power = 0; power < powers; power++)
                {
                    var value = V.Load(factor + (power * V.Count));
                    StoreOrAdd(gs * value, column, overwrite);
                    StoreOrAdd(gt * value, column + (powers * term->AdjointStride), overwrite);
                    column += term->AdjointStride;
                }
            }

            factor += powers * V.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreOrAdd(V value, T* target, bool overwrite) => V.Store(overwrite ? value : V.Load(target) + value, target);

    // Adds to the adjoint of each factor s̄ times its coefficient in s plus t̄ times that in t.
    private static void ResidualFactorAdjoints(in ResidualWork work, int row, int feature, V gs, V gt)
    {
        var adjoint = work.FactorAdjoints;
        for (var i = 0; i < work.Nuisances + work.Pairs; i++)
        {
            var term = work.Terms + i;
            var powers = i < work.Nuisances ? 2 : 1;
            var column = term->Coefficients + (2L * powers * feature * term->Stride) + row;
            for (var power = 0; power < powers; power++)
            {
                var sum = V.FusedMultiplyAdd(gs, V.Load(column), V.Load(adjoint));
                V.Store(V.FusedMultiplyAdd(gt, V.Load(column + (powers * term->Stride)), sum), adjoint);
                column += term->Stride;
                adjoint += V.Count;
            }
        }
    }

    // From the factors' adjoints to those of the nuisances: ν'_k has 1 and 2 q ν'_k of its own factors and r ν' of each partner.
    private static void ResidualNuisanceAdjoints(in ResidualWork work, int row)
    {
        var twiceQuadratic = V.Create(work.Quadratic + work.Quadratic);
        for (var k = 0; k < work.Nuisances; k++)
        {
            var adjoint = work.FactorAdjoints + (2 * k * V.Count);
            var sum = V.FusedMultiplyAdd(twiceQuadratic * V.Load(work.Standardised + (k * V.Count)), V.Load(adjoint + V.Count), V.Load(adjoint));
            for (var p = 0; p < work.Pairs; p++)
            {
                ref readonly var term = ref work.Terms[work.Nuisances + p];
                if (term.First != k && term.Second != k)
                    continue;
                var partner = V.Load(work.Standardised + ((term.First == k ? term.Second : term.First) * V.Count));
                sum = V.FusedMultiplyAdd(V.Create(work.Cross) * partner, V.Load(work.FactorAdjoints + (((2 * work.Nuisances) + p) * V.Count)), sum);
            }

            sum *= V.Create(work.Constants[(2 * k) + 1]);
            var target = work.NuisancesAreBlock ? work.NuisanceAdjoint + (k * work.NuisanceAdjointStride) + row : work.NuisanceSums + (k * V.Count);
            V.Store(V.Load(target) + sum, target);
        }
    }

    // Where the coefficients of one nuisance or cross term are.
    private struct ResidualTerm
    {
        public T* Coefficients;
        public long Stride;
        public T* Adjoints;
        public long AdjointStride;
        public int First;
        public int Second;
    }

    // Constants and scratch of one call.
    private struct ResidualWork
    {
        public bool Inverse;
        public bool NuisancesAreBlock;
        public int Features;
        public int Nuisances;
        public int Pairs;
        public int Factors;
        public T Quadratic;
        public T Cross;
        public T Sign;
        public T* Nuisance;
        public long NuisanceStride;
        public T* NuisanceAdjoint;
        public long NuisanceAdjointStride;
        public T* Standardised;
        public T* FactorValues;
        public T* FactorAdjoints;
        public T* NuisanceSums;

        // The central value and one over the scale of each nuisance.
        public T* Constants;
        public ResidualTerm* Terms;
    }
}
