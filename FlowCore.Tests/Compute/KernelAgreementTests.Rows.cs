using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <content>Row-wise linear algebra and scans.</content>
internal abstract partial class KernelAgreementTests<T>
{
    private static readonly SegmentFunction[] _segmentFunctions = Enum.GetValues<SegmentFunction>();

    private static readonly MatrixRegion[] _regions = Enum.GetValues<MatrixRegion>();

    [Test]
    public void Functions_of_segments_and_their_adjoints_have_the_bits_of_the_scalar_formula(
        [ValueSource(nameof(_segmentFunctions))] SegmentFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var columns = function is SegmentFunction.LogSumExp or SegmentFunction.Max ? 2 : 6;
                var x = Make(kernels, block, rows, 6, Wave(0.4));
                var y = Make(kernels, block, rows, columns, (_, _) => 7);
                var dx = Make(kernels, block, rows, 6, Wave(0.9));
                kernels.Segments(function, x, 3, y);
                kernels.SegmentsAdjoint(function, x, 3, y, Make(kernels, block, rows, columns, Wave(0.3)), dx);
                return [y, dx];
            });
        }
    }

    [Test]
    public void Mixtures_of_logistic_distributions_their_adjoints_and_quantiles_agree_with_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            // The sum over the rows of shared parameters has another order in each width.
            Compare(SumTolerance, kernels =>
            {
                const int Components = 3;
                var x = Make(kernels, true, rows, 2, (row, column) => 20 * Wave(0.4)(row, column));
                var parameters = Make(
                    kernels, block, block ? rows : 1, 6 * Components,
                    (row, column) => column < 2 * Components ? 2 * Wave(0.3)(row, column) : column < 4 * Components ? 1.5 + Wave(0.7)(row, column) : 1.0 / Components);
                var (results, dx) = (Make(kernels, true, rows, 6, (_, _) => 7), Make(kernels, true, rows, 2, Wave(0.9)));
                var dparameters = Make(kernels, block, block ? rows : 1, 6 * Components, Wave(0.5));
                var quantiles = Make(kernels, true, rows, 2, (_, _) => 7);
                var kept = Make(kernels, true, rows, Kernels<T>.KeptByLogisticMixture(Components, 2), (_, _) => 7);
                kernels.LogisticMixture(x, parameters, Components, results, kept);
                kernels.LogisticMixtureAdjoint(kept, parameters, Components, Adjoint(kernels, rows, 6, Wave(0.3)), dx, dparameters);
                kernels.LogisticMixtureQuantile(x, parameters, Components, quantiles);
                return [results, kept, dx, dparameters, quantiles];
            });
        }
    }

    [Test]
    public void Chains_of_reflections_and_their_adjoints_agree_with_the_scalar_formula([Values] bool block, [Values] bool reversed)
    {
        foreach (var rows in Lengths)
        {
            // The sum over the rows of shared vectors has another order in each width.
            Compare(SumTolerance, kernels =>
            {
                var vectors = Make(kernels, block, block ? rows : 1, 6, Wave(0.7));
                var (y, kept, adjoint) = (Make(kernels, true, rows, 3, (_, _) => 7), Make(kernels, true, rows, 6, (_, _) => 7), Adjoint(kernels, rows, 3, Wave(0.3)));
                var dvectors = Make(kernels, block, block ? rows : 1, 6, Wave(0.5));
                kernels.Reflect(Make(kernels, true, rows, 3, Wave(0.4)), vectors, reversed, y, kept);
                kernels.ReflectAdjoint(kept, vectors, reversed, adjoint, dvectors);
                return [y, kept, adjoint, dvectors];
            });
        }
    }

    [Test]
    public void Sums_and_repeats_of_segments_have_the_bits_of_the_scalar_formula([Values] bool block, [Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var sums = Make(kernels, block, rows, 2, Wave(0.1));
                var repeats = Make(kernels, block, rows, 6, Wave(0.2));
                kernels.SumSegments(Make(kernels, block, rows, 6, Wave(0.4)), 3, sums, accumulate);
                kernels.RepeatSegments(Make(kernels, block, rows, 2, Wave(0.4)), 3, repeats, accumulate);
                return [sums, repeats];
            });
        }
    }

    [Test]
    public void Running_sums_have_the_bits_of_the_scalar_formula([Values] bool block, [Values] bool exclusive, [Values] bool reverse, [Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var y = Make(kernels, block, rows, 8, Wave(0.2));
                kernels.CumulativeSum(Make(kernels, block, rows, 8, Wave(0.4)), 4, exclusive, reverse, y, accumulate);
                return [y];
            });
        }
    }

    [Test]
    public void Steps_of_the_Hartley_transform_have_the_bits_of_the_scalar_formula([Values] bool block, [Values(2, 3, 4, 5)] int radix, [Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                // Two fields of 2p × 3, and the step that joins pairs to the whole height.
                var columns = 12 * radix;
                var x = Make(kernels, block, rows, columns, Wave(0.4));
                var table = Make(kernels, false, 1, (4 * radix) + 1, Wave(0.7));
                var (joined, y) = (Make(kernels, block, rows, columns, (_, _) => 7), Make(kernels, block, rows, columns, Wave(0.2)));
                kernels.HartleyJoin(new HartleyStage(2 * radix, 2, radix, 3, 0), x, table, joined);
                kernels.HartleyPlane(2 * radix, 3, x, table, 4 * radix, y, accumulate);
                return [joined, y];
            });
        }
    }

    [Test]
    public void Sorted_columns_and_ranks_have_the_bits_of_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                // Whole numbers, so that some are equal.
                var x = Make(kernels, block, rows, 5, (row, column) => Math.Round(3 * Wave(0.4)(row, column)));
                var ranks = Make(kernels, block, rows, 5, (_, _) => 7);
                var y = Make(kernels, block, rows, 5, (_, _) => 7);
                var dx = Make(kernels, block, rows, 5, Wave(0.9));
                kernels.RankColumns(x, ranks);
                kernels.ArrangeByRank(x, ranks, y);
                kernels.ArrangeByRankAdjoint(Make(kernels, block, rows, 5, Wave(0.3)), ranks, dx);
                return [ranks, y, dx];
            });
        }
    }

    [Test]
    public void Small_products_have_the_bits_of_the_scalar_formula([Values] bool transposeA, [Values] bool transposeB, [Values(0, 1, 2, 3)] int shared)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var a = MakeSmall(kernels, (shared & 1) != 0, rows, 6, Wave(0.4));
                var b = MakeSmall(kernels, (shared & 2) != 0, rows, 12, Wave(0.7));
                var results = new Matrix<T>[3];
                for (var accumulate = -1; accumulate <= 1; accumulate++)
                {
                    results[accumulate + 1] = MakeSmall(kernels, shared == 3, rows, 8, Wave(0.1));
                    kernels.SmallProduct(a, transposeA, b, transposeB, 2, 3, 4, results[accumulate + 1], accumulate, MatrixRegion.Full);
                }

                return results;
            });
        }
    }

    [Test]
    public void Small_products_added_over_the_rows_agree_with_the_scalar_formula([ValueSource(nameof(_regions))] MatrixRegion region, [Values(-1, 1)] int accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var sum = Make(kernels, block: false, 1, 9, Wave(0.1));
                kernels.SmallProduct(Adjoint(kernels, rows, 6, Wave(0.4)), false, Make(kernels, block: true, rows, 6, Wave(0.7)), true, 3, 2, 3, sum, accumulate, region);
                return [sum];
            });
        }
    }

    [Test]
    public void Small_triangular_systems_have_the_bits_of_the_scalar_formula(
        [Values] bool upper, [Values] bool transposed, [Values] bool unitDiagonal, [Values(0, 1, 2, 3)] int shared)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var a = MakeSmall(kernels, (shared & 1) != 0, rows, 9, (row, element) => element % 4 == 0 ? 2 : Wave(0.4)(row, element));
                var b = MakeSmall(kernels, (shared & 2) != 0, rows, 6, Wave(0.7));
                var x = MakeSmall(kernels, shared == 3, rows, 6, (_, _) => 7);
                kernels.SmallTriangularSolve(a, upper, transposed, unitDiagonal, b, 3, 2, x);
                return [x];
            });
        }
    }

    [Test]
    public void Small_Cholesky_decompositions_and_their_adjoints_have_the_bits_of_the_scalar_formula([Values] bool shared, [Values(1, 2, 3)] int adjoints)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var a = MakeSmall(kernels, shared, rows, 9, (row, element) => element % 4 == 0 ? 5 : Wave(0.4)(row, element));
                var lower = MakeSmall(kernels, shared, rows, 9, (_, _) => 7);
                var logDet = MakeSmall(kernels, shared, rows, 1, (_, _) => 7);
                var da = MakeSmall(kernels, shared, rows, 9, Wave(0.2));
                kernels.SmallCholesky(a, 3, lower, logDet);
                kernels.SmallCholeskyAdjoint(
                    lower, 3, (adjoints & 1) != 0 ? MakeSmall(kernels, shared, rows, 9, Wave(0.6)) : default,
                    (adjoints & 2) != 0 ? MakeSmall(kernels, shared, rows, 1, Wave(0.8)) : default, da);
                return [lower, logDet, da];
            });
        }
    }

    [Test]
    public void Small_LU_decompositions_and_what_follows_have_the_bits_of_the_scalar_formula([Values] bool transposed, [Values(0, 1, 2, 3)] int shared)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                // The largest element of a column moves from row to row.
                var one = (shared & 1) != 0;
                var a = MakeSmall(kernels, one, rows, 16, (row, element) => ((element / 4) + row) % 4 == element % 4 ? 4 : Wave(0.4)(row, element));
                var b = MakeSmall(kernels, (shared & 2) != 0, rows, 8, Wave(0.7));
                var factors = MakeSmall(kernels, one, rows, 16, (_, _) => 7);
                var pivots = MakeSmall(kernels, one, rows, 4, (_, _) => 7);
                var logAbsDet = MakeSmall(kernels, one, rows, 1, (_, _) => 7);
                var sign = MakeSmall(kernels, one, rows, 1, (_, _) => 7);
                var x = MakeSmall(kernels, shared == 3, rows, 8, (_, _) => 7);
                var da = MakeSmall(kernels, one, rows, 16, Wave(0.3));
                kernels.SmallLu(a, 4, factors, pivots, logAbsDet, sign);
                kernels.SmallLuSolve(factors, pivots, transposed, b, 4, 2, x);
                kernels.SmallLuLogAdjoint(factors, pivots, 4, MakeSmall(kernels, one, rows, 1, Wave(0.8)), da);
                return [factors, pivots, logAbsDet, sign, x, da];
            });
        }
    }

    // A small matrix for every row, or a shared row for all.
    private static Matrix<T> MakeSmall(Kernels<T> kernels, bool shared, int rows, int elements, Func<int, int, double> value) =>
        Make(kernels, !shared, shared ? 1 : rows, elements, value);
}
