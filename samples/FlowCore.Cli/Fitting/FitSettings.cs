using System.Globalization;
using System.Text.Json;
using CommandLine;
using FlowCore.IO;

namespace FlowCore.Cli.Fitting;

/// <summary>What the command of a fit says of what becomes of the data, by its flags: kept with the state of an interrupted fit and in the model. Immutable.</summary>
/// <remarks>Threads, the device and the memory are not in it: they change no result.</remarks>
internal sealed class FitSettings
{
    private const string Seed = "--seed";
    private const string Flow = "--flow";
    private const string Validation = "--validation";

    private readonly Dictionary<string, string> _values;
    private readonly HashSet<string> _said;

    private FitSettings(Dictionary<string, string> values, HashSet<string> said) => (_values, _said) = (values, said);

    /// <summary>The values by their flags; a flag that was left out has the value that counts then, or none.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>What a command says.</summary>
    /// <param name="request">The command.</param>
    public static FitSettings Of(FitRequest request)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        Add("--columns", request.Columns is { } columns ? string.Join(',', columns) : null);
        Add("--context", request.Context.Length > 0 ? string.Join(',', request.Context) : null);
        Add("--weights", request.Weights);
        Add("--bounds", request.Bounds.Count > 0 ? string.Join(',', request.Bounds) : null);
        Add("--epochs", request.Epochs?.ToString(CultureInfo.InvariantCulture));
        Add("--batch", request.Batch?.ToString(CultureInfo.InvariantCulture));
        Add("--lr", request.Rate?.ToString(CultureInfo.InvariantCulture));
        Add("--patience", request.Patience?.ToString(CultureInfo.InvariantCulture));
        HashSet<string> said = [.. values.Keys];
        Add(Flow, request.Flow.Text);
        Add(Validation, Text(request.Validation));
        Add(Seed, Text(request.Seed));
        if (request.SaidFlow is not null)
            said.Add(Flow);
        if (request.SaidValidation is not null)
            said.Add(Validation);
        if (request.SaidSeed is not null)
            said.Add(Seed);
        return new FitSettings(values, said);

        void Add(string flag, string? value)
        {
            if (value is not null)
                values.Add(flag, value);
        }
    }

    /// <summary>Refuses what a command says otherwise than the fit of a model that is complete; what it leaves out is no contradiction.</summary>
    /// <param name="model">The model's file.</param>
    /// <param name="card">What it notes.</param>
    /// <exception cref="IOException">A flag has another value.</exception>
    public void RequireOf(string model, ModelCard card)
    {
        if (card.Flags is not { } fitted)
            return;
        foreach (var flag in _said)
        {
            var theirs = fitted.GetValueOrDefault(flag) ?? (flag == "--columns" && card.Columns is { } columns ? string.Join(',', columns) : null);
            if (theirs != _values[flag])
                throw new IOException($"{model} was fitted {With(flag, theirs)}, not {With(flag, _values[flag])}, so there is nothing to resume; --force replaces it.");
        }
    }

    /// <summary>Refuses to go on with a fit whose command said anything else.</summary>
    /// <param name="model">The model's file.</param>
    /// <exception cref="IOException">A flag has another value.</exception>
    public void RequireOfInterrupted(string model)
    {
        var path = RunFiles.Settings(model);
        Dictionary<string, string>? theirs;
        try
        {
            theirs = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            // The state itself says whether it goes with the rows and the flow.
            return;
        }

        foreach (var flag in theirs is null ? [] : theirs.Keys.Union(_values.Keys))
        {
            var (then, now) = (theirs!.GetValueOrDefault(flag), _values.GetValueOrDefault(flag));
            if (then != now)
                throw new IOException($"{model}: the interrupted fit was started {With(flag, then)}, this command is {With(flag, now)}; --resume takes the same command, --force starts anew.");
        }
    }

    /// <summary>Keeps them beside the state of a fit that begins.</summary>
    /// <param name="model">The model's file.</param>
    public void Keep(string model) => AtomicFile.WriteText(RunFiles.Settings(model), JsonSerializer.Serialize(_values));

    private static string With(string flag, string? value) => value is null ? $"without {flag}" : $"with {flag} {value}";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
