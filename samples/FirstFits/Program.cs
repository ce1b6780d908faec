using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using FirstFits;
using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

var onlyFit = args.Contains("--only-fit");
var isVerbose = args.Contains("--say");
if (!TryNumber("--rows", 20_000, out var rowsToFit) || !TryNumber("--seed", 0, out var seed))
    return 1;
var names = args.Where((argument, i) => !argument.StartsWith("--", StringComparison.Ordinal) && (i == 0 || args[i - 1] is not ("--rows" or "--seed"))).ToArray();
foreach (var name in names)
{
    if (Problems.All.All(problem => problem.Name != name))
    {
        Console.Error.WriteLine($"Expected names of problems ({string.Join(", ", Problems.All.Select(problem => $"'{problem.Name}'"))}), got '{name}'.");
        return 1;
    }
}

if (args.Contains("--flows"))
{
    FlowTable.Print(Console.Out, names);
    return 0;
}

Console.WriteLine("problem               | plain, KL | standardised, KL |  Density.Fit, KL ± error | seconds |   CPU | parameters | warnings");
Console.WriteLine("----------------------|-----------|------------------|--------------------------|---------|-------|------------|---------");
foreach (var problem in Problems.All)
{
    if (names.Length > 0 && !names.Contains(problem.Name))
        continue;
    var events = problem.DrawToFit(rowsToFit, seed: (2 * (ulong)seed) + 1);
    var fresh = problem.Draw(Comparison.FreshRows, seed: (2 * (ulong)seed) + 2);
    var (plain, standardised) = onlyFit ? ("", "") : (Plain(problem, events, fresh, false), Plain(problem, events, fresh, true));

    var (started, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
    var options = new DensityFitOptions { Seed = (ulong)seed, Supports = problem.Supports, Log = isVerbose ? Console.Out : null };
    using var model = Density.Fit<float>(Comparison.Rows(events.X, problem.Features), out var result, Comparison.Rows(events.Context, problem.ContextFeatures), events.Weights, options);
    var (seconds, processor) = (Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - used).TotalSeconds);
    var (divergence, error) = Comparison.Divergence(problem, model, fresh);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{problem.Name,-21} | {plain,9} | {standardised,16} | {divergence,15:f4} ± {error:f4} | {seconds,7:f1} | {processor,5:f1} | {model.Parameters.Length,10} | {result.Warnings.Count}"));
}

return 0;

// A whole number after its name, or the default.
bool TryNumber(string option, int byDefault, out int number)
{
    number = byDefault;
    var place = Array.IndexOf(args, option);
    if (place < 0)
        return true;
    var text = place + 1 < args.Length ? args[place + 1] : "nothing";
    if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        return true;
    Console.Error.WriteLine($"Expected a whole number after {option}, got {text}.");
    return false;
}

// What the library does when a flow of its defaults is trained as the options say, without and with what a manual would recommend.
static string Plain(Problem problem, Events events, Events fresh, bool standardise)
{
    var settings = new NeuralSplineFlowSettings
    {
        Features = problem.Features,
        ContextFeatures = problem.ContextFeatures,
        Standardization = standardise ? LocationScale.FromData<float>(events.X, problem.Features) : null,
        AffineTransforms = standardise ? 1 : 0,
    };
    using var flow = NeuralSplineFlow.Create<float>(settings);
    var options = new TrainingOptions { Epochs = 50, Optimiser = OptimiserSettings.AdamW(0.005), Warn = null };
    try
    {
        flow.Fit(Comparison.Rows(Comparison.Spread(problem, events.X, 5), problem.Features), Comparison.Rows(events.Context, problem.ContextFeatures), weights: events.Weights, options: options);
    }
    catch (TrainingDivergedException)
    {
        return "diverged";
    }

    return Comparison.Divergence(problem, flow, fresh).Mean.ToString("f4", CultureInfo.InvariantCulture);
}
