using System.CommandLine;
using System.Globalization;
using System.Numerics;
using CommandLine;
using CommandLine.Exchange;
using FlowCore.Cli.Exchange;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;

namespace FlowCore.Cli.Verbs;

/// <summary>export: writes a model as a state dictionary that zuko's strict load_state_dict takes.</summary>
internal sealed class ExportVerb : IVerb
{
    private static readonly Version _oldest = new(1, 0);
    private static readonly Version _namesToday = new(1, 6);
    private static readonly Version _slopeToday = new(1, 5);

    public Command CreateCommand(CommandContext context)
    {
        var model = new Argument<string>("MODEL") { Description = "A model of any format." };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The state dictionary to write: .pt as torch.save writes it, or .safetensors.",
            HelpName = "FILE",
            Required = true,
        };
        var basePath = new Option<string?>("--base") { Description = "A residual's base. [default: the one that the residual names]", HelpName = "FILE" };
        var exchange = new ExchangeOptions();
        var oldest = new Option<Version>("--zuko")
        {
            Description = "The zuko that is to load the file: before 1.6 the base distribution's tensors have other names.",
            HelpName = "VERSION",
            DefaultValueFactory = _ => _namesToday,
            CustomParser = result =>
            {
                var word = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (Version.TryParse(word, out var version) && version >= _oldest)
                    return version;

                result.AddError($"--zuko must be a version from {_oldest} on, such as 1.4, but it is '{word}'.");
                return _namesToday;
            },
        };
        var mbank = new Option<bool>("--mbank") { Description = "Write what mbank's load_flow takes instead: a box and pairs of linear and masked affine layers." };
        var force = CommonOptions.Force();
        var command = new Command("export", "Write a model as a PyTorch state dictionary with the names and shapes of zuko, masks and orders included.")
        {
            model, output, basePath, oldest, mbank, force,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            if (Path.GetExtension(path).ToUpperInvariant() is not (".PT" or ".PTH" or ".SAFETENSORS"))
                throw new UsageException($"--output must name a .pt or a .safetensors file, but it is '{path}'.");

            OutputFile.Check(path, "--output", parsed.GetValue(force), parsed.GetRequiredValue(model), parsed.GetValue(basePath));
            var options = exchange.Read(parsed);
            var tensors = ModelTensors.Read(parsed.GetRequiredValue(model), options.Key);
            if (parsed.GetValue(mbank))
                return RunMbank(context, tensors, options, path);

            var named = ModelReader.BasePath(tensors, parsed.GetValue(basePath));
            OutputFile.Check(path, "--output", mayReplace: true, named);
            var isDouble = ModelReader.IsDouble(tensors) || (named is not null && ModelReader.IsDouble(ModelTensors.Read(named, options.Key)));
            return isDouble
                ? Run<double>(context, tensors, options, named, path, parsed.GetRequiredValue(oldest))
                : Run<float>(context, tensors, options, named, path, parsed.GetRequiredValue(oldest));
        });
        return command;
    }

    private static int Run<T>(CommandContext context, ModelTensors tensors, StateDictionaryOptions options, string? basePath, string path, Version zuko)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var assumptions = new List<StateAssumption>();
        using var model = ModelReader.Open<T>(tensors, options with { Assumed = assumptions.Add }, basePath);
        ExchangeOptions.Report(context.Reporter, tensors.Path, assumptions);
        var factorizable = model as FactorizableFlow<T>;
        var flow = (factorizable?.Base ?? model) as Flow<T>
            ?? throw new IOException($"{tensors.Path} cannot be exported: it holds a density on manifolds, and state dictionaries are written of flows.");
        var shape = FlowShapeReader.Read(flow);
        if (shape.Orders.Any(order => order.Features == 1))
            throw new IOException($"{tensors.Path} cannot be exported: it has a masked network for a single feature, which zuko does not have.");

        var archive = Write(tensors.Path, () => StateDictionary.Write(model));
        if (zuko < _namesToday)
            archive = WithNumberedBase(archive);

        Write(path, archive);
        var parameters = model.Parameters.Count + (factorizable is null ? 0 : flow.Parameters.Count);
        context.Reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {path}: {archive.Count} tensors, {parameters:N0} parameters, {(typeof(T) == typeof(double) ? "float64" : "float32")}."));
        context.Reporter.Line(zuko < _namesToday
            ? "zuko 1.0 to 1.5 load it strictly; for 1.6 and later leave --zuko out."
            : $"zuko {_namesToday} and later load it strictly; for an older one say so with --zuko VERSION.");
        Advise(context, flow, shape, factorizable is null ? "flow" : "base_model", zuko);
        AdviseImport(context, shape, factorizable?.Residual.Settings);
        return ExitCode.Success;
    }

    // zuko before 1.6 numbered the tensors of the base distribution.
    private static TensorArchive WithNumberedBase(TensorArchive archive) => new(
        archive.Select(tensor =>
            Numbered(tensor, "loc", "_0") ?? Numbered(tensor, "scale", "_1") ?? Numbered(tensor, "lower", "_0") ?? Numbered(tensor, "upper", "_1") ?? tensor),
        archive.Metadata);

    private static TensorData? Numbered(TensorData tensor, string name, string number) =>
        tensor.Name.EndsWith($"base.{name}", StringComparison.Ordinal) ? tensor.Rename($"{tensor.Name[..^name.Length]}{number}") : null;

    // mbank holds single precision.
    private static int RunMbank(CommandContext context, ModelTensors tensors, StateDictionaryOptions options, string path)
    {
        using var model = ModelReader.Open<float>(context.Reporter, tensors.Path, options, null, null);
        var flow = model as Flow<float> ?? throw new IOException($"{tensors.Path} cannot be exported for mbank: it holds a {(model is FactorizableFlow<float> ? "residual" : "density on manifolds")}.");
        var constant = tensors.Constant;
        var archive = Write(tensors.Path, () => StateDictionary.WriteMbank(flow, constant));
        Write(path, archive);
        context.Reporter.Line(string.Create(CultureInfo.InvariantCulture, $"Wrote {path}: {archive.Count} tensors for mbank's load_flow, float32{(constant is null ? "" : $", with the constant {ModelTable.Text(constant.Value)}")}."));
        return ExitCode.Success;
    }

    private static void Write(string path, TensorArchive archive)
    {
        if (Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
            SafetensorsFile.Write(path, archive);
        else
            PyTorchStateDict.Write(path, archive);
    }

    private static TensorArchive Write(string path, Func<TensorArchive> write)
    {
        try
        {
            return write();
        }
        catch (NotSupportedException exception)
        {
            throw new IOException($"{path} cannot be exported: {exception.Message}", exception);
        }
    }

    // A state dictionary does not say how to build its module, so the line that does is shown.
    private static void Advise<T>(CommandContext context, Flow<T> flow, FlowShape shape, string name, Version zuko)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (FlowConstructor.Expressions(flow, zuko >= _slopeToday) is not { } expressions)
        {
            context.Reporter.Line("The transforms of this flow differ from each other: in Python each one is built by itself.");
            return;
        }

        var suffix = typeof(T) == typeof(double) ? ".double()" : "";
        context.Reporter.Line($"In Python: {name} = {expressions[0]}{suffix}");
        foreach (var more in expressions.Skip(1))
            context.Reporter.Line($"           {name}.transform.transforms.extend({more}{suffix}.transform.transforms)");

        if (shape.IsStandardized)
        {
            context.Reporter.Line($"           {name}.transform.transforms.insert(0, standardization({flow.Features}){suffix})");
            context.Reporter.Line("The first module is the standardisation, which zuko's flows do not have by themselves; docs/python.md defines it.");
        }
    }

    // The file states what its tensors do not say; Python does not keep the statement when it saves the weights again.
    private static void AdviseImport(CommandContext context, FlowShape shape, PolynomialResidualSettings? residual)
    {
        var standard = StateDictionaryOptions.Usual;
        var flags = new List<string>();
        Add("--bound", shape.Bounds, standard.Bound);
        Add("--slope", shape.Slopes, standard.Slope);
        Add("--affine-slope", shape.AffineSlopes, standard.AffineSlope);
        AddName("--activation", shape.Activations, standard.Activation);
        flags.AddRange(shape.Maps.Select(map => map.Flags).Where(text => text.Length > 0));
        if (residual is not null)
        {
            AddName("--residual-activation", [residual.Activation], standard.ResidualActivation);
            Add("--quadratic-damping", [residual.QuadraticDamping], standard.QuadraticDamping);
            Add("--cross-term-damping", [residual.CrossTermDamping], standard.CrossTermDamping);
            Add("--log-det-sign", [residual.LogDetSign], standard.LogDetSign);
        }

        if (flags.Count > 0)
            context.Reporter.Line($"The file states what its tensors do not say. A file that Python saves again does not; import has to be told then: {string.Join(' ', flags)}");

        void Add(string flag, IReadOnlyList<double> values, double? usual)
        {
            CheckOne(flag, values.Count);
            if (values.Count == 1 && values[0] != usual)
                flags.Add($"{flag} {ModelTable.Text(values[0])}");
        }

        void AddName(string flag, IReadOnlyList<UnaryFunction> values, UnaryFunction? usual)
        {
            CheckOne(flag, values.Count);
            if (values.Count == 1 && values[0] != usual)
                flags.Add($"{flag} {values[0]}");
        }

        void CheckOne(string flag, int count)
        {
            if (count > 1)
                context.Reporter.Warning($"The transforms differ in what {flag} tells import, so that a file that Python saves again cannot be imported.");
        }
    }
}
