using System.Text;
using CommandLine;
using FactorizableFlow.Application;
using FactorizableFlow.Configuration;
using FlowCore.Tests.Cli;
using FlowCore.Tests.FactorizableFlow;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Reliability;

/// <summary>Small configs that mean endless work to a reader that follows them.</summary>
[TestFixture]
internal sealed class ConfigBombTests
{
    // The nodes of a file of some kilobytes, and the copy of its text.
    private const long MostAllocated = 64 << 20;

    private static IEnumerable<TestCaseData> Bombs()
    {
        yield return Case("merge keys that take in one section over and over", Chain(k => $"a{k}: &a{k} {{<<: [*a{k - 1}, *a{k - 1}, *a{k - 1}, *a{k - 1}]}}"));
        yield return Case("merge keys over two", "a0: &a0 {b: 1}\n" + Chain(k => $"a{k}: &a{k} {{<<: [*a{k - 1}, *a{Math.Max(0, k - 2)}]}}"));
        yield return Case("keys that are aliases", Chain(k => $"a{k}: &a{k} {{*a{k - 1} : *a{k - 1}}}"));
        yield return Case("a key that holds itself", "? &a {x: *a}\n: 1\n");
        yield return Case("a section that takes in itself", "a: &a {<<: *a}\ngenerator: {<<: *a}\n");
        yield return Case("a list of one section many times", Aliased("kin_systematics: [", "{<<: *a}", 2_000, "]"));
        yield return Case("a list of one alias many times", Aliased("kin_systematics: [", "*a", 20_000, "]"));
        yield return Case("rows that are one row many times", $"r: &r [{Repeat("1", 2_000)}]\nvalidation: {{points: [{Repeat("*r", 20_000)}]}}\n");
        yield return Case("a brace that stays open", "a: {b: 1\nc: 2");
        yield return Case("a quote that stays open", "a: \"b\nc: 2");
        yield return Case("brackets that stay open", new string('[', 20) + "1");

        static TestCaseData Case(string name, string text) => new TestCaseData(text).SetArgDisplayNames(name);
        static string Chain(Func<int, string> line) => "a0: &a0 {b: 1}\n" + string.Join('\n', Enumerable.Range(1, 30).Select(line)) + "\ngenerator: {<<: *a30}\n";
        static string Repeat(string item, int count) => string.Join(", ", Enumerable.Repeat(item, count));
        static string Aliased(string before, string item, int count, string after)
        {
            var text = new StringBuilder("x: &a\n");
            for (var i = 0; i < 2_000; i++)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  k{i}: 1\n");
            return text.Append(before).Append(Repeat(item, count)).Append(after).ToString();
        }
    }

    [TestCaseSource(nameof(Bombs))]
    public void A_config_that_repeats_itself_is_refused_with_file_and_line_in_bounded_memory(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ConfigurationException>(() => StudyConfigReader.Parse(text, "bomb.yaml", "/"))!;
        Assert.That(error.Message, Does.Match(@"^bomb\.yaml, line [1-9]\d*: ").And.Not.Contains("\n").And.Not.Contains("current state of the object"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(MostAllocated));
    }

    [Test]
    public void A_section_that_takes_in_two_that_share_a_third_is_read()
    {
        var config = StudyConfigReader.Parse(
            """
            generator: &base {center_A: [0, 0], center_B: [1, 0], sigma_A: [1, 1], sigma_B: [1, 1]}
            generator_one: &one {<<: *base, shift_scale: 0.1}
            generator_two: &two {<<: *base, rot_scale: 0.2}
            generator_both: {<<: [*one, *two]}
            """,
            "a.yaml",
            "/");
        Assert.That(config.Generators["generator_both"].ShiftScale, Is.EqualTo(0.1));
        Assert.That(config.Generators["generator_both"].RotationScale, Is.EqualTo(0.2));
    }

    [Test]
    public void A_config_without_end_is_refused()
    {
        if (!File.Exists("/dev/zero"))
            Assert.Ignore("There is no file without end here.");
        Assert.That(StudyRun.Fail(ExitCode.Failure, "train-base-flows", "-c", "/dev/zero"), Does.Contain("/dev/zero").And.Contains("more than 1048576 bytes"));
    }

    [TestCase("validation_events: 200", "validation_events: 2147483647")]
    [TestCase("hidden_features: [8], standardize", "hidden_features: [65536, 65536, 65536], standardize")]
    public void Values_that_are_valid_alone_and_cannot_be_used_name_file_line_and_key(string good, string bad)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("study.yaml");
        File.WriteAllText(file, Attack.Specimens.Config.Replace(good, bad, StringComparison.Ordinal));
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using StringWriter output = new(), error = new();
        var code = StudyApplication.Run(
            ["train-base-flows", "-c", file, "-s", "train_kin"], new ConsoleReporter(output, error, isTerminal: false), output, error, stop.Token);

        // So many events are many, and no mistake: the run starts, and stops because it is told to.
        var isUsable = bad.StartsWith("validation", StringComparison.Ordinal);
        Assert.That(code, Is.EqualTo(isUsable ? ExitCode.Cancelled : ExitCode.Failure), error.ToString());
        if (!isUsable)
            Assert.That(error.ToString(), Does.Match($@"^{file}, line \d+: '(training\.kin|kin_flow)'"));
    }

    [TestCase("--nepochs must be a whole number from 1 to 2147483647, but it is 'x'.", "train-base-flows", "-c", "x.yaml", "--nepochs", "x")]
    [TestCase("--nepochs must be a whole number from 1 to 2147483647, but it is '0'.", "train-base-flows", "-c", "x.yaml", "--nepochs", "0")]
    [TestCase("Unknown verb 'nonsense'", "help", "nonsense")]
    [TestCase("--cfg must name a file or a folder, but it is empty", "train-base-flows", "-c", "")]
    public void A_command_line_of_other_words_is_one_sentence(string part, params string[] words) =>
        Assert.That(StudyRun.Fail(ExitCode.Usage, words), Does.Contain(part).And.Not.Contains("System."));

    [TestCase("FILE must name a file or a folder, but it is empty", "inspect", "")]
    public void So_it_is_for_the_other_program(string part, params string[] words) =>
        Assert.That(CliRun.Fail(ExitCode.Usage, words), Does.Contain(part).And.Not.Contains("System."));

    [TestCase("--force=maybe")]
    [TestCase("--resume=3")]
    public void A_flag_with_a_value_of_another_kind_names_no_type_of_the_runtime(string flag) =>
        Assert.That(StudyRun.Fail(ExitCode.Usage, "train-base-flows", "-c", "x.yaml", flag), Does.Not.Contain("System."));

    [Test]
    public void Help_is_a_verb_too()
    {
        Assert.That(StudyRun.Succeed("help"), Does.Contain("generate-dataset"));
        Assert.That(CliRun.Succeed("help", "sample"), Does.Contain("--seed"));
    }
}
