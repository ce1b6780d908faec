using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;

namespace FlowCore.Cli.Verbs;

/// <summary>inspect: what a model or data file says about itself.</summary>
internal sealed class InspectVerb : IVerb
{
    private const int LongestText = 200;
    private const int MostBeside = 40;

    public Command CreateCommand(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A model (of this program or of PyTorch) or data (.npy, .npz); the content tells which." };
        var exchange = new ExchangeOptions();
        var command = new Command(
            "inspect", "What a file says about itself: kind, architecture, constants, version, training, base and tensors.") { file };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            switch (TensorFile.FormatOf(path))
            {
                case FileFormat.Npy:
                    Tensors(context.Reporter, [NpyFile.Read(path)]);
                    break;
                case FileFormat.Npz:
                    Tensors(context.Reporter, NpzFile.ReadNames(path).Select(name => NpzFile.Read(path, name)));
                    break;
                default:
                    Inspect(context.Reporter, path, exchange.Read(parsed));
                    break;
            }

            return ExitCode.Success;
        });
        return command;
    }

    private static void Inspect(ConsoleReporter reporter, string path, StateDictionaryOptions options)
    {
        var archive = TensorFile.Read(path);
        if (ModelFile.IsModel(archive) || archive.Metadata.ContainsKey("flowcore.hash"))
            OwnFile(reporter, path, archive);
        else
            StateDictionaryFile(reporter, path, archive, options);
    }

    private static void OwnFile(ConsoleReporter reporter, string path, TensorArchive archive)
    {
        var description = ModelFile.Describe(path);
        List<(string, string)> entries =
        [
            ("kind", description.Kind),
            ("features", Text(description.Features)),
            ("context features", Text(description.ContextFeatures)),
            ("nuisances", Text(description.Nuisances)),
            ("parameters", archive.Sum(tensor => (long)tensor.Count).ToString("N0", CultureInfo.InvariantCulture)),
            ("library version", Printable(description.LibraryVersion)),
        ];
        if (description.BaseHash is { } hash)
        {
            entries.Add(("content of its base", Printable(hash)));
        }
        else
        {
            // What a residual trained on this flow names as its base; building the flow proves the file whole.
            using var device = new CpuDevice(1);
            using var model = ModelReader.Open<float>(path, device: device);
            entries.Add(("content", ModelFile.BaseHash(model, description.Format)));
        }

        Flatten(entries, "architecture", description.Architecture);
        Flatten(entries, "training", description.Training);
        Entries(reporter, entries);
        Tensors(reporter, archive);
    }

    // A file of tensors is described whether or not they make a model that is supported.
    private static void StateDictionaryFile(ConsoleReporter reporter, string path, TensorArchive archive, StateDictionaryOptions options)
    {
        var keys = StateDictionary.Keys(archive);
        if (keys.Count > 1 && options.Key is null)
        {
            Entries(reporter, [("models", $"{string.Join(", ", keys.Select(Printable))} (--key chooses one)"), .. Metadata(archive)]);
            Tensors(reporter, archive);
            return;
        }

        var tensors = ModelTensors.Read(path, options.Key);
        var assumptions = new List<StateAssumption>();
        List<(string, string)> entries;
        try
        {
            using var device = new CpuDevice(1);
            using var model = ModelReader.Open<float>(tensors, options with { Assumed = assumptions.Add }, device: device);
            entries =
            [
                ("kind", model.Nuisances > 0 ? "state dictionary of a residual with its base" : "state dictionary of a flow"),
                ("features", Text(model.Features)),
                ("context features", Text(model.ContextFeatures)),
                ("nuisances", Text(model.Nuisances)),
                ("prefix of its names", tensors.Prefix.Length > 0 ? Printable(tensors.Prefix) : "none"),
                ("tensors beside it", Text(tensors.LeftAside)),
                ("assumed", assumptions.Count > 0 ? ExchangeOptions.Text(assumptions) : "nothing"),
            ];
        }
        catch (ModelFormatException exception)
        {
            entries = [("kind", "tensors, not a model that is read"), ("why", exception.Message)];
        }

        entries.AddRange(Metadata(archive));
        foreach ((var name, var description) in tensors.Beside.Take(MostBeside))
            entries.Add(($"beside: {Printable(name)}", Printable(description)));

        if (tensors.Beside.Count > MostBeside)
            entries.Add(("beside", $"{Text(tensors.Beside.Count - MostBeside)} more"));

        Entries(reporter, entries);
        Tensors(reporter, tensors.Archive);
    }

    private static IEnumerable<(string, string)> Metadata(TensorArchive archive) => archive.Metadata.Select(entry => (Printable(entry.Key), Printable(entry.Value)));

    private static void Entries(ConsoleReporter reporter, List<(string Key, string Value)> entries)
    {
        var width = entries.Count > 0 ? entries.Max(entry => entry.Key.Length) : 0;
        foreach ((var key, var value) in entries)
            reporter.Line($"{key.PadRight(width)}  {value}");
    }

    private static void Tensors(ConsoleReporter reporter, IEnumerable<TensorData> tensors) =>
        reporter.Table(
            ["name", "type", "shape", "smallest", "largest", "not finite"],
            tensors.Select(tensor =>
            {
                (var smallest, var largest, var lost) = Range(tensor);
                return (IReadOnlyList<string>)
                [
                    Printable(tensor.Name),
                    tensor.ElementType.ToString(),
                    $"[{string.Join(", ", tensor.Shape)}]",
                    smallest <= largest ? smallest.ToString("G6", CultureInfo.InvariantCulture) : "-",
                    smallest <= largest ? largest.ToString("G6", CultureInfo.InvariantCulture) : "-",
                    lost.ToString(CultureInfo.InvariantCulture),
                ];
            }));

    private static (double Smallest, double Largest, long NotFinite) Range(TensorData tensor)
    {
        var smallest = double.PositiveInfinity;
        var largest = double.NegativeInfinity;
        long lost = 0;
        foreach (var value in tensor.ToArray<double>())
        {
            if (double.IsFinite(value))
            {
                smallest = Math.Min(smallest, value);
                largest = Math.Max(largest, value);
            }
            else
            {
                lost++;
            }
        }

        return (smallest, largest, lost);
    }

    private static void Flatten(List<(string, string)> entries, string prefix, string? json)
    {
        if (json is null)
            return;

        try
        {
            using var document = JsonDocument.Parse(json);
            Flatten(entries, prefix, document.RootElement);
        }
        catch (JsonException)
        {
            entries.Add((prefix, Printable(json)));
        }
    }

    private static void Flatten(List<(string, string)> entries, string prefix, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
                Flatten(entries, $"{prefix}.{Printable(property.Name)}", property.Value);
        }
        else if (element.ValueKind == JsonValueKind.Array && element.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object))
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
                Flatten(entries, $"{prefix}.{Text(index++)}", item);
        }
        else
        {
            entries.Add((prefix, Printable(element.ToString())));
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Text from a file must neither flood nor steer a terminal.
    private static string Printable(string text)
    {
        var cut = text.Length > LongestText ? string.Concat(text.AsSpan(0, LongestText), "...") : text;
        return string.Concat(cut.Select(character => char.IsControl(character) ? '?' : character));
    }
}
