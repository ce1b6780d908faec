using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CommandLine;
using FlowCore.Cli;
using FlowCore.Files;
using FlowCore.Random;
using FlowCore.Tests.IO;
using NUnit.Framework;

namespace FlowCore.Tests.Cli;

/// <summary>fit, and what judges what it makes.</summary>
[TestFixture]
internal sealed partial class FitVerbTests
{
    private const string Quick = "affine";

    private TemporaryFolder _folder = null!;

    private string Data => _folder.File("data.csv");

    private string Model => _folder.File("m.safetensors");

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Names_go_from_the_table_through_the_model_into_everything_else()
    {
        Write(400, "mass,angle,energy", x => [x[0], Math.Tau * Wrapped(x[1]), x[2]]);
        Fit("--columns", "mass,angle", "--context", "energy", "--bounds", "angle=circle");
        Assert.That(CliRun.Succeed("inspect", Model), Does.Match(@"training\.columns +\[""mass"",""angle""\]").And.Match(@"training\.context_columns +\[""energy""\]").And.Contains("circle"));

        // The order of a table's columns does not count, its names do.
        File.WriteAllText(_folder.File("e.csv"), "angle,energy,mass\n1,0.5,0.1\n2,-0.5,0.3\n");
        Assert.That(CliRun.Succeed("evaluate", Model, _folder.File("e.csv")), Does.Contain("mean -ln p"));
        CliRun.Succeed("sample", Model, "--n", "3", "--context", "0.5", "-o", _folder.File("s.csv"));
        var lines = File.ReadAllLines(_folder.File("s.csv"));
        Assert.That(lines, Has.Length.EqualTo(4));
        Assert.That(lines[0], Is.EqualTo("mass,angle"));
        CliRun.Succeed("sample", Model, "--context", _folder.File("e.csv"), "-o", _folder.File("s.parquet"));
        CliRun.Succeed("log-prob", Model, "--x", _folder.File("e.csv"), "--context", _folder.File("e.csv"), "-o", _folder.File("table.npy"));
        FlowCore.IO.NpyFile.Write<float>(_folder.File("e.npy"), [2, 1], [0.5f, -0.5f]);
        CliRun.Succeed("log-prob", Model, "--x", _folder.File("e.csv"), "--context", _folder.File("e.npy"), "-o", _folder.File("array.npy"));
        Assert.That(File.ReadAllBytes(_folder.File("table.npy")), Is.EqualTo(File.ReadAllBytes(_folder.File("array.npy"))));
        CliRun.Succeed("compare", _folder.File("s.parquet"), _folder.File("s.csv"), "-o", _folder.File("c.svg"));
        Assert.That(File.ReadAllText(_folder.File("c.svg")), Does.Contain("angle"));
        CliRun.Succeed("plot", Model, "--context", "0.5", "--n", "200", "-o", _folder.File("p.svg"));
        Assert.That(File.ReadAllText(_folder.File("p.svg")), Does.Contain("mass"));
    }

    [Test]
    public void What_the_data_looks_like_is_said_with_the_flag_that_tells_it()
    {
        Write(500, "count,share,tail,flat,twin", x => [Math.Floor(3 * x[0]), Wrapped(x[1]), x[0] / Math.Max(0.001, Math.Abs(x[2])), 4, Wrapped(x[1])]);
        var (code, output, error) = CliRun.Run("fit", Data, "-o", Model, "--flow", Quick, "--epochs", "1");
        Assert.That(code, Is.Zero, error);
        Assert.That(error, Does.Contain("column 'flat' is 4 in every row, so it has no density; it is left out."));
        Assert.That(error, Does.Contain("column 'twin' is the same as 'share' in every row"));
        Assert.That(error, Does.Contain("--bounds count=integers."));
        Assert.That(error, Does.Contain("--bounds share=0..1."));
        Assert.That(error, Does.Contain("column 'tail' has heavy tails"));
        Assert.That(output, Does.Contain("Feature 'tail'"));
        Assert.That(ModelFile.Describe(Model).Features, Is.EqualTo(3));
    }

