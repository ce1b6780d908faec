using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Tests.Laws;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>Every kind of model file that the library writes, of parts of every kind that it knows, under every verb that opens models.</summary>
[TestFixture]
internal sealed class EveryModelTests
{
    private const int Rows = 40;

    private TemporaryFolder _folder = null!;

    private string Model => _folder.File("m.safetensors");

    private string Base => _folder.File("base.safetensors");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [TestCaseSource(typeof(ModelFile), nameof(ModelFile.Kinds))]
    public void Every_kind_of_model_opens_in_every_verb(string kind)
    {
        using var model = Create(kind);
        Assert.That(ModelFile.Describe(Model).Kind, Is.EqualTo(kind));
        Walk(model, File.Exists(Base) ? ["--base", Base] : []);
    }

    [Test]
    public void A_residual_of_a_density_on_manifolds_is_exported_by_nobody_and_its_base_must_be_one()
    {
        using (Create(ModelFile.FactorizablePdfKind))
        {
            Assert.That(CliRun.Fail(1, "export", Model, "--base", Base, "-o", _folder.File("s.pt")), Does.Contain("it holds a density on manifolds"));
            Assert.That(CliRun.Fail(1, "export", Base, "-o", _folder.File("s.pt")), Does.Contain("it holds a density on manifolds"));
            Assert.That(CliRun.Fail(1, "export", Base, "--mbank", "-o", _folder.File("s.pt")), Does.Contain("it holds a density on manifolds"));
            Assert.That(CliRun.Fail(1, "sample", Model, "--base", Model, "--n", "3", "-o", _folder.File("s.csv")), Does.Contain("Expected the base of a residual, the file holds a residual."));
            Assert.That(CliRun.Fail(1, "sample", Base, "--base", Base, "--n", "3", "-o", _folder.File("s.csv")), Does.Contain("Expected a residual, the file holds a pdf, which has no base."));
        }
    }

    [Test]
    public void Flows_of_parts_of_every_known_kind_open_in_every_verb()
    {
        var missing = PartRegistry.Catalog<double>().Kinds.ToHashSet();

        // Rows of its context are counted lists, and points of a sphere are unit vectors: no list of laws draws them.
        missing.Remove(DeepSetEncoder<double>.Kind);
        missing.Remove(UniformSphere<double>.Kind);

        // Maps between bounded intervals and turns, on which no standard normal noise lives; and what other tests have registered.
        missing.ExceptWith([CircularShift<double>.Kind, CircularSpline<double>.Kind, Cosine<double>.Kind, Interval<double>.Kind, Sine<double>.Kind]);
        missing.RemoveWhere(kind => kind.StartsWith("test-", StringComparison.Ordinal));
        foreach (var flow in Flows())
        {
            using (flow)
            {
                var kinds = ConstructedKindsTests.KindsIn(flow.Transform).Concat(ConstructedKindsTests.KindsIn(flow.Base)).ToList();
                if (!kinds.Any(missing.Contains))
                    continue;
                missing.ExceptWith(kinds);
                flow.Save(Model);
                Walk(flow, ["--force"]);
            }
        }

        Assert.That(missing, Is.Empty);
    }

    private static IEnumerable<Flow<double>> Flows()
    {
        foreach (var law in TransformList.Cases(2, 3))
        {
            var (there, reals) = (law.Make<double>(), Domain.Reals(law.Features));
            if (there.Codomain.Covers(reals))
                yield return new Flow<double>(new StandardNormal<double>(law.Features), there);
            else if (there.Domain.Covers(reals))
                yield return new Flow<double>(new StandardNormal<double>(law.Features), new Inverted<double>(there));
        }

        foreach (var entry in BaseDistributionList.All)
        {
            // What lives on a sphere has a map of the sphere's own in front, which no list of laws has.
            var noise = entry.Create(2);
            if (noise.Domain.Axes is null)
                continue;
            yield return new Flow<double>(noise, new FixedAffine<double>([.. Enumerable.Repeat(1.0, noise.Features)], new double[noise.Features]));
        }
    }

