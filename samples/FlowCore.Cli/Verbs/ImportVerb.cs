using System.CommandLine;
using System.Numerics;
using System.Text;
using System.Text.Json;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Exchange;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;

namespace FlowCore.Cli.Verbs;

/// <summary>import: turns a state dictionary of PyTorch into model files of FlowCore, and says what it found.</summary>
internal sealed class ImportVerb : IVerb
{
    private const string Extension = ".safetensors";

    public Command CreateCommand(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = "What torch.save wrote, or the same tensors as safetensors." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The model file to write. A residual's base goes into a second file.",
            HelpName = "FILE",
            Required = true,
        };
        var baseOutput = new Option<string?>("--base-out")
        {
            Description = "The file for a residual's base. [default: the output with .base.safetensors]",
            HelpName = "FILE",
        };
        var exchange = new ExchangeOptions();
        var force = CommonOptions.Force();
        var command = new Command("import", "Turn a PyTorch state dictionary of a flow or of a residual into a model file of this program.")
        {
            model, output, baseOutput, force,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            RequireExtension(path, "--output");
            var basePath = parsed.GetValue(baseOutput) ?? Path.ChangeExtension(path, ".base" + Extension);
            RequireExtension(basePath, "--base-out");
            if (path.Length > 0 && basePath.Length > 0 && Path.GetFullPath(path) == Path.GetFullPath(basePath))
                throw new UsageException("--output and --base-out name the same file; a residual and its base need one each.");

            OutputFile.Check(path, "--output", parsed.GetValue(force), parsed.GetRequiredValue(model));
            var options = exchange.Read(parsed);
            var tensors = ModelTensors.Read(parsed.GetRequiredValue(model), options.Key);
            if (tensors.IsOwnFormat)
                throw new IOException($"{tensors.Path} is a model file of this program already; there is nothing to import.");

            return ModelReader.IsDouble(tensors)
                ? Run<double>(context, tensors, options, path, basePath, parsed.GetValue(force))
                : Run<float>(context, tensors, options, path, basePath, parsed.GetValue(force));
        });
        return command;
    }

    private static int Run<T>(CommandContext context, ModelTensors tensors, StateDictionaryOptions options, string path, string basePath, bool force)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var assumptions = new List<StateAssumption>();
        using var model = ModelReader.Open<T>(tensors, options with { Assumed = assumptions.Add });
        var factorizable = model as FactorizableFlow<T>;
        string[] outputs = factorizable is null ? [path] : [basePath, path];
        if (factorizable is not null)
            OutputFile.Check(basePath, "--base-out", force, tensors.Path);

        context.Reporter.Table([tensors.Path, "found"], ModelTable.Rows(tensors, model, assumptions));
        ExchangeOptions.Report(context.Reporter, tensors.Path, assumptions);

        // The base first: a residual never stands there without it.
        if (factorizable is not null)
        {
            factorizable.Base.Save(basePath, Summary(tensors, null));
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            model.Save(path, Summary(tensors, Path.GetRelativePath(folder, Path.GetFullPath(basePath)).Replace('\\', '/')));
        }
        else
        {
            model.Save(path, Summary(tensors, null));
        }

        foreach (var file in outputs)
            context.Reporter.Line($"Wrote {file}.");

        return ExitCode.Success;
    }

    private static void RequireExtension(string path, string flag)
    {
        if (!Path.GetExtension(path).Equals(Extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{flag} must name a {Extension} file, but it is '{path}'.");
    }

    private static string Summary(ModelTensors tensors, string? basePath)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("imported_from", Path.GetFileName(tensors.Path));
            if (basePath is not null)
                json.WriteString("base", basePath);

            if (tensors.Constant is { } constant)
                json.WriteNumber(ModelTensors.ConstantName, constant);

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
