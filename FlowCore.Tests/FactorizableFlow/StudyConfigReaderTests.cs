using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FlowCore.Compute;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class StudyConfigReaderTests
{
    private const string Base = """
        runtime:
          device: cpu
        paths:
          score_model: ../models/score.pt
          kin_model: /srv/kin.safetensors
        generator:
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
          sigmoid_y: no
        kin_flow:
          features: 2
          context: 2
          bins: 20
          transforms: 2
          hidden_features: [128, 128, 128]
        training:
          kin:
            batch_size: 1024
            nepochs: 100
            steps_per_epoch: 1_000
            lr: 1e-4
        """;

    private const string Systematics = """
        generator: &nominal
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
        moved:
          <<: *nominal
          sigma_B: [0.7, 0.4]
          variation_shift: 1.0
        residual_kin_model:
          type: flow
          features_dim: 2
          context_dim: 2
          num_nuisances: 2
          num_residual_layers: 1
          hidden_features: [128, 128]
          cross_term_pairs: [[1, 0]]
        kin_systematics:
          - {generator: moved, m: [1.0, 0.0]}
        """;

    private static string StudyConfigs
    {
        get
        {
            for (DirectoryInfo? folder = new(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
            {
                var configs = Path.Combine(folder.FullName, "samples", "FactorizableFlow", "configs");
                if (Directory.Exists(configs))
                    return configs;
            }

            throw new DirectoryNotFoundException("The sample's configs are not above the test directory.");
        }
    }

    [Test]
    public void A_base_config_is_read_with_the_values_it_names_and_the_defaults_of_the_others()
    {
        var config = Parse(Base);
        Assert.Multiple(() =>
        {
            Assert.That(config.Paths.ScoreModel, Is.EqualTo("/home/user/models/score.pt"));
            Assert.That(config.Paths.KinModel, Is.EqualTo("/srv/kin.safetensors"));
            Assert.That(config.Generator!.SigmaA, Is.EqualTo(new Point2(0.9, 0.6)));
            Assert.That(config.Generator.SigmoidY, Is.False);
            Assert.That(config.Generator.ShiftScale, Is.EqualTo(0.3));
            Assert.That(config.Generator.YShiftScale, Is.Zero);
            Assert.That(config.KinFlow!.HiddenFeatures, Is.EqualTo(new[] { 128, 128, 128 }));
            Assert.That(config.KinFlow.Bound, Is.EqualTo(5));
            Assert.That(config.ScoreFlow, Is.Null);
            Assert.That(config.KinTraining!.StepsPerEpoch, Is.EqualTo(1000));
            Assert.That(config.KinTraining.LearningRate, Is.EqualTo(1e-4));
            Assert.That(config.ScoreTraining, Is.Null);
        });
    }

    [Test]
    public void A_template_takes_in_a_merged_section_and_overrides_it()
    {
        var config = Parse(Systematics);
        var template = config.KinSystematics.Single();
        Assert.Multiple(() =>
        {
            Assert.That(template.Name, Is.EqualTo("moved"));
            Assert.That(template.Generator.SigmaA, Is.EqualTo(new Point2(0.9, 0.6)));
            Assert.That(template.Generator.SigmaB, Is.EqualTo(new Point2(0.7, 0.4)));
            Assert.That(template.Generator.VariationShift, Is.EqualTo(1));
            Assert.That(template.Nuisances, Is.EqualTo(new[] { 1.0, 0.0 }));
            Assert.That(config.KinResidual!.CrossTermPairs, Is.EqualTo(new[] { (0, 1) }));
            Assert.That(config.KinResidual.QuadraticDamping, Is.EqualTo(0.01));
        });
    }

    [Test]
    public void The_old_form_gives_one_nuisance_at_plus_and_minus_one()
    {
        const string generator = "{center_A: [0, 0], center_B: [1, 0], sigma_A: [1, 1], sigma_B: [1, 1]}";
        var config = Parse($"generator_kin_up: {generator}\ngenerator_kin_down: {generator}\n");
        Assert.That(config.KinSystematics.Select(t => t.Nuisances[0]), Is.EqualTo(new[] { 1.0, -1.0 }));
        Assert.That(config.ScoreSystematics, Is.Empty);
    }

    [TestCase("reference/base_flows.yaml", 100, 1e-3)]
    [TestCase("base_flows.yaml", 60, 1e-3)]
    public void The_shipped_base_configs_hold_the_studys_architecture_and_training(string file, int epochs, double rate)
    {
        var config = StudyConfigReader.Read(Path.Combine(StudyConfigs, file));
        Assert.Multiple(() =>
        {
            Assert.That(config.Generator, Is.EqualTo(GeneratorSettings.Study));
            Assert.That(config.ScoreFlow, Has.Property("Context").EqualTo(4).And.Property("Transforms").EqualTo(3).And.Property("Bins").EqualTo(20));
            Assert.That(config.KinFlow, Has.Property("Context").EqualTo(2).And.Property("Transforms").EqualTo(2));
            Assert.That(config.ScoreTraining, Has.Property("Epochs").EqualTo(epochs).And.Property("LearningRate").EqualTo(rate));
            Assert.That(Path.GetFileName(config.Paths.ScoreModel), Is.EqualTo("score_density.safetensors"));
        });
    }

    [TestCase("reference/systematics.yaml", 4)]
    [TestCase("systematics.yaml", 8)]
    public void The_shipped_templates_draw_what_their_nuisances_say(string file, int templates)
    {
        var config = StudyConfigReader.Read(Path.Combine(StudyConfigs, file));
        Assert.That(config.KinSystematics, Has.Count.EqualTo(templates));
        foreach (var template in config.KinSystematics.Concat(config.ScoreSystematics))
        {
            Assert.That(
                template.Generator, Is.EqualTo(GeneratorSettings.Study.At(template.Nuisances[0], template.Nuisances[1])), template.Name);
        }
    }

    [TestCase("reference/")]
    [TestCase("")]
    public void The_shipped_base_and_residual_configs_name_the_same_base_models(string folder)
    {
        var bases = StudyConfigReader.Read(Path.Combine(StudyConfigs, folder, "base_flows.yaml")).Paths;
        var residuals = StudyConfigReader.Read(Path.Combine(StudyConfigs, folder, "systematics.yaml")).Paths;
        Assert.Multiple(() =>
        {
            Assert.That(residuals.ScoreBaseModel, Is.EqualTo(bases.ScoreModel));
            Assert.That(residuals.KinBaseModel, Is.EqualTo(bases.KinModel));
            Assert.That(StudyConfigReader.Read(Path.Combine(StudyConfigs, folder, "dataset.yaml")).EventCount, Is.EqualTo(100_000));
        });
    }

    // What is put in for what, and all that the message must say: the line, the key, what was expected and what was found.
    [TestCase("nepochs: 100", "nepoch: 100", "line 21", "unknown key 'nepoch'", "'training.kin'", "'nepochs'")]
    [TestCase("kin_flow:", "kin_flows:", "line 12", "unknown key 'kin_flows'", "'kin_flow'")]
    [TestCase("device: cpu", "devise: cpu", "line 2", "unknown key 'devise'", "'runtime'", "'device'")]
    [TestCase("bins: 20", "zebra: 20\n  bins: 20", "unknown key 'zebra'", "'kin_flow'", "valid here: features, context")]
    [TestCase("batch_size: 1024", "batch_size: many", "line 20", "'training.kin.batch_size'", "a whole number", "'many'")]
    [TestCase("batch_size: 1024", "batch_size: 0", "line 20", "from 1 to 16777216", "'0'")]
    [TestCase("batch_size: 1024", "batch_size: \"1024\"", "line 20", "the text '1024'")]
    [TestCase("lr: 1e-4", "lr: -1", "line 23", "'training.kin.lr'", "above 0", "'-1'")]
    [TestCase("lr: 1e-4", "lr: .nan", "line 23", "a number", "'.nan'")]
    [TestCase("center_A: [-0.5, 0]", "center_A: [-0.5, 0, 1]", "line 7", "'generator.center_A'", "a list of 2 numbers", "a list of 3")]
    [TestCase("center_A: [-0.5, 0]", "center_A: [-0.5, east]", "line 7", "element 1", "'east'")]
    [TestCase("  center_A: [-0.5, 0]", "", "'center_A' is missing in 'generator'")]
    [TestCase("sigma_B: [0.6, 0.4]", "sigma_B: [0.6, -0.4]", "line 10", "'generator.sigma_B' must be positive")]
    [TestCase("sigmoid_y: no", "sigmoid_y: 3", "line 11", "true or false", "'3'")]
    [TestCase("hidden_features: [128, 128, 128]", "hidden_features: 128", "line 17", "a list of whole numbers", "'128'")]
    [TestCase("hidden_features: [128, 128, 128]", "hidden_features: [128, 0]", "line 17", "element 1", "'0'")]
    [TestCase("lr: 1e-4", "lr: 1e-4\n    optimizer: adamv", "line 24", "'adamv'", "did you mean 'adamw'")]
    [TestCase("lr: 1e-4", "lr: 1e-4\n    lr: 2e-4", "line 24", "uplicate")]
    [TestCase("paths:", "paths: [", "line")]
    public void A_wrong_entry_of_a_base_config_is_named(string good, string bad, params string[] parts) =>
        MessageHolds(Base, good, bad, parts);

    [TestCase("num_nuisances: 2", "num_nuisances: 3", "line 19", "'kin_systematics[0].m'", "a list of 3 numbers", "a list of 2")]
    [TestCase("generator: moved", "generator: move", "line 19", "'kin_systematics[0].generator'", "did you mean 'moved'")]
    [TestCase("m: [1.0, 0.0]", "mm: [1.0, 0.0]", "line 19", "unknown key 'mm'", "did you mean 'm'")]
    [TestCase("type: flow", "type: flaw", "line 11", "did you mean 'flow'")]
    [TestCase("[[1, 0]]", "[[1, 2]]", "line 17", "from 0 to 1", "'2'")]
    [TestCase("[[1, 0]]", "[[1, 1]]", "two different nuisances")]
    [TestCase("[[1, 0]]", "[[1, 0], [0, 1]]", "twice")]
    [TestCase("<<: *nominal", "<<: 7", "'<<'")]
    public void A_wrong_entry_of_a_residual_config_is_named(string good, string bad, params string[] parts) =>
        MessageHolds(Systematics, good, bad, parts);

    [Test]
    public void Half_of_the_old_form_is_refused()
    {
        const string generator = "{center_A: [0, 0], center_B: [1, 0], sigma_A: [1, 1], sigma_B: [1, 1]}";
        Assert.That(
            () => Parse($"generator_kin_up: {generator}\ngenerator_kin_dwn: {generator}\n"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("generator_kin_down"));
    }

    [Test]
    public void Activations_are_the_published_ones_unless_the_config_says_otherwise()
    {
        var standard = Parse(Base);
        var other = Parse(Base.Replace("kin_flow:", "kin_flow:\n  activation: silu", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(standard.KinFlow!.Activation, Is.EqualTo(UnaryFunction.ReLU));
            Assert.That(other.KinFlow!.Activation, Is.EqualTo(UnaryFunction.Silu));
            Assert.That(standard.KinFlow.Agrees(other.KinFlow), Is.False);
            Assert.That(
                () => Parse(Base.Replace("kin_flow:", "kin_flow:\n  activation: sillu", StringComparison.Ordinal)),
                Throws.TypeOf<ConfigurationException>().With.Message.Contains("'sillu'").And.Message.Contains("'silu'"));
        });
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(
            () => StudyConfigReader.Read("/nowhere/base.yaml"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("'/nowhere/base.yaml' does not exist"));

    [Test]
    public void A_section_a_verb_needs_is_named_when_it_is_missing()
    {
        var config = Parse(Base);
        Assert.That(
            () => config.Require(config.ScoreFlow, "score_flow", "train-base-flows"),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("'score_flow' is missing, and train-base-flows needs it"));
    }

    [TestCase("[")]
    [TestCase("- ")]
    [TestCase("{a: ")]
    public void Deep_nesting_is_an_error_and_not_a_crash(string opening)
    {
        var text = "a: " + string.Concat(Enumerable.Repeat(opening, 100_000));
        Assert.That(() => Parse(text), Throws.TypeOf<ConfigurationException>());
    }

    [TestCase("a: &a [*a]")]
    [TestCase("generator: &g\n  <<: *g\n")]
    [TestCase("a: *nothing")]
    [TestCase("- 1\n- 2\n")]
    [TestCase("")]
    [TestCase("a: b\n---\nc: d\n")]
    [TestCase("\u0000\u0001")]
    public void What_is_no_config_is_an_error_and_not_a_crash(string text) =>
        Assert.That(() => Parse(text), Throws.TypeOf<ConfigurationException>());

    [Test]
    public void Agreement_of_architectures_looks_at_every_width()
    {
        var flow = Parse(Base).KinFlow!;
        Assert.Multiple(() =>
        {
            Assert.That(flow.Agrees(flow with { HiddenFeatures = [128, 128, 128] }), Is.True);
            Assert.That(flow.Agrees(flow with { HiddenFeatures = [128, 64, 128] }), Is.False);
            Assert.That(flow.Agrees(flow with { Bins = 19 }), Is.False);
        });
    }

    private static StudyConfig Parse(string text) => StudyConfigReader.Parse(text, "study.yaml", "/home/user/configs");

    private static void MessageHolds(string text, string good, string bad, string[] parts)
    {
        Assert.That(text, Does.Contain(good));
        var error = Assert.Throws<ConfigurationException>(
            () => Parse(text.Replace(good, bad, StringComparison.Ordinal)))!;
        foreach (var part in parts)
            Assert.That(error.Message, Does.StartWith("study.yaml, line").And.Contains(part));
    }
}