    private DensityModel<double> Create(string kind)
    {
        DensityModel<double> model;
        switch (kind)
        {
            case ModelFile.FlowKind:
                model = new Flow<double>(new StandardNormal<double>(2), new Elementwise<double>(new Affine<double>(), 2, "own"));
                break;
            case ModelFile.PdfKind:
                model = Pdf();
                break;
            case ModelFile.ConditionalPdfKind:
                model = new ConditionalPdf<double>(new MlpEncoder<double>(3, 1, [4]), Pdf());
                break;
            case ModelFile.FactorizablePdfKind:
                var pdf = Pdf();
                pdf.Save(Base);
                model = FactorizablePdf<double>.Of(pdf, 2, ownsBase: true);
                break;
            case ModelFile.FactorizableKind:
                // On a base that is no flow, as the library allows.
                var other = Pdf();
                other.Save(Base);
                model = new FactorizableFlow<double>(other, new PolynomialResidual<double>(new PolynomialResidualSettings { Features = 2, Nuisances = 1 }), ownsBase: true);
                break;
            default:
                throw new ArgumentException($"Expected a kind that this test knows, got '{kind}'.", nameof(kind));
        }

        model.Save(Model);
        return model;

        static Pdf<double> Pdf() => new("e1+s1", "g+m", new PdfOptions { ConditionColumns = [1], NetworkSizes = ["4"], ConditionScale = new([10], [4]) });
    }

    private void Walk(DensityModel<double> model, string[] flags)
    {
        // One row of conditions for all.
        string Numbers(int count) => string.Join(',', Enumerable.Repeat("0.5", count));
        string[] nuisances = model.Nuisances > 0 ? ["--nu", Numbers(model.Nuisances)] : [];
        string[] given = [.. model.ContextFeatures > 0 ? ["--context", Numbers(model.ContextFeatures)] : (string[])[], .. nuisances];
        string[] names = [.. Enumerable.Range(0, model.Features).Select(j => $"x{j}"), .. Enumerable.Range(0, model.ContextFeatures).Select(j => $"c{j}")];
        var what = flags.Contains("--force") ? string.Join(", ", ConstructedKindsTests.KindsIn(((Flow<double>)model).Transform)) : "";
        string[] force = ["--force"], based = [.. flags.Except(force)];

        var x = new double[Rows * model.Features];
        var conditions = new double[model.ContextFeatures + model.Nuisances];
        Array.Fill(conditions, 0.5);
        model.Sample(new RandomStream(3), 0, new Conditions<double>(conditions.AsSpan(0, model.ContextFeatures), conditions.AsSpan(model.ContextFeatures)), x, default);
        NpyFile.Write<double>(_folder.File("x.npy"), [Rows, model.Features], x);
        File.WriteAllLines(_folder.File("d.csv"), [
            string.Join(',', names), .. Enumerable.Range(0, Rows).Select(i => string.Join(',',
                x[(i * model.Features)..((i + 1) * model.Features)].Concat(Enumerable.Repeat(0.5, model.ContextFeatures)).Select(number => number.ToString("r", System.Globalization.CultureInfo.InvariantCulture)))),
        ]);
        var columns = string.Join(',', names[..model.Features]);
        string[] named = ["--columns", columns, .. model.ContextFeatures > 0 ? ["--context", string.Join(',', names[model.Features..])] : (string[])[], .. nuisances];
        foreach (var words in (string[][])
        [
            ["inspect", Model],
            ["sample", Model, "--n", "5", "-o", _folder.File("s.csv"), .. force, .. given, .. based],
            ["log-prob", Model, "--x", _folder.File("x.npy"), "-o", _folder.File("l.npy"), "--double", .. force, .. given, .. based],
            ["evaluate", Model, _folder.File("d.csv"), .. named, .. based],
            ["plot", Model, "--n", "50", "-o", _folder.File("p.svg"), .. force, .. given, .. based],
            ["compare", _folder.File("x.npy"), "--model", Model, "-o", _folder.File("c.svg"), .. force, .. given, .. based],
            ["diagnose", Model, _folder.File("d.csv"), "--draws", "31", "-o", _folder.File("d"), .. force, .. named, .. based],
        ])
        {
            var (code, _, error) = CliRun.Run(words);
            Assert.That(code, Is.Zero, $"{what}: {string.Join(' ', words)}: {error}");
        }

        var densities = new double[Rows];
        model.LogDensity(x, new Conditions<double>(conditions.AsSpan(0, model.ContextFeatures), conditions.AsSpan(model.ContextFeatures)), densities);
        Assert.That(NpyFile.Read(_folder.File("l.npy")).ToArray<double>(), Is.EqualTo(densities), what);
    }
}
