using System.Numerics;
using FlowCore.Compute;
using FlowCore.Random;
using NUnit.Framework;

namespace FlowCore.Tests.Compute;

/// <summary>
/// Every kernel of other devices or register widths against the same kernel in <see cref="ScalarLane{T}"/>: the tests are written
/// once, and a fixture says what is compared.
/// </summary>
internal abstract partial class KernelAgreementTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly double _epsilon = typeof(T) == typeof(float) ? 1.2e-7 : 2.3e-16;

    // Reordered sums: terms of size 1 to 30, each rounded once in either order.
    private double SumTolerance => Math.Max(200, LongestSum) * 30 * _epsilon;

    private static readonly IReadOnlyList<UnaryFunction> _unaries = UnaryFunction.All;

    private static readonly IReadOnlyList<BinaryFunction> _binaries = BinaryFunction.All;

    private static readonly OptimiserRule[] _rules = Enum.GetValues<OptimiserRule>();

    private static readonly string[] _splines = SplineVariants.Names;

    [Test]
    public void Unary_functions_have_the_bits_of_the_scalar_formula([ValueSource(nameof(_unaries))] UnaryFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Argument(function));
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                kernels.Unary(function, x, y);
                return [y];
            });
        }
    }

    [Test]
    public void Unary_adjoints_have_the_bits_of_the_scalar_formula([ValueSource(nameof(_unaries))] UnaryFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Argument(function));
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                var dy = Make(kernels, block, rows, 3, Wave(0.3));
                var dx = Make(kernels, block, rows, 3, Wave(0.9));
                kernels.Unary(function, x, y);
                kernels.UnaryAdjoint(function, x, y, dy, dx);
                return [dx];
            });
        }
    }

    [Test]
    public void Unary_tangents_and_their_adjoints_have_the_bits_of_the_scalar_formula([ValueSource(nameof(_unaries))] UnaryFunction function, [Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Argument(function));
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                var v = Make(kernels, block, rows, 3, Wave(0.6));
                var u = Make(kernels, block, rows, 3, (_, _) => 7);
                var du = Make(kernels, block, rows, 3, Wave(0.3));
                var dx = Make(kernels, block, rows, 3, Wave(0.9));
                var dv = Make(kernels, block, rows, 3, Wave(0.8));
                kernels.Unary(function, x, y);
                kernels.UnaryTangent(function, x, y, v, u);
                kernels.UnaryTangentAdjoint(function, x, y, v, du, dx, dv);
                kernels.UnaryTangentAdjoint(function, x, y, v, du, dx, default);
                kernels.UnaryTangentAdjoint(function, x, y, v, du, default, dv);
                return [u, dx, dv];
            });
        }
    }

    [Test]
    public void Choices_and_their_adjoints_agree_with_the_scalar_formula([Values] bool first)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (shape, other) in Shapes(rows))
            {
                // Each of the three operands takes each of both shapes.
                foreach (var turn in (int[])[0, 1, 2])
                {
                    Compare(SumTolerance, kernels =>
                    {
                        var mask = Make(kernels, turn == 0 ? shape : other, (row, column) => (row + column) % 3 == 0 ? 0 : 1);
                        var a = Make(kernels, turn == 1 ? shape : other, Wave(0.4));
                        var b = Make(kernels, turn == 2 ? shape : other, Wave(0.7));
                        var y = Make(
                            kernels, mask.IsBlock || a.IsBlock || b.IsBlock, Math.Max(mask.Rows, Math.Max(a.Rows, b.Rows)), Math.Max(mask.Columns, Math.Max(a.Columns, b.Columns)), Wave(0.5));
                        var dy = Make(kernels, y.IsBlock, y.Rows, y.Columns, Wave(0.5));
                        var d = Make(kernels, first ? (turn == 1 ? shape : other) : (turn == 2 ? shape : other), Wave(0.1));
                        kernels.Select(mask, a, b, y);
                        kernels.SelectAdjoint(mask, first, dy, d);
                        return [y, d];
                    });
                }
            }
        }
    }

    [Test]
    public void Binary_functions_have_the_bits_of_the_scalar_formula([ValueSource(nameof(_binaries))] BinaryFunction function)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (first, second) in Shapes(rows))
            {
                Compare(0, kernels =>
                {
                    var a = Make(kernels, first, First(function));
                    var b = Make(kernels, second, Positive(0.7));
                    var y = Result(kernels, a, b);
                    kernels.Binary(function, a, b, y);
                    return [y];
                });
            }
        }
    }

    [Test]
    public void Binary_adjoints_agree_with_the_scalar_formula([ValueSource(nameof(_binaries))] BinaryFunction function)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (first, second) in Shapes(rows))
            {
                Compare(SumTolerance, kernels =>
                {
                    var a = Make(kernels, first, First(function));
                    var b = Make(kernels, second, Positive(0.7));
                    var dy = Result(kernels, a, b);
                    var da = Make(kernels, first, Wave(0.1));
                    var db = Make(kernels, second, Wave(0.2));
                    kernels.BinaryAdjoint(function, a, b, dy, da, db);
                    return [da, db];
                });
            }
        }
    }

    [Test]
    public void Scale_and_shift_have_the_bits_of_the_scalar_formula([Values] bool block, [Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 3, Wave(0.4));
                var y = Make(kernels, block, rows, 3, Wave(0.6));
                kernels.ScaleShift(x, T.CreateTruncating(1.7), T.CreateTruncating(-0.3), y, accumulate);
                return [y];
            });
        }
    }

    [Test]
    public void Copies_have_the_same_bits_in_every_width([Values] bool accumulate)
    {
        foreach (var rows in Lengths)
        {
            foreach (var (from, to) in (((bool, int, int), (bool, int, int))[])[
                ((true, rows, 3), (true, rows, 3)), ((false, 1, 3), (true, rows, 3)), ((false, rows, 3), (false, rows, 3))])
            {
                Compare(0, kernels =>
                {
                    var x = Make(kernels, from, Wave(0.4));
                    var y = Make(kernels, to, Wave(0.6));
                    kernels.Copy(x, y, accumulate);
                    return [y];
                });
            }
        }
    }

    [Test]
    public void Sums_agree_with_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block, rows, 5, Wave(0.4));
                var overColumns = Make(kernels, block, rows, 1, (_, _) => 7);
                var overRows = Make(kernels, block: false, 1, 5, (_, _) => 7);
                kernels.SumColumns(x, overColumns);
                kernels.SumRows(x, overRows);
                return [overColumns, overRows];
            });
        }
    }

    [Test]
    public void Adjoints_of_sums_have_the_same_bits_in_every_width([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var first = Make(kernels, block, rows, 5, Wave(0.4));
                var second = Make(kernels, block, rows, 5, Wave(0.5));
                kernels.BroadcastAdd(Make(kernels, block, rows, 1, Wave(0.6)), first);
                kernels.BroadcastAdd(Make(kernels, block: false, 1, 5, Wave(0.7)), second);
                return [first, second];
            });
        }
    }

    [Test]
    public void Log_sum_exp_and_its_adjoint_have_the_bits_of_the_scalar_formula([Values] bool block)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var x = Make(kernels, block, rows, 5, (row, column) => 20 * Math.Sin((row * 1.3) + (column * 2.1)));
                var y = Make(kernels, block, rows, 1, (_, _) => 7);
                var dx = Make(kernels, block, rows, 5, Wave(0.3));
                kernels.LogSumExp(x, y);
                kernels.LogSumExpAdjoint(x, y, Make(kernels, block, rows, 1, Wave(0.8)), dx);
                return [y, dx];
            });
        }
    }

    [Test]
    public void Gathered_and_scattered_columns_have_the_same_bits_in_every_width([Values] bool block)
    {
        int[] indices = [2, 0, 2];
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var y = Make(kernels, block, rows, 3, (_, _) => 7);
                var dx = Make(kernels, block, rows, 4, Wave(0.3));
                kernels.GatherColumns(Make(kernels, block, rows, 4, Wave(0.2)), indices, y);
                kernels.ScatterAddColumns(Make(kernels, block, rows, 3, Wave(0.8)), indices, dx);
                return [y, dx];
            });
        }
    }

    [Test]
    public void The_normal_log_density_and_its_adjoint_agree_with_the_scalar_formula([Values] bool located, [Values] bool scaled)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 3, Wave(0.4));
                var location = located ? Make(kernels, block: false, 1, 3, Wave(0.2)) : default;
                var scale = scaled ? Make(kernels, block: false, 1, 3, Positive(0.2)) : default;
                var y = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dy = Make(kernels, block: true, rows, 1, Wave(0.9));
                var dx = Make(kernels, block: true, rows, 3, Wave(0.3));
                var dlocation = Make(kernels, block: false, 1, 3, Wave(0.3));
                var dscale = Make(kernels, block: false, 1, 3, Wave(0.3));
                kernels.NormalLogDensity(x, location, scale, y);
                kernels.NormalLogDensityAdjoint(x, location, scale, dy, dx, located ? dlocation : default, scaled ? dscale : default);
                return [y, dx, dlocation, dscale];
            });
        }
    }

    [Test]
    public void Triangular_solutions_have_the_bits_of_the_scalar_formula([Values] bool transposed, [Values] bool unitDiagonal)
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var lower = Make(kernels, block: false, 3, 3, (row, column) => row == column ? 2 : 0.3 * (row - (2 * column)));
                var block = Make(kernels, block: true, rows, 3, Wave(0.2));
                var shared = Make(kernels, block: false, rows, 3, Wave(0.2));
                kernels.TriangularSolve(lower, transposed, unitDiagonal, block, block);
                kernels.TriangularSolve(lower, transposed, unitDiagonal, shared, shared);
                return [block, shared];
            });
        }
    }

    [Test]
    public void Matrix_adjoints_of_triangular_systems_agree_with_the_scalar_formula([Values] bool transposed, [Values] bool unitDiagonal)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var dlower = Make(kernels, block: false, 3, 3, Wave(0.1));
                kernels.TriangularSolveMatrixAdjoint(
                    Make(kernels, block: true, rows, 3, Wave(0.2)), Make(kernels, block: true, rows, 3, Wave(0.7)), transposed, unitDiagonal, dlower);
                return [dlower];
            });
        }
    }

    [Test]
    public void Optimiser_sweeps_have_the_bits_of_the_scalar_formula([ValueSource(nameof(_rules))] OptimiserRule rule, [Values(1, 7, 400)] int step)
    {
        // A range within the buffers: what lies before and behind it must stay as it was.
        foreach (var length in Lengths)
        {
            Compare(0, kernels =>
            {
                var parameters = Make(kernels, block: false, 1, length + 8, Wave(0.1));
                var gradients = Make(kernels, block: false, 1, length + 8, Wave(0.2));
                var first = Make(kernels, block: false, 1, length + 8, Wave(0.3));
                var second = Make(kernels, block: false, 1, length + 8, Positive(0.4));
                kernels.OptimiserSweep(
                    new OptimiserStep(rule, step, 0.01, 0.9, 0.99, 1e-8, 0.1, 0.5),
                    parameters.Memory!, gradients.Memory!, first.Memory!, second.Memory!, start: 3, length);
                return [parameters, gradients, first, second];
            });
        }
    }

    [Test]
    public void Gradient_sums_have_the_bits_of_the_scalar_formula([Values(1, 2, 3)] int count, [Values] bool inPlace)
    {
        foreach (var length in Lengths)
        {
            var squares = new List<double>();
            Compare(0, kernels =>
            {
                var slots = new DeviceMemory<T>[4];
                for (var slot = 0; slot < slots.Length; slot++)
                    slots[slot] = Make(kernels, block: false, 1, length + 8, Wave(slot)).Memory!;
                var sum = Make(kernels, block: false, 1, length + 8, Wave(9));
                if (inPlace)
                    sum = sum with { Memory = slots[0] };
                squares.Add(TestMatrix.ReduceGradients(kernels, slots, count, sum.Memory!, start: 3, length));
                return [sum];
            });

            // The squares of float numbers are exact in double; those of double, and the sums, are rounded once a term.
            Assert.That(squares, Is.All.EqualTo(squares[0]).Within(SumsInOtherOrder ? LongestSum * 20 * 2.3e-16 : 0));
        }
    }

    [Test]
    public void Weighted_sums_agree_with_the_scalar_formula([Values] bool weighted)
    {
        foreach (var rows in Lengths)
        {
            var sums = new List<double[]>();
            Compare(0, kernels =>
            {
                using var memory = kernels.AllocateSums(4);
                kernels.WeightedSum(Make(kernels, block: true, rows, 1, Wave(0.4)), weighted ? Make(kernels, block: true, rows, 1, Positive(0.4)) : default, memory, at: 1);
                var read = new double[4];
                kernels.ReadSums(memory, read);
                sums.Add(read);
                return [];
            });

            // Terms of size 5, each rounded once in either order.
            foreach (var other in sums)
                Assert.That(other, Is.EqualTo(sums[0]).Within(LongestSum * 5 * 2.3e-16));
        }
    }

    [Test]
    public void Random_blocks_have_the_bits_of_the_stream([Values] RandomDistribution distribution)
    {
        foreach (var rows in Lengths)
        {
            Compare(Rounding, kernels =>
            {
                var block = Make(kernels, block: true, rows, 3, (_, _) => 7);
                if (distribution == RandomDistribution.Normal)
                    kernels.FillNormal(new RandomStream(5, 2), 1001, block);
                else
                    kernels.FillUniform(new RandomStream(5, 2), 1001, block);
                return [block];
            });
        }
    }

    [Test]
    public void Linear_layers_agree_with_the_scalar_formula([ValueSource(nameof(_unaries))] UnaryFunction activation, [Values] bool masked)
    {
        foreach (var (rows, inputs, outputs) in Products)
        {
            Compare(SumTolerance, kernels =>
            {
                var staircase = masked ? Steps(inputs, outputs) : null;
                var x = Make(kernels, block: true, rows, inputs, Wave(0.2));
                var weight = Weight(kernels, inputs, outputs, staircase, WeightScale(activation));
                var keeps = activation.DerivativeNeedsArgument;
                var y = Make(kernels, block: true, rows, outputs, (_, _) => 7);
                var kept = Make(kernels, block: true, rows, outputs, (_, _) => 7);
                var plain = Make(kernels, block: true, rows, outputs, (_, _) => 7);
                kernels.Linear(x, weight, Make(kernels, block: false, 1, outputs, Argument(activation)), activation, y, keeps ? kept : default, staircase);
                if (WeightScale(activation) == 1)
                    kernels.Linear(x, weight, default, activation, plain, default, staircase);
                return [y, kept, plain];
            });
        }
    }

    [Test]
    public void A_layer_s_adjoints_agree_with_the_scalar_formula([Values] bool masked, [Values] bool accumulate)
    {
        foreach (var (rows, inputs, outputs) in Products)
        {
            Compare(SumTolerance, kernels =>
            {
                var staircase = masked ? Steps(inputs, outputs) : null;
                var x = Make(kernels, block: true, rows, inputs, Wave(0.2));
                var dy = Adjoint(kernels, rows, outputs, Wave(0.7));
                var dx = Make(kernels, block: true, rows, inputs, Wave(0.4));
                var dweight = Make(kernels, block: false, inputs, outputs, Wave(0.5));
                kernels.LinearInputAdjoint(Weight(kernels, inputs, outputs, staircase), dy, dx, staircase, accumulate);
                kernels.LinearWeightAdjoint(dy, x, dweight, staircase);
                return [dx, dweight];
            });
        }
    }

    [Test]
    public void A_prefix_of_the_inputs_and_a_range_of_the_outputs_agree_with_the_scalar_formula()
    {
        Compare(SumTolerance, kernels =>
        {
            var x = Make(kernels, block: true, 33, 9, Wave(0.2));
            var weight = Make(kernels, block: false, 9, 12, Wave(0.3)).Slice(4, 5);
            var y = Make(kernels, block: true, 33, 12, (_, _) => 7);
            var dx = Make(kernels, block: true, 33, 9, Wave(0.1));
            var dweight = Make(kernels, block: false, 9, 12, Wave(0.6));
            kernels.Linear(x.Slice(0, 6), weight, Make(kernels, block: false, 1, 12, Wave(0.9)).Slice(4, 5), UnaryFunction.Elu, y.Slice(4, 5), default, null);
            var dy = Adjoint(kernels, 33, 5, Wave(0.7));
            kernels.LinearInputAdjoint(weight, dy, dx.Slice(0, 6), null, accumulate: true);
            kernels.LinearWeightAdjoint(dy, x.Slice(0, 6), dweight.Slice(4, 5), null);
            return [y, dx, dweight];
        });
    }

    [Test]
    public void Activation_adjoints_agree_with_the_scalar_formula([ValueSource(nameof(_unaries))] UnaryFunction activation, [Values] bool biased)
    {
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 3, Wave(0.2));
                var y = Make(kernels, block: true, rows, 4, (_, _) => 7);
                var kept = Make(kernels, block: true, rows, 4, (_, _) => 7);
                var keeps = activation.DerivativeNeedsArgument;
                var bias = Make(kernels, block: false, 1, 4, Argument(activation));
                kernels.Linear(x, Weight(kernels, 3, 4, null, WeightScale(activation)), bias, activation, y, keeps ? kept : default, null);
                var dy = Adjoint(kernels, rows, 4, Wave(0.8));
                var dbias = Make(kernels, block: false, 1, 4, Wave(0.1));
                kernels.ActivationAdjoint(activation, y, keeps ? kept : default, dy, biased ? dbias : default);
                return [dy, dbias];
            });
        }
    }

    [Test]
    public void Splines_and_their_adjoints_agree_with_the_scalar_formula([Values] bool inverse, [Values] bool shared, [Values(2, 5)] int bins, [Values] bool overwrite)
    {
        var settings = new SplineSettings(bins, 3);
        var count = settings.ParametersPerFeature;
        // Only adjoints of which every number is written are overwritten.
        var features = overwrite ? 2 : 3;
        int[] positions = [features - 1, 0];
        foreach (var rows in Lengths)
        {
            // Steep bins magnify roundings, by up to 30 for such parameters.
            Compare(30 * SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 2, (row, column) => 3.4 * Math.Sin((row * 0.7) + (column * 2.3)));
                var parameters = Make(kernels, !shared, shared ? 1 : rows, features * count, Wave(0.3));
                var y = Make(kernels, block: true, rows, 2, (_, _) => 7);
                var logDet = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dx = Adjoint(kernels, rows, 2, Wave(0.3));
                var dparameters = shared ? Make(kernels, block: false, 1, features * count, Wave(0.3)) : Adjoint(kernels, rows, features * count, Wave(0.3));
                kernels.Spline(inverse, settings, x, parameters, positions, y, logDet);
                kernels.SplineAdjoint(
                    inverse, settings, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), Adjoint(kernels, rows, 1, Wave(0.6)), dx, dparameters, overwrite);
                var one = Make(kernels, block: true, rows, 1, (_, _) => 7);
                kernels.Spline(inverse, settings, x.Slice(1, 1), parameters, [1], y.Slice(1, 1), one);
                kernels.SplineAdjoint(inverse, settings, x, parameters, positions, y, default, Adjoint(kernels, rows, 1, Wave(0.6)), dx, default, false);
                kernels.SplineAdjoint(inverse, settings, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), default, default, dparameters, false);
                return [y, logDet, one, dx, dparameters];
            });
        }
    }

    [Test]
    public void Splines_of_other_ends_and_tails_agree_with_the_scalar_formula([ValueSource(nameof(_splines))] string name, [Values] bool inverse, [Values] bool shared, [Values] bool overwrite)
    {
        var settings = SplineVariants.Settings(name);
        var (lower, upper) = inverse ? (settings.LowerImage, settings.UpperImage) : (settings.Lower, settings.Upper);
        var middle = 0.5 * (lower + upper);
        var half = (settings.Tails == SplineTails.None ? 0.49 : 0.6) * (upper - lower);
        var count = settings.ParametersPerFeature;
        // Only adjoints of which every number is written are overwritten.
        var features = overwrite ? 2 : 3;
        int[] positions = [features - 1, 0];
        foreach (var rows in Lengths)
        {
            // Steep bins magnify roundings, by up to 30 for such parameters.
            Compare(30 * SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 2, (row, column) =>
                    middle + (half * Math.Sin((row * 0.7) + (column * 2.3))));
                var parameters = Make(kernels, !shared, shared ? 1 : rows, features * count, Wave(0.3));
                var y = Make(kernels, block: true, rows, 2, (_, _) => 7);
                var logDet = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dx = Adjoint(kernels, rows, 2, Wave(0.3));
                var dparameters = shared ? Make(kernels, block: false, 1, features * count, Wave(0.3)) : Adjoint(kernels, rows, features * count, Wave(0.3));
                kernels.Spline(inverse, settings, x, parameters, positions, y, logDet);
                kernels.SplineAdjoint(
                    inverse, settings, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), Adjoint(kernels, rows, 1, Wave(0.6)), dx, dparameters, overwrite);
                var one = Make(kernels, block: true, rows, 1, (_, _) => 7);
                kernels.Spline(inverse, settings, x.Slice(1, 1), parameters, [1], y.Slice(1, 1), one);
                kernels.SplineAdjoint(inverse, settings, x, parameters, positions, y, default, Adjoint(kernels, rows, 1, Wave(0.6)), dx, default, false);
                kernels.SplineAdjoint(inverse, settings, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), default, default, dparameters, false);
                return [y, logDet, one, dx, dparameters];
            });
        }
    }

    [Test]
    public void Affine_maps_and_their_adjoints_agree_with_the_scalar_formula([Values] bool inverse, [Values] bool shared, [Values(0.0, 1e-3)] double slope, [Values] bool overwrite)
    {
        // Only adjoints of which every number is written are overwritten.
        var features = overwrite ? 2 : 3;
        int[] positions = [features - 1, 0];
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 2, Wave(0.1));
                var parameters = Make(kernels, !shared, shared ? 1 : rows, 2 * features, Wave(0.3));
                var y = Make(kernels, block: true, rows, 2, (_, _) => 7);
                var logDet = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dx = Adjoint(kernels, rows, 2, Wave(0.3));
                var dparameters = shared ? Make(kernels, block: false, 1, 2 * features, Wave(0.3)) : Adjoint(kernels, rows, 2 * features, Wave(0.3));
                kernels.Affine(inverse, slope, x, parameters, positions, y, logDet);
                kernels.AffineAdjoint(
                    inverse, slope, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), Adjoint(kernels, rows, 1, Wave(0.6)), dx, dparameters, overwrite);
                kernels.AffineAdjoint(inverse, slope, x, parameters, positions, y, default, Adjoint(kernels, rows, 1, Wave(0.6)), dx, default, false);
                kernels.AffineAdjoint(inverse, slope, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), default, default, dparameters, false);
                return [y, logDet, dx, dparameters];
            });
        }
    }

    [Test]
    public void Gaussianizations_and_their_adjoints_agree_with_the_scalar_formula([Values] bool inverse, [Values] bool shared, [Values(0.0, 1e-3)] double squeeze, [Values] bool overwrite)
    {
        const int Components = 3;
        const int Count = 2 * Components;
        // Only adjoints of which every number is written are overwritten.
        var features = overwrite ? 2 : 3;
        int[] positions = [features - 1, 0];
        foreach (var rows in Lengths)
        {
            // The slope of such maps is between a fifth and 3, which magnifies the roundings of the root and those of its slope.
            Compare(10 * SumTolerance, kernels =>
            {
                // Some numbers are beyond the squeeze.
                var x = Make(kernels, block: true, rows, 2, (row, column) => 3.6 * Math.Sin((row * 0.7) + (column * 2.3)));
                var parameters = Make(kernels, !shared, shared ? 1 : rows, Count * features, Wave(0.3));
                var y = Make(kernels, block: true, rows, 2, (_, _) => 7);
                var logDet = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dx = Adjoint(kernels, rows, 2, Wave(0.3));
                var dparameters = shared ? Make(kernels, block: false, 1, Count * features, Wave(0.3)) : Adjoint(kernels, rows, Count * features, Wave(0.3));
                kernels.Gaussianization(inverse, Components, squeeze, x, parameters, positions, y, logDet);
                kernels.GaussianizationAdjoint(
                    inverse, Components, squeeze, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), Adjoint(kernels, rows, 1, Wave(0.6)), dx, dparameters, overwrite);
                kernels.GaussianizationAdjoint(
                    inverse, Components, squeeze, x, parameters, positions, y, default, Adjoint(kernels, rows, 1, Wave(0.6)), dx, default, false);
                kernels.GaussianizationAdjoint(
                    inverse, Components, squeeze, x, parameters, positions, y, Adjoint(kernels, rows, 2, Wave(0.5)), default, default, dparameters, false);
                return [y, logDet, dx, dparameters];
            });
        }
    }

    [Test]
    public void Residuals_and_their_adjoints_agree_with_the_scalar_formula([Values] bool inverse, [Values] bool shared, [Values(1, -1)] int sign, [Values] bool overwrite)
    {
        var settings = new ResidualSettings([0.3, -0.2, 0], [1, 2, 0.5], [(0, 1), (1, 2)], 0.2, 0.3, sign);
        foreach (var rows in Lengths)
        {
            Compare(SumTolerance, kernels =>
            {
                var x = Make(kernels, block: true, rows, 2, Wave(0.1));
                var nuisances = Make(kernels, !shared, shared ? 1 : rows, 3, Wave(0.3));
                var coefficients = new Matrix<T>[5];
                var dcoefficients = new Matrix<T>[5];
                for (var i = 0; i < coefficients.Length; i++)
                {
                    var phase = i;
                    coefficients[i] = Make(kernels, block: true, rows, i < 3 ? 8 : 4, (row, column) => 0.1 * Wave(phase)(row, column));
                    dcoefficients[i] = Adjoint(kernels, rows, i < 3 ? 8 : 4, Wave(i));
                }

                var y = Make(kernels, block: true, rows, 2, (_, _) => 7);
                var logDet = Make(kernels, block: true, rows, 1, (_, _) => 7);
                var dx = Adjoint(kernels, rows, 2, Wave(0.3));
                var dnuisances = shared ? Make(kernels, block: false, 1, 3, Wave(0.3)) : Adjoint(kernels, rows, 3, Wave(0.3));
                kernels.Residual(inverse, settings, x, nuisances, coefficients, y, logDet);
                kernels.ResidualAdjoint(
                    inverse, settings, x, nuisances, coefficients, y, Adjoint(kernels, rows, 2, Wave(0.5)), Adjoint(kernels, rows, 1, Wave(0.6)),
                    dx, dnuisances, dcoefficients, overwrite);
                kernels.ResidualAdjoint(
                    inverse, settings, x, nuisances, coefficients, y, default, Adjoint(kernels, rows, 1, Wave(0.6)), default, default,
                    [dcoefficients[0], default, default, dcoefficients[3], default], overwriteCoefficients: false);
                return [y, logDet, dx, dnuisances, .. dcoefficients];
            });
        }
    }

    [Test]
    public void Logarithms_of_determinants_agree_with_the_scalar_formula()
    {
        Compare(SumTolerance, kernels =>
        {
            var matrix = Make(kernels, block: false, 4, 4, (row, column) => row == column ? 0.5 - row : 0.1);
            var y = Make(kernels, block: false, 1, 1, (_, _) => 7);
            var dmatrix = Make(kernels, block: false, 4, 4, Wave(0.2));
            kernels.LogAbsDiagonal(matrix, y);
            kernels.LogAbsDiagonalAdjoint(matrix, Make(kernels, block: false, 1, 1, (_, _) => 1.5), dmatrix);
            return [y, dmatrix];
        });
    }

    [Test]
    public void Memory_is_filled_and_read_as_on_the_processor()
    {
        foreach (var rows in Lengths)
        {
            Compare(0, kernels =>
            {
                var filled = Make(kernels, block: true, rows, 3, Wave(0.2));
                var cleared = Make(kernels, block: true, rows, 3, Wave(0.4));
                var shared = Make(kernels, block: false, rows, 3, Wave(0.4));
                kernels.Fill(filled, T.CreateTruncating(2.5));
                kernels.ClearPadding(cleared);
                kernels.Fill(shared.Slice(1, 1), T.CreateTruncating(2.5));
                kernels.Write([T.One, T.Zero], shared.Memory!, (3 * rows) - 2);
                Assert.That(TestMatrix.Read(kernels, cleared), Is.EqualTo(TestMatrix.Read(kernels, Make(kernels, block: true, rows, 3, Wave(0.4)))));
                return [filled, cleared, shared];
            });
        }
    }

    /// <summary>The kernels that are compared with the scalar ones.</summary>
    protected abstract IEnumerable<(string Name, Kernels<T> Kernels)> Others { get; }

    /// <summary>Rows around whatever matters to the other kernels.</summary>
    protected abstract IReadOnlyList<int> Lengths { get; }

    /// <summary>Rows, inputs and outputs of products.</summary>
    protected abstract IReadOnlyList<(int Rows, int Inputs, int Outputs)> Products { get; }

    private int LongestSum => Math.Max(Lengths.Max(), Products.Max(product => product.Rows));

    /// <summary>Whether sums of squares are added in another order.</summary>
    protected virtual bool SumsInOtherOrder => false;

    /// <summary>What an elementwise result of size 1 may differ by: 0 where every operation is rounded as the processor's.</summary>
    protected virtual double Rounding => 0;

    private void Compare(double tolerance, Func<Kernels<T>, Matrix<T>[]> run)
    {
        using var scalar = TransformKernels.Scalar<T>();
        var expected = Run(scalar, run);
        foreach (var (name, kernels) in Others)
            Compare(name, Math.Max(tolerance, Rounding), expected, Run(kernels, run));
    }

    private static void Compare(string name, double tolerance, List<T[]> expected, List<T[]> actual)
    {
        for (var matrix = 0; matrix < expected.Count; matrix++)
        {
            for (var i = 0; i < expected[matrix].Length; i++)
            {
                // Relative to numbers above one; infinite numbers must be equal.
                var value = double.CreateTruncating(expected[matrix][i]);
                if (double.IsInfinity(value) && actual[matrix][i] == expected[matrix][i])
                    continue;
                var difference = Math.Abs(value - double.CreateTruncating(actual[matrix][i]));
                if (!(difference <= tolerance * Math.Max(1, Math.Abs(value))))
                    Assert.Fail($"{name}: number {i} of matrix {matrix} is {actual[matrix][i]}, the scalar one {expected[matrix][i]}.");
            }
        }
    }

    private static List<T[]> Run(Kernels<T> kernels, Func<Kernels<T>, Matrix<T>[]> run)
    {
        var results = new List<T[]>();
        foreach (var matrix in run(kernels))
            results.Add(TestMatrix.Everything(kernels, matrix));
        return results;
    }

    // Ends that rise in uneven steps, from an output that sees nothing to one that sees all.
    private static Staircase Steps(int inputs, int outputs)
    {
        var ends = new int[outputs];
        for (var output = 0; output < outputs; output++)
            ends[output] = outputs == 1 ? inputs : output / 3 * 3 * inputs / (outputs - 1);
        return new Staircase(inputs, ends);
    }

    // As parameters are kept: zero outside the staircase.
    private static Matrix<T> Weight(Kernels<T> kernels, int inputs, int outputs, Staircase? staircase, double scale = 1) => Make(
        kernels, block: false, inputs, outputs,
        (input, output) => staircase is not null && input >= staircase.InputEnd[output] ? 0 : scale * Wave(0.3)(input, output));

    // Weights that keep the argument of a function with a bounded range near the bias, which is inside.
    private static double WeightScale(UnaryFunction function) => double.IsFinite(function.Lowest) || double.IsFinite(function.Highest) ? 0.001 : 1;

    // A block whose padding is zero.
    private static Matrix<T> Adjoint(Kernels<T> kernels, int rows, int columns, Func<int, int, double> value)
    {
        var block = TestMatrix.Block(kernels, rows, columns, value);
        kernels.ClearPadding(block);
        return block;
    }

    private static Matrix<T> Make(Kernels<T> kernels, bool block, int rows, int columns, Func<int, int, double> value) =>
        block ? TestMatrix.Block(kernels, rows, columns, value) : TestMatrix.Shared(kernels, rows, columns, value);

    private static Matrix<T> Make(Kernels<T> kernels, (bool Block, int Rows, int Columns) shape, Func<int, int, double> value) =>
        Make(kernels, shape.Block, shape.Rows, shape.Columns, value);

    private static Matrix<T> Result(Kernels<T> kernels, in Matrix<T> a, in Matrix<T> b) =>
        Make(kernels, a.IsBlock || b.IsBlock, Math.Max(a.Rows, b.Rows), Math.Max(a.Columns, b.Columns), Wave(0.5));

    private static Func<int, int, double> Wave(double phase) => (row, column) => 1.5 * Math.Sin(phase + (row * 0.7) + (column * 2.3));

    private static Func<int, int, double> Positive(double phase) => (row, column) => 2.1 + Math.Sin(phase + (row * 0.7) + (column * 2.3));

    private static Func<int, int, double> Argument(UnaryFunction function) => (row, column) => FunctionRange.Of(function, Wave(0.4)(row, column));

    private static Func<int, int, double> First(BinaryFunction function) => (row, column) => FunctionRange.OfFirst(function, Wave(0.4)(row, column));

    // (block, rows, columns) of both operands: equal shapes and every way of repeating one.
    private static ((bool, int, int) First, (bool, int, int) Second)[] Shapes(int rows) =>
    [
        ((true, rows, 3), (true, rows, 3)),
        ((true, rows, 1), (true, rows, 3)),
        ((true, rows, 3), (true, rows, 1)),
        ((true, rows, 3), (false, 1, 3)),
        ((false, 1, 3), (true, rows, 3)),
        ((true, rows, 1), (false, 1, 3)),
        ((false, 1, 1), (true, rows, 3)),
        ((false, rows, 3), (false, rows, 3)),
        ((false, rows, 3), (false, 1, 3)),
        ((false, rows, 1), (false, rows, 3)),
        ((false, rows, 3), (false, 1, 1)),
        ((false, 1, rows), (false, 1, rows)),
    ];
}