    [Test]
    public void A_fit_that_was_stopped_goes_on_and_ends_in_the_same_bytes()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        CliRun.Run("fit", Data, "-o", _folder.File("whole.safetensors"), "--flow", Quick);
        using (var stop = new CancellationTokenSource())
        using (StringWriter output = new(), error = new())
        {
            // The line that says that the rows are read is the last one before the training.
            using var trigger = new CancelWriter(stop);
            var code = CliApplication.Run(["fit", Data, "-o", Model, "--flow", Quick], new ConsoleReporter(trigger, error, isTerminal: false), output, error, stop.Token);
            Assert.That(code, Is.EqualTo(ExitCode.Cancelled));
            Assert.That(error.ToString(), Does.Contain("--resume goes on from there"));
            Assert.That(File.Exists(Model), Is.False);
        }

        Assert.That(CliRun.Run("fit", Data, "-o", Model, "--flow", Quick).Error, Does.Contain("interrupted run; --resume goes on with it, --force starts anew."));
        Assert.That(CliRun.Run("fit", Data, "-o", Model, "--flow", Quick, "--resume").Code, Is.Zero);
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(File.ReadAllBytes(_folder.File("whole.safetensors"))));
        Assert.That(Directory.GetFiles(_folder.Path, "*checkpoint*"), Is.Empty);
        Assert.That(CliRun.Succeed("fit", Data, "-o", Model, "--resume"), Does.Contain("is complete; nothing to resume."));
    }

    [Test]
    public void An_interrupted_fit_is_not_taken_up_by_another_command_or_with_other_rows_and_the_difference_is_named()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        using (var stop = new CancellationTokenSource())
        using (StringWriter output = new(), error = new())
        {
            using var trigger = new CancelWriter(stop);
            Assert.That(
                CliApplication.Run(["fit", Data, "-o", Model, "--flow", Quick], new ConsoleReporter(trigger, error, isTerminal: false), output, error, stop.Token), Is.EqualTo(ExitCode.Cancelled));
        }

        Assert.That(
            CliRun.Fail(1, "fit", Data, "-o", Model, "--resume"),
            Is.EqualTo($"{Model}: the interrupted fit was started with --flow affine, this command is with --flow nsf; --resume takes the same command, --force starts anew."));
        Assert.That(CliRun.Fail(1, "fit", Data, "-o", Model, "--resume", "--flow", Quick, "--seed", "7"), Does.Contain("started with --seed 1, this command is with --seed 7;"));
        Assert.That(CliRun.Fail(1, "fit", Data, "-o", Model, "--resume", "--flow", Quick, "--epochs", "7"), Does.Contain("started without --epochs, this command is with --epochs 7;"));
        Write(300, "a,b", x => [x[0] + 1, x[1]]);
        Assert.That(CliRun.Run("fit", Data, "-o", Model, "--resume", "--flow", Quick).Error, Does.Contain($"{Model}: the state of the interrupted fit does not go with {Data} as it is read now"));
        Assert.That(Directory.GetFiles(_folder.Path, "*.checkpoint.*"), Is.Not.Empty);
        Assert.That(CliRun.Run("fit", Data, "-o", Model, "--force", "--flow", Quick, "--epochs", "1").Code, Is.Zero);
        Assert.That(Directory.GetFiles(_folder.Path, "*.checkpoint.*"), Is.Empty);
    }

    [Test]
    public void A_model_is_compared_at_the_conditions_of_whole_rows_where_weights_and_conditions_are_missing_in_others()
    {
        // As many rows without a weight as without a condition: to count them is not to pair them.
        Write(300, "x,c,w", x => [x[0] + (50 * x[1]), x[1], 1]);
        Fit("--columns", "x", "--context", "c", "--weights", "w");
        var lines = File.ReadAllLines(Data);
        (lines[5], lines[6]) = ("1,2,", "1,,1");
        File.WriteAllLines(Data, lines);
        var (code, output, error) = CliRun.Run("compare", Data, "--model", Model, "--missing", "drop", "-o", _folder.File("c.svg"));
        Assert.That(code, Is.Zero, error);
        Assert.That(error, Does.Contain("2 of 300 rows are left out because a number is missing in them."));
        Assert.That(output, Does.Contain("(298 rows) against"));
    }

    [Test]
    public void A_pipe_is_called_a_pipe()
    {
        if (OperatingSystem.IsWindows())
            return;
        var pipe = _folder.File("pipe.csv");
        using var make = System.Diagnostics.Process.Start("mkfifo", pipe)!;
        make.WaitForExit();
        using var writer = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Assert.That(CliRun.Fail(1, "fit", pipe, "-o", Model), Is.EqualTo($"{pipe}: Expected a file, got a pipe, which cannot be read twice: write it to a file first."));
    }

    [Test]
    public void The_number_of_threads_changes_no_byte()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        CliRun.Run("fit", Data, "-o", Model, "--flow", Quick, "--epochs", "2", "--threads", "1");
        CliRun.Run("fit", Data, "-o", _folder.File("n.safetensors"), "--flow", Quick, "--epochs", "2", "--threads", "3");
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(File.ReadAllBytes(_folder.File("n.safetensors"))));
    }

    [Test]
    public void A_model_that_is_there_survives_a_fit_that_fails()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        Fit();
        var before = File.ReadAllBytes(Model);
        File.AppendAllText(Data, "1,no\n");
        CliRun.Fail(ExitCode.Failure, "fit", Data, "-o", Model, "--force", "--flow", Quick);
        Assert.That(File.ReadAllBytes(Model), Is.EqualTo(before));
    }

    [Test]
    public void Rows_with_holes_are_left_out_when_that_is_said_and_counted()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        File.AppendAllText(Data, "1,\n,2\n");
        var (code, output, error) = CliRun.Run("fit", Data, "-o", Model, "--flow", Quick, "--epochs", "1", "--missing", "drop");
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.Contain("2 of 302 rows are left out because a number is missing in them."));
        Assert.That(output, Does.Contain("300 rows"));
    }

    [Test]
    public void A_density_on_manifolds_is_fitted_from_its_definition_and_evaluated()
    {
        Write(300, "x,phi,c", x => [x[0], Math.Tau * Wrapped(x[1]), x[2]]);
        var output = Fit("--columns", "x,phi", "--context", "c", "--flow", "e1+s1:g+m");
        Assert.That(output, Does.Contain("Density on e1+s1 of layers g+m"));
        Assert.That(CliRun.Succeed("inspect", Model), Does.Contain("pdf"));
        Assert.That(CliRun.Succeed("evaluate", Model, Data), Does.Contain("300"));
    }

    [Test]
    public void The_context_of_a_density_on_manifolds_is_standardised_and_given_as_it_is_in_the_table()
    {
        // The same context in two units: what a network reads of it is the same, up to the roundings of float.
        Write(300, "x,phi,c,kilo", x => [x[0] + x[2], Math.Tau * Wrapped(x[1]), x[2], 5000 + (1000 * x[2])]);
        Fit("--columns", "x,phi", "--context", "c", "--flow", "e1+s1:g+m", "--epochs", "20", "--lr", "0.02");
        var small = Loss(CliRun.Succeed("evaluate", Model, Data));
        var (code, output, error) = CliRun.Run("fit", Data, "-o", Model, "--columns", "x,phi", "--context", "kilo", "--flow", "e1+s1:g+m", "--epochs", "20", "--lr", "0.02", "--force");
        Assert.That(code, Is.Zero, error);
        Assert.That(error, Does.Not.Contain("order one"));
        Assert.That(output, Does.Match("Context 'kilo': standardised by 49[0-9]+|50[0-9]+"));
        Assert.That(CliRun.Succeed("inspect", Model), Does.Contain("architecture.condition_scale"));
        var large = Loss(CliRun.Succeed("evaluate", Model, Data));

        // 20 epochs of Adam make differences of 1e-4 of the context's roundings into some of 1e-2 at most.
        Assert.That(double.Parse(large, CultureInfo.InvariantCulture), Is.EqualTo(double.Parse(small, CultureInfo.InvariantCulture)).Within(0.02));
        CliRun.Succeed("sample", Model, "--n", "3", "--context", "6000", "-o", _folder.File("s.csv"));
    }

    [Test]
    public void More_rows_than_memory_may_take_are_trained_on_as_a_stream()
    {
        Write(20_000, "a,b,c", x => [x[0], x[1], x[2]]);
        var output = Fit("--memory", "1", "--context", "c", "--batch", "512");
        Assert.That(output, Does.Contain("trained on as a stream").And.Contain("Feature 'b'"));
        Assert.That(CliRun.Succeed("inspect", Model), Does.Match(@"training\.rows +20000"));
    }

    [Test]
    public void Rows_of_every_support_are_streamed_with_weights_context_and_holes_and_evaluated_under_the_limit()
    {
        Write(15_000, "phi,n,share,c,w", x => [Math.Tau * Wrapped(x[0]), Math.Floor(Math.Abs(3 * x[1])), Wrapped(x[2]), x[0], 0.5 + Math.Abs(x[1])]);
        File.AppendAllText(Data, "1,,0.5,1,1\n");
        var (code, output, error) = CliRun.Run(
            "fit", Data, "-o", Model, "--memory", "1MB", "--context", "c", "--weights", "w", "--bounds", "phi=circle", "n=integers", "share=0..1", "--missing", "drop", "--flow", Quick, "--epochs", "1");
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain("trained on as a stream").And.Contain("Support.Circle").And.Contain("Support.Integers").And.Contain("Support.Interval"));
        Assert.That(error, Does.Contain("1 of 15001 rows are left out because a number is missing in them."));
        var (limited, free) = (CliRun.Run("evaluate", Model, Data, "--memory", "1", "--missing", "drop"), CliRun.Run("evaluate", Model, Data, "--missing", "drop"));
        Assert.That(limited, Is.EqualTo(free));
        Assert.That(limited.Output, Does.Match(@"rows +\| +15000 "));
    }

    [TestCase("0")]
    [TestCase("-1MB")]
    [TestCase("1.5GB")]
    [TestCase("500 apples")]
    public void A_memory_that_is_no_size_is_refused(string size) =>
        Assert.That(CliRun.Fail(ExitCode.Usage, "fit", Data, "-o", Model, $"--memory={size}"), Does.Contain($"--memory must be a size of at least 1 MiB such as 500MB, 2GB or a whole number of MiB, but it is '{size}'."));

    [Test]
    public void One_row_does_not_tell_the_error_of_its_mean()
    {
        Write(300, "a,b", x => [x[0], x[1]]);
        Fit();
        File.WriteAllText(_folder.File("e.csv"), "a,b\n0.5,0.25\n");
        Assert.That(CliRun.Succeed("evaluate", Model, _folder.File("e.csv")), Does.Match(@"its error +\| +not known by one row"));
    }

    [Test]
    public void A_model_of_one_heap_is_found_wrong_on_two_and_the_region_is_named()
    {
        Write(600, "x,y", x => [x[0] > 0 ? 3 + (0.3 * x[1]) : -3 + (0.3 * x[1]), x[2]]);
        Fit();
        var folder = _folder.File("d");
        (var code, var output, _) = CliRun.Run("diagnose", Model, Data, "-o", folder, "--draws", "63", "--check");
        Assert.That(code, Is.EqualTo(ExitCode.Failure));
        Assert.That(output, Does.Contain("The model is wrong").And.Match(@"x[^|]*\|[^|]*\|[^|]*\| +[-+]\d"));
        Assert.That(File.ReadAllText(Path.Combine(folder, "report.html")), Does.Contain("Where rows and model differ most").And.Contains("rank of x"));
    }

    [TestCase("evaluate", "--columns", "--context", "--weights")]
    [TestCase("diagnose", "--columns", "--context", "--weights", "--output", "--draws", "--rows", "--check", "--seed")]
    [TestCase("sample", "--n", "--seed", "--context", "--output")]
    [TestCase("compare", "--output", "--columns", "--model", "--weights", "--context", "--seed")]
    public void Help_begins_with_the_flags_of_the_verb_and_ends_with_those_of_foreign_files(string verb, params string[] own)
    {
        var help = CliRun.Succeed("help", verb);
        var places = own.Select(flag => help.IndexOf($" {flag} ", StringComparison.Ordinal)).ToArray();
        Assert.That(places, Has.All.Positive);
        Assert.That(places.Max(), Is.LessThan(help.IndexOf(" --bound ", StringComparison.Ordinal)));
    }

    [Test]
    public void The_weights_of_a_fit_count_where_a_model_is_judged_and_it_is_said()
    {
        // Two heaps, the upper one nearly without weight.
        Write(600, "x,w", x => [x[1] > 0 ? 6 + (0.3 * x[0]) : 0.3 * x[0], x[1] > 0 ? 0.01 : 1]);
        Fit("--weights", "w");
        Assert.That(CliRun.Succeed("inspect", Model), Does.Match(@"training\.weights +w"));
        var noted = CliRun.Succeed("evaluate", Model, Data);
        var alike = CliRun.Succeed("evaluate", Model, Data, "--weights", "none");
        Assert.That(noted, Does.Contain("rows have the weights 'w', as in the fit"));
        Assert.That(alike, Does.Not.Contain("weights"));
        Assert.That(Loss(CliRun.Succeed("evaluate", Model, Data, "--weights", "w")), Is.EqualTo(Loss(noted)));
        Assert.That(Loss(alike), Is.Not.EqualTo(Loss(noted)));

        var judged = CliRun.Succeed("diagnose", Model, Data, "-o", _folder.File("d"), "--draws", "63");
        var left = File.ReadLines(Data).Count(line => line.EndsWith(",1", StringComparison.Ordinal));
        Assert.That(judged, Does.Contain("rows have the weights 'w', as in the fit"));

        // Rows of weight 1 are all kept, and of the others one in a hundred.
        var kept = int.Parse(Kept().Match(judged).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        Assert.That(kept, Is.InRange(left, left + 15));

        File.WriteAllLines(_folder.File("bare.csv"), File.ReadLines(Data).Select(line => line.Split(',')[0]));
        var (code, _, error) = CliRun.Run("evaluate", Model, _folder.File("bare.csv"));
        Assert.That(code, Is.Zero);
        Assert.That(error, Does.Contain($"the model was fitted with weights 'w', {_folder.File("bare.csv")} has no such column: rows count alike."));
    }

    [GeneratedRegex("([0-9]+) of 600 rows are left", RegexOptions.CultureInvariant)]
    private static partial Regex Kept();

    [GeneratedRegex(@"mean -ln p +\| +([-0-9.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex MeanLoss();

    private static string Loss(string output) => MeanLoss().Match(output).Groups[1].Value;

    private static double Wrapped(double value) => value - Math.Floor(value);

    private string Fit(params string[] flags)
    {
        var (code, output, error) = CliRun.Run(["fit", Data, "-o", Model, .. flags.Contains("--epochs") ? [] : (string[])["--epochs", "1"], .. flags.Contains("--flow") ? [] : (string[])["--flow", Quick], .. flags]);
        Assert.That(code, Is.Zero, error);
        return output;
    }

    private void Write(int rows, string header, Func<double[], double[]> row)
    {
        var numbers = new double[3 * rows];
        new RandomStream(3).FillNormal<double>(numbers);
        var text = new StringBuilder(header).Append('\n');
        for (var i = 0; i < rows; i++)
            text.AppendJoin(',', row(numbers[(3 * i)..((3 * i) + 3)]).Select(number => number.ToString("r", CultureInfo.InvariantCulture))).Append('\n');
        File.WriteAllText(Data, text.ToString());
    }

    // Cancels when the program says that it has read the rows.
    private sealed class CancelWriter(CancellationTokenSource source) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.StartsWith("read ", StringComparison.Ordinal) == true)
                source.Cancel();
        }
    }
}
