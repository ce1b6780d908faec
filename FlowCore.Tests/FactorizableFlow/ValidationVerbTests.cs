using System.Text.Json;
using CommandLine;
using FlowCore.Files;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class ValidationVerbTests
{
    private string _folder = "";

    private string ConfigFile => Path.Combine(_folder, "study.yaml");

    private string Results => Path.Combine(_folder, "results");

    [SetUp]
    public void MakeFolder()
    {
        _folder = Directory.CreateTempSubdirectory("flowcore-validation-").FullName;
        File.WriteAllText(ConfigFile, KnownModels.Config);
        KnownModels.Save(_folder);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Closure_json_has_an_entry_for_each_model_and_point()
    {
        StudyRun.Succeed("validate-flows", "-c", ConfigFile, "--sys-cfg", ConfigFile, "--out-dir", Results);
        using var closure = JsonDocument.Parse(File.ReadAllText(Path.Combine(Results, "closure.json")));
        JsonElement[] rows = [.. closure.RootElement.EnumerateArray()];
        Assert.Multiple(() =>
        {
            Assert.That(
                rows.Select(row => $"{row.GetProperty("model").GetString()} {row.GetProperty("nu")}"),
                Is.EqualTo(new[]
                {
                    "kin [\n      0,\n      0\n    ]", "score [\n      0,\n      0\n    ]",
                    "kin_residual [\n      0,\n      0\n    ]", "kin_residual [\n      1,\n      -0.5\n    ]",
                    "score_residual [\n      0,\n      0\n    ]", "score_residual [\n      1,\n      -0.5\n    ]",
                }));
            foreach (var row in rows)
            {
                Assert.That(
                    row.EnumerateObject().Select(property => property.Name),
                    Is.EqualTo(new[] { "model", "nu", "events", "truth_nll", "model_nll", "kl", "kl_se" }));
                Assert.That(row.GetProperty("events").GetInt64(), Is.EqualTo(1000));
                var kl = row.GetProperty("model_nll").GetDouble() - row.GetProperty("truth_nll").GetDouble();
                Assert.That(row.GetProperty("kl").GetDouble(), Is.EqualTo(kl).Within(1e-12));
                Assert.That(row.GetProperty("kl_se").GetDouble(), Is.Positive);
            }

            // The residual is the identity at ν = 0, and the events are the same.
            Assert.That(rows[2].GetProperty("kl").GetDouble(), Is.EqualTo(rows[0].GetProperty("kl").GetDouble()));
        });
    }

    [Test]
    public void Without_a_config_of_residuals_base_flows_alone_are_validated()
    {
        var output = StudyRun.Succeed("validate-flows", "-c", ConfigFile, "--n", "500", "--out-dir", Results);
        using var closure = JsonDocument.Parse(File.ReadAllText(Path.Combine(Results, "closure.json")));
        Assert.Multiple(() =>
        {
            Assert.That(closure.RootElement.GetArrayLength(), Is.EqualTo(2));
            Assert.That(closure.RootElement[0].GetProperty("events").GetInt64(), Is.EqualTo(500));
            Assert.That(output, Does.Contain("ABOVE").And.Contains("(0, 0)").And.Contains("seed 1"));
        });
    }

    [Test]
    public void A_seed_gives_the_same_bytes_on_any_number_of_threads_and_another_seed_others()
    {
        string[] command = ["validate-flows", "-c", ConfigFile, "--sys-cfg", ConfigFile, "--out-dir", Results, "--seed"];
        string Closure(params string[] more)
        {
            StudyRun.Succeed([.. command, .. more]);
            return File.ReadAllText(Path.Combine(Results, "closure.json"));
        }

        var one = Closure("5", "--threads", "1");
        Assert.Multiple(() =>
        {
            Assert.That(Closure("5", "--threads", "3"), Is.EqualTo(one));
            Assert.That(Closure("6"), Is.Not.EqualTo(one));
        });
    }

    [Test]
    public void Everything_else_is_in_validation_json()
    {
        StudyRun.Succeed("validate-flows", "-c", ConfigFile, "--out-dir", Results, "--seed", "9", "--limits", "flowcore");
        using var all = JsonDocument.Parse(File.ReadAllText(Path.Combine(Results, "validation.json")));
        var point = all.RootElement.GetProperty("points")[0];
        var sampling = point.GetProperty("sampling");
        Assert.Multiple(() =>
        {
            Assert.That(all.RootElement.GetProperty("seed").GetInt32(), Is.EqualTo(9));
            Assert.That(all.RootElement.GetProperty("limits").GetString(), Is.EqualTo("flowcore"));
            Assert.That(all.RootElement.GetProperty("models")[0].GetProperty("content_hash").GetString(), Has.Length.EqualTo(64));
            Assert.That(point.GetProperty("limit").GetProperty("kl").GetDouble(), Is.EqualTo(20e-5).Within(1e-12));
            Assert.That(point.GetProperty("within_limit").GetBoolean(), Is.False);
            Assert.That(sampling.GetProperty("pit").GetProperty("components").GetArrayLength(), Is.EqualTo(2));
            Assert.That(sampling.GetProperty("marginals")[0].GetProperty("p").GetDouble(), Is.InRange(0, 1));
            Assert.That(sampling.GetProperty("energy").GetProperty("p").GetDouble(), Is.InRange(1.0 / 200, 1));
        });
    }

    [Test]
    public void Check_turns_a_row_above_its_limit_into_exit_code_1()
    {
        (var code, _, var error) = StudyRun.Run("validate-flows", "-c", ConfigFile, "--n", "1000", "--out-dir", Results, "--check");
        Assert.That((code, error), Is.EqualTo((ExitCode.Failure, "")));
    }

    [Test]
    public void Reproduce_writes_the_closure_of_both_configurations()
    {
        var study = Path.Combine(_folder, "study");
        foreach (var configs in new[] { Path.Combine(study, "configs"), Path.Combine(study, "configs", "reference") })
        {
            Directory.CreateDirectory(configs);
            KnownModels.Save(configs);
            File.WriteAllText(Path.Combine(configs, "base_flows.yaml"), KnownModels.Config);
            File.WriteAllText(Path.Combine(configs, "systematics.yaml"), KnownModels.Config);
        }

        // The report draws a data set of the toy; its config stands beside the others.
        File.WriteAllText(Path.Combine(study, "configs", "dataset.yaml"), KnownModels.Config);
        var output = StudyRun.Succeed("reproduce", "--study-dir", study, "--n", "1000", "--out-dir", Results);
        Assert.Multiple(() =>
        {
            Assert.That(
                Directory.GetFiles(Results).Select(Path.GetFileName).Order(StringComparer.Ordinal),
                Is.EquivalentTo(new[] { "closure.json", "closure_reference.json", "report.html", "validation.json", "validation_reference.json" }));
            Assert.That(output, Does.Contain("FlowCore's own configuration").And.Contains("The published configuration"));
        });
    }

    [Test]
    public void A_missing_model_is_one_sentence_that_says_how_to_make_it()
    {
        File.Delete(Path.Combine(_folder, "score.safetensors"));
        var sentence = StudyRun.Fail(ExitCode.Failure, "validate-flows", "-c", ConfigFile, "--out-dir", Results);
        Assert.Multiple(() =>
        {
            Assert.That(sentence, Does.Contain("score.safetensors").And.Contains("train-base-flows"));
            Assert.That(Directory.Exists(Results), Is.False);
        });
    }

    [Test]
    public void A_residual_of_another_base_is_refused()
    {
        using (var other = KnownModels.Normal(new(0, 0), new(1, 1)))
            other.Save(Path.Combine(_folder, "kin.safetensors"));

        Assert.That(
            StudyRun.Fail(ExitCode.Failure, "validate-flows", "-c", ConfigFile, "--sys-cfg", ConfigFile, "--out-dir", Results),
            Does.Contain("kin_residual.safetensors").And.Contains("base"));
    }

    [Test]
    public void A_model_of_other_dimensions_is_refused()
    {
        File.Copy(Path.Combine(_folder, "kin.safetensors"), Path.Combine(_folder, "score.safetensors"), overwrite: true);
        Assert.That(
            StudyRun.Fail(ExitCode.Failure, "validate-flows", "-c", ConfigFile, "--out-dir", Results),
            Does.Contain("score.safetensors").And.Contains("4 context features"));
    }

    [Test]
    public void A_folder_that_cannot_be_written_to_is_found_out_before_the_work()
    {
        // A file where a folder would have to be; nobody can make a folder in it.
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "precious");
        var sentence = StudyRun.Fail(ExitCode.Failure, "validate-flows", "-c", ConfigFile, "--out-dir", Path.Combine(file, "results"));
        Assert.Multiple(() =>
        {
            Assert.That(sentence, Does.Contain(file));
            Assert.That(File.ReadAllText(file), Is.EqualTo("precious"));
        });
    }

    [TestCase("--limits must be reference or flowcore, but it is 'mine'.", "--limits", "mine")]
    [TestCase("--n must be a whole number of at least 2, but it is '1'.", "--n", "1")]
    [TestCase("Unknown flag '--sys-cgf'; did you mean '--sys-cfg'?", "--sys-cgf", "x")]
    public void A_wrong_flag_is_one_sentence_and_code_2(string sentence, params string[] flags) =>
        Assert.That(StudyRun.Fail(ExitCode.Usage, ["validate-flows", "-c", ConfigFile, .. flags]), Is.EqualTo(sentence));

    [Test]
    public void A_folder_that_is_no_study_is_refused() =>
        Assert.That(StudyRun.Fail(ExitCode.Failure, "reproduce", "--study-dir", _folder), Does.Contain("base_flows.yaml"));
}
