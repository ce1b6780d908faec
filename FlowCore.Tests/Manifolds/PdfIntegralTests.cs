using FlowCore.Manifolds;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Every density integrates to one, per embedding measure: each letter, each option that changes its map, chains and products of two dimensions.</summary>
[TestFixture]
internal sealed class PdfIntegralTests
{
    private const double Tolerance = 1e-6;

    private static readonly IReadOnlyList<PdfCase> _cases =
    [
        .. new[] { 'g', 'h' }.SelectMany(letter => (PdfCase[])
        [
            new("e1", $"{letter}"), new("e1", $"{letter}{letter}"), new("e1", $"{letter}", ("softplus_for_width", 1)), new("e1", $"{letter}", ("width_smooth_saturation", 0)),
            new("e1", $"{letter}", ("clamp_widths", 1)), new("e1", $"{letter}", ("upper_bound_for_widths", 1), ("lower_bound_for_widths", 0.1)),
            new("e1", $"{letter}", ("fit_normalization", 0)), new("e1", $"{letter}", ("regulate_normalization", 0)), new("e1", $"{letter}{letter}", ("add_skewness", 1)),
            new("e1", $"{letter}", ("inverse_function_type", "inormal_partly_precise")), new("e1", $"{letter}", ("inverse_function_type", "inormal_partly_crude")),
            new("e1", $"{letter}", ("inverse_function_type", "inormal_full_pade")), new("e1", $"{letter}{letter}", ("replace_first_sigmoid_with_icdf", 0)), new("e1", $"{letter}", ("num_kde", 1)),
        ]),
        new("e1", "g", ("center_mean", 1)), new("e1", "g", ("skip_model_offset", 1)),
        new("e1", "g", ("nonlinear_stretch_type", "rq_splines")), new("e1", "gg", ("nonlinear_stretch_type", "rq_splines")),
        .. ((string[])["identity", "diagonal_symmetric", "diagonal", "full"]).Select(kind => new PdfCase("e1", "t", ("cov_type", kind))),
        new("e1", "t", ("softplus_for_width", 1)), new("e1", "t", ("width_smooth_saturation", 0)), new("e1", "x"), new("e1", "x", ("add_offset", 1)),
        new("e1", "p"), new("e1", "p", ("softening", 0.5)), new("e1", "p", ("num_transforms", 2)), new("e1", "p", ("max_log_exponent", 0.5)), new("e1", "gt"), new("e1", "pg"), new("e1", "gggt"),
        .. ((string[])["householder", "angles", "triangular_combination", "cayley", "none"]).Select(mode => new PdfCase("e2", "g", ("rotation_mode", mode))),
        new("e2", "gg", ("add_skewness", 1)), new("e2", "g", ("center_mean", 1)), new("e2", "g", ("nonlinear_stretch_type", "rq_splines")), new("e2", "g", ("num_householder_iter", 1)),
        new("e2", "h"), new("e2", "t", ("cov_type", "full")), new("e2", "p", ("num_transforms", 2)), new("e2", "ggt"),
        .. ((string[])["i1", "i1_-1_1", "i1_-3_3", "i1_2_5", "i1_0_10"]).SelectMany(interval => (PdfCase[])[new(interval, "z"), new(interval, "r"), new(interval, "rr")]),
        new("s1", "mo"), new("s1", "oo"), new("s1", "mm"), new("s1", "y", ("add_rotation", 1)), new("s2", "y", ("add_rotation", 1)), new("s2", "fv"), new("s2", "vv"),
        new("a1", "w"), new("a1", "w", ("num_basis_functions", 3), ("inner_flow_defs", "r")), new("a1", "u"), new("a1", "uw"), new("a2", "w", ("num_basis_functions", 4), ("hidden_dims", "8")), new("a2", "u"),
        new("a2", "uw", ("num_basis_functions", 4), ("hidden_dims", "8")),
        .. ((string[])["z", "g", "gg", "h", "t", "x", "p"]).Select(inner => new PdfCase("a1", "w", ("inner_flow_defs", inner))),
        .. ((string[])["z", "rz", "gt"]).Select(inner => new PdfCase("a2", "w", ("inner_flow_defs", inner), ("num_basis_functions", 4), ("hidden_dims", "8"))),
        new("e1+s1", "g+m"), new("i1+a1", "r+w"), new("s1+i1_2_5", "o+rr"),
    ];

