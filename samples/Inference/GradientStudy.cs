using System.Globalization;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Inference;
using FlowCore.Transforms;
using Plotting;

namespace Inference;

/// <summary>Gradients of the entropy and of a moment of x = a z + b by a: the true one, the full estimate, the path alone, and what fixed rows give.</summary>
internal static class GradientStudy
{
    private const int Rows = 100;
    private const int Repetitions = 50;

    private static readonly (string Name, RowFunction<double> Entropy, RowFunction<double> Moment)[] _estimators =
    [
        ("full", (in TapeSample<double> sample) => Expectation.Entropy(sample), (in TapeSample<double> sample) => sample.X.Square()),
        ("path alone", Path, (in TapeSample<double> sample) => sample.X.Square()),
        ("fixed rows (wrong)", (in TapeSample<double> sample) => -sample.Model.LogDensity(sample.X.StopGradient()), (in TapeSample<double> sample) => sample.X.StopGradient().Square()),
    ];

    /// <summary>Estimates, prints the table and draws the figure.</summary>
    /// <param name="settings">Where to.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>For each estimator and each a: mean and spread of the entropy's gradient.</returns>
    public static List<(string Name, double A, double Mean, double Deviation)> Run(StudySettings settings, TextWriter output)
    {
        double[] scales = [0.5, 0.75, 1, 1.5, 2, 3];
        var figure = new Figure($"Gradients by a of x = a z + 1: mean and spread of {Rows} draws", rows: 1, columns: 2).PanelSize(380, 300);
        var (entropy, moment) = (figure.Panel(0, 0).Title("entropy"), figure.Panel(0, 1).Title("second moment"));
        entropy.Function(a => 1 / a, 0.4, 3.2, "true").XLabel("a").YLabel(@"\partial H / \partial a");
        moment.Function(a => 2 * a, 0.4, 3.2, "true").XLabel("a").YLabel(@"\partial E x^2 / \partial a");
        output.WriteLine($"{"estimator",-22}{"a",6}{"dH/da",9}{"mean",9}{"spread",9}{"dE/da",9}{"mean",9}{"spread",9}");
        var results = new List<(string, double, double, double)>();
        for (var e = 0; e < _estimators.Length; e++)
        {
            var (name, ofEntropy, ofMoment) = _estimators[e];
            // Beside each other, so that bars do not cover each other: the full estimate stands where it belongs.
            var x = Array.ConvertAll(scales, a => a + (e == 1 ? 0.04 : 0));
            var (entropies, moments) = (new (double Mean, double Deviation)[scales.Length], new (double Mean, double Deviation)[scales.Length]);
            for (var i = 0; i < scales.Length; i++)
            {
                entropies[i] = Estimate(scales[i], ofEntropy, settings.Seed);
                moments[i] = Estimate(scales[i], ofMoment, settings.Seed);
                results.Add((name, scales[i], entropies[i].Mean, entropies[i].Deviation));
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name,-22}{scales[i],6:f2}{1 / scales[i],9:f4}{entropies[i].Mean,9:f4}{entropies[i].Deviation,9:f4}{2 * scales[i],9:f4}{moments[i].Mean,9:f4}{moments[i].Deviation,9:f4}"));
            }

            entropy.Points(x, Array.ConvertAll(entropies, n => n.Mean), name, yErrors: Array.ConvertAll(entropies, n => n.Deviation));
            moment.Points(x, Array.ConvertAll(moments, n => n.Mean), name, yErrors: Array.ConvertAll(moments, n => n.Deviation));
        }

        figure.SharedLegend().SaveSvg(settings.File("gradients.svg"));
        return results;
    }

    private static Variable<double> Path(in TapeSample<double> sample)
    {
        using var held = sample.Tape.WithoutParameters();
        return -sample.Model.LogDensity(sample.X);
    }

    private static (double Mean, double Deviation) Estimate(double a, RowFunction<double> function, ulong seed)
    {
        var map = new TriangularLinear<double>(1, "map");
        map.Parameters[0].Write([a]);
        map.Parameters[1].Write([1]);
        using var flow = new Flow<double>(new StandardNormal<double>(1), new Inverted<double>(map));
        var functional = RowFunctional.Of(function);
        double sum = 0, squares = 0;
        for (ulong i = 0; i < Repetitions; i++)
        {
            var options = new ExpectationOptions { Count = Rows, Seed = (seed * Repetitions) + i };
            var slope = Expectation.Gradient(flow, functional, options).Parameters["map.weight"][0, 0];
            sum += slope;
            squares += slope * slope;
        }

        var mean = sum / Repetitions;
        return (mean, Math.Sqrt(Math.Max((squares / Repetitions) - (mean * mean), 0)));
    }
}
