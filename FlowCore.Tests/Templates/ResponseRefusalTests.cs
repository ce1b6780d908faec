using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Templates;
using FlowCore.Tests.Cli;
using FlowCore.Tests.IO;
using FlowCore.Training;
using FlowCore.Transforms;
using NUnit.Framework;
using Tables;

namespace FlowCore.Tests.Templates;

/// <summary>What templates may be like: one clear sentence for each, before anything is trained; and what is left out is said.</summary>
[TestFixture]
internal sealed class ResponseRefusalTests
{
    private const int Rows = 400;

    private static readonly TrainingOptions _moment = new() { Epochs = 1, BatchSize = 100, Warn = null };

    private static readonly ResponseFitOptions _quick = new()
    {
        NuisanceNames = ["jes", "jer"],
        Log = null,
        ClosureRows = 200,
        Base = new DensityFitOptions { Flow = new NeuralSplineFlowSettings { Features = 1, Transforms = 1, HiddenSizes = [8], Bins = 4 }, Training = _moment },
        HiddenSizes = [8],
        Training = _moment,
    };

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("no template", [], "at least one template");
        yield return Case("another number of nuisances", [At(1, 0), new("x", [1], Normal(2), 2)], "Expected 2 nuisances like those of template '(1, 0)', got 1 in 'x'.");
        yield return Case("no nuisances", [new("x", [], Normal(2), 2)], "Expected the nuisances of template 'x', got none.");
        yield return Case("nominal among the templates", [At(1, 0), At(0, 0)], "got '(0, 0)' there: these events are nominal");
        yield return Case("one point twice", [At(1, 0), At(0, 1), new("again", [1, 0], Normal(2), 2)], "got (1, 0) of both '(1, 0)' and 'again'");
        yield return Case("other features", [At(1, 0), new("x", [0, 1], Normal(3), 3)], "Expected 2 features in 'x', as at ν = 0, got 3.");
        yield return Case("a context", [At(1, 0), new("x", [0, 1], Normal(2), 2, Normal(1), 1)], "Expected 0 context columns in 'x', as at ν = 0, got 1.");
        yield return Case("few rows", [At(1, 0), new("x", [0, 1], Normal(2).AsMemory(..100), 2)], "Expected at least 200 rows of a weight above 0 in 'x', got 50.");
        yield return Case("few rows with a weight", [At(1, 0), new("x", [0, 1], Normal(2), 2, weights: Ones(50))], "Expected at least 200 rows of a weight above 0 in 'x', got 50.");
        yield return Case("a nuisance that never moves", [At(1, 0), At(-1, 0)], "Expected a template at which 'jer' moves, got none");
        yield return Case("nuisances that move together", [At(1, 1), At(-1, -1)], "'jer' moving only together with 'jes'");
        yield return Case("a square that one side does not determine", [At(1, 0), At(0, 1), At(0, -1)], "got +1 as the only values of 'jes': add one on the other side", options => options with { Order = 2 });
        yield return Case("a cross term without joint templates", Cross(), "Expected templates in which 'jes' and 'jer' move together", options => options with { CrossTerms = [(0, 1)] });
        yield return Case("a cross term of one nuisance", Cross(), "distinct pairs i < j below 2, got (1, 1)", options => options with { CrossTerms = [(1, 1)] });
        yield return Case("an order that there is not", Cross(), "Expected a polynomial of order 1 or 2, got 3", options => options with { Order = 3 });
        yield return Case("names for another number", Cross(), "Expected names of the 2 nuisances of template '(1, 0)', got 1.", options => options with { NuisanceNames = ["jes"] });
        yield return Case("one name twice", Cross(), "Expected different names of the nuisances, got jes, jes.", options => options with { NuisanceNames = ["jes", "jes"] });
        yield return Case("a share that is none", Cross(), "Expected a share in (0, 0.4].", options => options with { ClosureFraction = 0 });