    [Test]
    public void Densities_integrate_to_one([ValueSource(nameof(_cases))] PdfCase tested)
    {
        using var pdf = new Pdf<double>(tested.Manifolds, tested.Layers, tested.Options with { Coordinates = [Coordinates.Embedding], NetworkSizes = ["8"], DampingFactor = 1 });
        PdfCase.Stir(pdf, 0.3);
        // Conditional knots lie across both coordinates, so these integrals are nested: of the second coordinate, then of the first.
        var isNested = pdf.Factors.Count > 1 || tested.Manifolds == "a2";
        var integral = isNested
            ? UnitIntegral.Of(1, outer => Array.ConvertAll(outer, u => UnitIntegral.Of(1, inner => Values(pdf, [.. inner.SelectMany(v => (double[])[u, v])]), Tolerance / 10, parts: 24, last: 14)), Tolerance, parts: 24, last: 12)
            : UnitIntegral.Of(pdf.BaseColumns, points => Values(pdf, points), Tolerance, parts: pdf.BaseColumns == 2 ? 8 : 256, last: pdf.BaseColumns == 2 ? 7 : 18);
        Assert.That(integral, Is.EqualTo(1).Within(Tolerance));
    }

    // The density times the volume element of coordinates in the unit square: R by x = sinh(t), the sphere by cos θ and φ, a simplex by the log odds of its sticks, at whose ends it may be infinite.
    private static double[] Values(Pdf<double> pdf, double[] points)
    {
        var n = points.Length / pdf.BaseColumns;
        var reach = pdf.BaseColumns == 1 ? 14 : 8;
        var (x, measures, values) = (new List<double>(), new double[n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            var at = i * pdf.BaseColumns;
            measures[i] = 1;
            foreach (var factor in pdf.Definition.Factors)
            {
                var (u, v) = (points[at], factor.BaseColumns == 2 ? points[at + 1] : 0);
                switch (factor.Kind)
                {
                    case ManifoldKind.Euclidean:
                        for (var k = 0; k < factor.Dimension; k++)
                        {
                            var t = reach * ((2 * points[at + k]) - 1);
                            x.Add(Math.Sinh(t));
                            measures[i] *= 2 * reach * Math.Cosh(t);
                        }

                        break;
                    case ManifoldKind.Circle:
                        x.AddRange([Math.Cos(2 * Math.PI * u), Math.Sin(2 * Math.PI * u)]);
                        measures[i] *= 2 * Math.PI;
                        break;
                    case ManifoldKind.Sphere:
                        var rho = 2 * Math.Sqrt(u * (1 - u));
                        x.AddRange([rho * Math.Cos(2 * Math.PI * v), rho * Math.Sin(2 * Math.PI * v), (2 * u) - 1]);
                        measures[i] *= 4 * Math.PI;
                        break;
                    case ManifoldKind.Interval:
                        x.Add(factor.Lower + (u * (factor.Upper - factor.Lower)));
                        measures[i] *= factor.Upper - factor.Lower;
                        break;
                    case ManifoldKind.Simplex when factor.Dimension == 1:
                        var (stick, remainder) = Stick(u, ref measures[i]);
                        x.AddRange([remainder, stick]);
                        measures[i] *= Math.Sqrt(2);
                        break;
                    default:
                        var (first, rest) = Stick(u, ref measures[i]);
                        var (second, last) = Stick(v, ref measures[i]);
                        x.AddRange([rest * last, first, rest * second]);
                        measures[i] *= Math.Sqrt(3) * rest;
                        break;
                }

                at += factor.BaseColumns;
            }
        }

        pdf.LogDensity(x.ToArray(), values);
        for (var i = 0; i < n; i++)
            values[i] = Math.Exp(values[i]) * measures[i];
        return values;
    }

    // A stick and what it leaves, by log odds in proportion to u: an integrable power of the distance to an end becomes an exponential, which is smooth.
    private static (double Stick, double Remainder) Stick(double u, ref double measure)
    {
        const double Reach = 60;
        var odds = Reach * ((2 * u) - 1);
        var (stick, rest) = (1 / (1 + Math.Exp(-odds)), 1 / (1 + Math.Exp(odds)));
        measure *= 2 * Reach * stick * rest;
        return (stick, rest);
    }
}
