using System.CommandLine;
using System.Globalization;
using System.Numerics;
using FactorizableFlow.Application;
using FactorizableFlow.Exchange;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;

namespace FactorizableFlow.Verbs;

/// <summary>export: writes a model as a state dictionary that zuko's strict load_state_dict takes.</summary>
internal sealed class ExportVerb : IVerb
{
    public Command CreateCommand(StudyContext context)
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
        var force = CommonOptions.Force();
        var command = new Command("export", "Write a model as a PyTorch state dictionary with the names and shapes of zuko, masks and orders included.")
        {
            model, output, basePath, force,
        };
        exchange.AddTo(command);
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(output);
            if (Path.GetExtension(path).ToUpperInvariant() is not (".PT" or ".PTH" or ".SAFETENSORS"))
                throw new UsageException($"--output must name a .pt or a .safetensors file, but it is '{path}'.");

            OutputFile.Check(path, "--output", parsed.GetValue(force), parsed.GetRequiredValue(model), parsed.GetValue(basePath));
            var tensors = ModelTensors.Read(parsed.GetRequiredValue(model));
            var named = ModelReader.BasePath(tensors, parsed.GetValue(basePath));
            OutputFile.Check(path, "--output", mayReplace: true, named);
            var isDouble = ModelReader.IsDouble(tensors) || (named is not null && ModelReader.IsDouble(ModelTensors.Read(named)));
            return isDouble
                ? Run<double>(context, tensors, exchange.Read(parsed), named, path)
                : Run<float>(context, tensors, exchange.Read(parsed), named, path);
        });
        return command;
    }

    private static int Run<T>(StudyContext context, ModelTensors tensors, StateDictionaryOptions options, string? basePath, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var model = ModelReader.Open<T>(tensors, options, basePath);
        var factorizable = model as FactorizableFlow<T>;
        var flow = (Flow<T>)(factorizable?.Base ?? model);
        var shape = FlowShapeReader.Read(flow);
        if (shape.Orders.Any(order => order.Features == 1))
            throw new IOException($"{tensors.Path} cannot be exported: it has a masked network for a single feature, which zuko does not have.");

        var archive = Write(tensors.Path, model);
        if (Path.GetExtension(path).Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
            SafetensorsFile.Write(path, archive);
        else
            PyTorchStateDict.Write(path, archive);

        var parameters = model.Parameters.Count + (factorizable is null ? 0 : flow.Parameters.Count);
        context.Reporter.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"Wrote {path}: {archive.Count} tensors, {parameters:N0} parameters, {(typeof(T) == typeof(double) ? "float64" : "float32")}."));
        Advise(context, flow, shape, factorizable is null ? "flow" : "base_model");
        AdviseImport(context, shape, factorizable?.Residual.Settings);
        return ExitCode.Success;
    }

    private static TensorArchive Write<T>(string path, DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return StateDictionary.Write(model);
        }
        catch (NotSupportedException exception)
        {
            throw new IOException($"{path} cannot be exported: {exception.Message}", exception);
        }
    }

    // A state dictionary does not say how to build its module, so the line that does is shown.
    private static void Advise<T>(StudyContext context, Flow<T> flow, FlowShape shape, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (FlowConstructor.Expressions(flow) is not { } expressions)
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
            context.Reporter.Line($"           {name}.transform.transforms.insert(0, standardization({flow.Features}))");
            context.Reporter.Line("The first module is the standardisation, which zuko's flows do not have by themselves; docs/python.md defines it.");
        }
    }

    // Import assumes defaults for what the tensors do not say; what differs has to be told again, there and in Python.
    private static void AdviseImport(StudyContext context, FlowShape shape, PolynomialResidualSettings? residual)
    {
        var standard = StateDictionaryOptions.Default;
        var flags = new List<string>();
        Add("--bound", shape.Bounds, standard.Bound);
        Add("--slope", shape.Slopes, standard.Slope);
        AddName("--activation", shape.Activations, standard.Activation);
        if (residual is not null)
        {
            AddName("--residual-activation", [residual.Activation], standard.ResidualActivation);
            Add("--quadratic-damping", [residual.QuadraticDamping], standard.QuadraticDamping);
            Add("--cross-term-damping", [residual.CrossTermDamping], standard.CrossTermDamping);
            Add("--log-det-sign", [residual.LogDetSign], standard.LogDetSign);
        }

        if (flags.Count > 0)
            context.Reporter.Line($"The file does not say, and import has to be told: {string.Join(' ', flags)}");

        void Add(string flag, IReadOnlyList<double> values, double usual)
        {
            CheckOne(flag, values.Count);
            if (values.Count == 1 && values[0] != usual)
                flags.Add($"{flag} {ModelTable.Text(values[0])}");
        }

        void AddName(string flag, IReadOnlyList<UnaryFunction> values, UnaryFunction usual)
        {
            CheckOne(flag, values.Count);
            if (values.Count == 1 && values[0] != usual)
                flags.Add($"{flag} {values[0]}");
        }

        void CheckOne(string flag, int count)
        {
            if (count > 1)
                context.Reporter.Warning($"The transforms differ in what {flag} tells import, so the file cannot be imported again.");
        }
    }
}