        static TestCaseData Case(string name, Template<float>[] templates, string sentence, Func<ResponseFitOptions, ResponseFitOptions>? change = null) =>
            new TestCaseData(templates, sentence, change is null ? _quick : change(_quick)).SetName($"Refused_{name.Replace(' ', '_')}");
    }

    [TestCaseSource(nameof(Refused))]
    public void Refused_is(Template<float>[] templates, string sentence, ResponseFitOptions options) =>
        Assert.That(() => Response.Fit(At(0, 0), templates, options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(sentence));

    [Test]
    public void Numbers_that_make_no_template_are_refused_by_its_name()
    {
        Assert.That(() => new Template<float>("up", [1], Normal(2), 2, weights: new float[Rows]), Throws.ArgumentException.With.Message.Contains("Template 'up': Expected a weight above 0, got zeros alone."));
        Assert.That(() => new Template<float>("up", [1], With(Normal(2), 6, float.NaN), 2), Throws.ArgumentException.With.Message.Contains("Template 'up'").And.Message.Contains("row 3"));
        Assert.That(() => new Template<float>("up", [1], Normal(2), 2, weights: With(Ones(Rows), 5, -1)), Throws.ArgumentException.With.Message.Contains("Template 'up'").And.Message.Contains("-1 in row 5"));
        Assert.That(() => new Template<float>("up", [double.NaN], Normal(2), 2), Throws.ArgumentException.With.Message.Contains("finite nuisances of template 'up'"));
        Assert.That(() => new Template<float>("up", [1], Normal(2), 2, Normal(1).AsMemory(..5), 1), Throws.ArgumentException.With.Message.Contains("'up'"));
        Assert.That(() => Response.Fit(At(1, 0), Cross(), _quick), Throws.ArgumentException.With.Message.Contains("Expected nominal events at ν = 0, got '(1, 0)' at (1, 0)."));
    }

    [Test]
    public void A_number_outside_the_support_is_refused_before_the_base_is_fitted()
    {
        var positive = _quick with { Base = _quick.Base! with { Supports = [Support.Positive, Support.Real] } };
        var bad = new Template<float>("bad", [1, 0], With(Array.ConvertAll(Normal(2), Math.Abs), 10, -1), 2);
        Assert.That(() => Response.Check(2, 0, [bad, new Template<float>("good", [0, 1], Array.ConvertAll(Normal(2), Math.Abs), 2)], options: positive), Throws.ArgumentException.With.Message.Contains("Template 'bad'"));
    }

    [Test]
    public void A_number_outside_the_support_of_the_base_is_refused_with_template_and_row()
    {
        var positive = _quick with { Base = _quick.Base! with { Supports = [Support.Positive, Support.Real] } };
        var x = Array.ConvertAll(Normal(2), Math.Abs);
        Template<float>[] templates = [.. Cross().Select(template => new Template<float>(template.Name, template.Nuisances, x, 2))];
        templates[2] = new Template<float>("bad", templates[2].Nuisances, With(x, 10, -1), 2);
        Assert.That(
            () => Response.Fit(new Template<float>("nominal", [], x, 2), templates, positive),
            Throws.ArgumentException.With.Message.Contains("Template 'bad': Expected feature 0").And.Message.Contains("got -1 in row 5"));
    }

    [Test]
    public void A_template_on_one_side_alone_makes_the_response_linear_there_and_it_is_said()
    {
        using var model = Response.Fit(At(0, 0), [At(1, 0), At(0, 1), At(0, -1)], out var result, _quick with { Layers = 1 });
        Assert.That(result.Terms, Is.EqualTo((string[])["jes", "jer", "jer²"]));
        Assert.That(result.Applied, Has.Some.Contains("'jes' has templates at +1 alone, so its response is linear"));

        // The log-scale of the first feature, whose networks see no other, is odd in jes. Of two layers the second one sees what the first has made, so one is asked for.
        var response = model.LocalResponse(Tensor([0.3f, -0.2f], 2), default, Tensor([1, 0], 2));
        var opposite = model.LocalResponse(Tensor([0.3f, -0.2f], 2), default, Tensor([-1, 0], 2));
        Assert.That(opposite.LogScale[0, 0], Is.EqualTo(-response.LogScale[0, 0]).Within(1e-6));
        Assert.That(response.LogScale[0, 0], Is.Not.Zero);
    }

    [Test]
    public void Joint_templates_bring_their_cross_term_and_others_do_not()
    {
        using var without = Response.Fit(At(0, 0), Cross(), out var plain, _quick);
        Assert.That(plain.Terms, Is.EqualTo((string[])["jes", "jer", "jes²", "jer²"]));
        using var with = Response.Fit(At(0, 0), [.. Cross(), At(1, 1)], out var joint, _quick);
        Assert.That(joint.Terms, Is.EqualTo((string[])["jes", "jer", "jes²", "jer²", "jes·jer"]));
        Assert.That(with.Residual.Settings.CrossTerms, Is.EqualTo(((int, int)[])[(0, 1)]));
    }

    [Test]
    public void Templates_like_nominal_are_warned_of()
    {
        // The base is the truth, and so are the templates.
        using var truth = new Flow<float>(new StandardNormal<float>(2), new Composition<float>(2));
        using var model = Response.Fit(truth, Cross(), out var result, At(0, 0), _quick);
        Assert.That(result.Warnings, Has.Some.Contains("cannot be told from nominal"));
    }

    [Test]
    public void An_effect_that_is_no_shift_and_scale_is_warned_of_by_its_column()
    {
        // At ν the first feature falls into two heaps, which no affine map of one makes.
        var x = Normal(2);
        for (var i = 0; i < x.Length; i += 2)
            x[i] = (x[i] < 0 ? -2 : 2) + (0.2f * x[i]);
        Template<float>[] templates = [At(0, 1), At(0, -1), new("heaps", [1, 0], x, 2), new("others", [-1, 0], x, 2)];
        using var truth = new Flow<float>(new StandardNormal<float>(2), new Composition<float>(2));
        using var model = Response.Fit(truth, templates, out var result, At(0, 0), _quick with { Training = _moment with { Epochs = 20 } });
        Assert.That(result.Closures.Select(closure => closure.Closes), Is.EqualTo((bool[])[true, true, false, false]));
        Assert.That(result.Warnings, Has.Some.Contains("Template 'heaps': feature 0 departs from the model"));
    }

    [TestCase("+1=up.csv", "+1,0=up.csv", "as many nuisances for every file")]
    [TestCase("up.csv", null, "must be ν=FILE")]
    [TestCase("+1,x=up.csv", null, "'x' of '+1,x=up.csv' is none")]
    [TestCase("+1,0=missing.csv", "0,1=up.csv", "missing.csv")]
    [TestCase("+1,0=other.csv", "0,1=up.csv", "other.csv")]
    public void The_program_refuses_templates_in_one_sentence(string first, string? second, string sentence)
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, columns) in ((string, string[])[])[("nominal.csv", ["a", "b"]), ("up.csv", ["a", "b"]), ("other.csv", ["a", "c"])])
            Write(folder.File(name), columns);
        string[] words = ["fit-response", "--nominal", folder.File("nominal.csv"), "-o", folder.File("response.safetensors")];
        foreach (var template in ((string?[])[first, second]).OfType<string>())
            words = [.. words, "--template", template.Replace("=", "=" + folder.File("") + "/", StringComparison.Ordinal)];
        var said = CliRun.Run(words);
        Assert.That(said.Code, Is.Not.Zero);
        Assert.That(said.Error.Trim(), Does.Contain(sentence.Contains('\'') ? "is none" : sentence).And.Not.Contain("   at "));
        Assert.That(File.Exists(folder.File("response.safetensors")), Is.False);
    }

    [TestCase("--nuisances jes", "--nuisances names 1 nuisances, but the templates have 2.")]
    [TestCase("--cross jes:jer", "names the nuisance 'jes'")]
    [TestCase("--cross nu0", "--cross must be none, or pairs")]
    [TestCase("--order 3", "Expected a polynomial of order 1 or 2, got 3")]
    [TestCase("--weights w", "'w'")]
    [TestCase("--bounds a=positive", "Expected column 'a' within positive")]
    public void The_program_refuses_flags_that_do_not_fit(string flags, string sentence)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File("rows.csv"), ["a", "b"]);
        var rows = folder.File("rows.csv");
        var said = CliRun.Run(["fit-response", "--nominal", rows, "--template", $"+1,0={rows}", "--template", $"0,1={rows}", "-o", folder.File("response.safetensors"), .. flags.Split(' ')]);
        Assert.That(said.Code, Is.Not.Zero);
        Assert.That(said.Error, Does.Contain(sentence).And.Not.Contain("   at "));
    }

    private static System.Numerics.Tensors.Tensor<float> Tensor(float[] numbers, int columns) => System.Numerics.Tensors.Tensor.Create(numbers, [numbers.Length / columns, columns]);

    private static void Write(string path, string[] columns)
    {
        using var writer = TableWriter.Create(path, columns, isSingle: true);
        writer.Write(Normal(columns.Length));
        writer.Complete();
    }

    private static Template<float>[] Cross() => [At(1, 0), At(-1, 0), At(0, 1), At(0, -1)];

    private static Template<float> At(double jes, double jer) => new(FormattableString.Invariant($"({jes}, {jer})"), [jes, jer], Normal(2), 2);

    private static float[] Ones(int rows) => [.. Enumerable.Range(0, Rows).Select(i => i < rows ? 1f : 0f)];

    private static float[] With(float[] numbers, int index, float value)
    {
        numbers = [.. numbers];
        numbers[index] = value;
        return numbers;
    }

    private static float[] Normal(int columns)
    {
        var numbers = new float[Rows * columns];
        new RandomStream(5).FillNormal<float>(numbers);
        return numbers;
    }
}
