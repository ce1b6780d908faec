using System.Numerics.Tensors;
using FlowCore.Manifolds;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Manifolds;

/// <summary>Single precision: two hundred steps of Adam leave numbers and a better density, fresh densities are those of double precision, and points come back.</summary>
[TestFixture]
internal sealed class PdfSinglePrecisionTests
{
    private const int BatchSize = 256;
    private const int BatchesOfAnEpoch = 10;
    private const int Epochs = 20;
    private const int Rows = BatchSize * BatchesOfAnEpoch;

    private static readonly IReadOnlyDictionary<string, OptionValue> _smallFlow = new Dictionary<string, OptionValue> { ["steps"] = 4, ["cnf_network_hidden_dims"] = "16" };

    private static readonly IReadOnlyList<(string Manifolds, string Layers, PdfOptions Options)> _pdfs =
    [
        ("e3", "gggg", new()), ("e2", "pp", new()), ("e2", "hh", new()), ("e4", "t", new()), ("e4", "t", new PdfOptions().With('t', PdfPresets.FullAffine)),
        ("s1", "m", new()), ("s1", "oo", new()), ("s2", "ff", new()), ("s2", "fff", PdfPresets.OptionsFor("fff")), ("s2", "v", new()), ("s2", "n", new()),
        ("s2", "c", new PdfOptions().With('c', _smallFlow)), ("i1", "rr", new()), ("i1_-3_3", "rr", new()), ("a2", "w", new()), ("a2", "u", new()),
        ("e4+s2+e4", "gggg+n+gggg", new PdfOptions { ConditionColumns = [1], NetworkSizes = ["32"] }),
        ("e2+s2", "gg+f", new PdfOptions { ConditionColumns = [1], IsFullyAmortized = true, NetworkSizes = ["16"], InnerNetworkSizes = ["16"] }),
    ];

    private static IEnumerable<TestCaseData> Runs() => _pdfs.SelectMany((pdf, index) => new[] { 1e-3, 1e-2 }.Select(rate => new TestCaseData(index, rate).SetArgDisplayNames(Name(pdf), $"{rate}")));

    private static IEnumerable<TestCaseData> Fresh() => _pdfs.Select((pdf, index) => new TestCaseData(index).SetArgDisplayNames(Name(pdf)));

    [TestCaseSource(nameof(Runs))]
    public void Two_hundred_steps_leave_numbers_and_a_smaller_loss(int index, double rate)
    {
        using var pdf = Create(index);
        var data = PdfData.Of(pdf.Definition, Rows, 1);
        var losses = new List<double>();
        using var trainer = new Trainer<float>(pdf, Data(pdf, data), new TrainingOptions
        {
            Epochs = Epochs,
            BatchSize = BatchSize,
            Optimiser = OptimiserSettings.Adam(rate),
            Schedule = new ConstantSchedule(),
            Warn = null,
        });
        while (!trainer.IsFinished)
            losses.Add(trainer.RunStep());
        Assert.That(losses, Has.Count.EqualTo(BatchesOfAnEpoch * Epochs).And.All.Matches<double>(double.IsFinite));
        Assert.That(losses.TakeLast(BatchesOfAnEpoch).Average(), Is.LessThan(losses.Take(BatchesOfAnEpoch).Average()));
        var numbers = new float[200 * pdf.Features];
        pdf.Draw(200, seed: 3, pdf.ContextFeatures == 0 ? default : new ReadOnlyTensorSpan<float>(new float[1], [1, 1])).X.FlattenTo(numbers);
        Assert.That(numbers, Has.All.Matches<float>(float.IsFinite));
    }

    [TestCaseSource(nameof(Fresh))]
    public void Fresh_densities_are_those_of_double_precision_and_points_come_back(int index)
    {
        using var pdf = Create(index);
        using var twin = pdf.ConvertTo<double>();
        var x = PdfData.Of(pdf.Definition, Rows, 2);
        var conditions = PdfData.Conditions(pdf.ContextFeatures * Rows);
        var (logs, exact) = (new float[Rows], new double[Rows]);
        pdf.LogDensity(x, new FlowCore.Distributions.Conditions<float>(conditions), logs);
        twin.LogDensity(Array.ConvertAll(x, value => (double)value), new FlowCore.Distributions.Conditions<double>(Array.ConvertAll(conditions, value => (double)value)), exact);
        var differences = logs.Zip(exact, (a, b) => Math.Abs(a - b)).Order().ToArray();
        Assert.That(differences[^1], Is.LessThanOrEqualTo(1e-3));

        // Four mixtures in a row, of widths down to a tenth, carry the roundings of the first: 3.7e-5.
        Assert.That(differences[Rows / 2], Is.LessThanOrEqualTo(_pdfs[index].Layers.Contains("gggg", StringComparison.Ordinal) ? 5e-5 : 1e-5));

        // From noise to points and back: the noise is of order one, so that a probability has digits.
        var (z, points, back) = (PdfData.Conditions(Rows * pdf.NoiseFeatures), new float[x.Length], new float[Rows * pdf.NoiseFeatures]);
        pdf.FromNoise(z, new FlowCore.Distributions.Conditions<float>(conditions), points, default);
        pdf.ToNoise(points, new FlowCore.Distributions.Conditions<float>(conditions), back, default);
        Assert.That(z.Zip(back, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(1e-3));
    }

    private static string Name((string Manifolds, string Layers, PdfOptions Options) pdf) => $"{pdf.Manifolds} {pdf.Layers}{(pdf.Options.Layers.Count > 0 ? " with options" : "")}";

    // Densities per embedding measure are finite at poles, where θ and φ have none.
    private static Pdf<float> Create(int index) => new(_pdfs[index].Manifolds, _pdfs[index].Layers, _pdfs[index].Options with { Coordinates = [Coordinates.Embedding] });

    private static ArrayData<float> Data(Pdf<float> pdf, float[] rows) => new(rows, pdf.Features, PdfData.Conditions(pdf.ContextFeatures * Rows), pdf.ContextFeatures);
}
