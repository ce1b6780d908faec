using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Files;

/// <summary>The structure of a model with all its constants, as JSON: what the model is made of, and its parts in their own words.</summary>
internal static class ModelArchitecture
{
    // Even a model of few numbers may name sizes; none is larger than this without numbers to fill it.
    private const int SmallSize = 1 << 16;

    // More factors or layers than any pdf has.
    private const int MostLayers = 4096;

    public static string Write<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PartWriter.ToJson(writer =>
        {
            switch (model)
            {
                case Flow<T> flow:
                    writer.Write("kind", ModelFile.FlowKind);
                    writer.Write("features", flow.Features);
                    writer.Write("context", flow.ContextFeatures);
                    writer.Write("base", flow.Base);
                    writer.Write("transform", flow.Transform);
                    break;
                case FactorizableFlow<T> factorizable:
                    writer.Write("kind", ModelFile.FactorizableKind);
                    writer.Write("features", factorizable.Features);
                    writer.Write("context", factorizable.Residual.ContextFeatures);
                    writer.Write("nuisances", factorizable.Nuisances);
                    writer.Write("base", ModelFile.BaseHash(factorizable.Base));
                    if (factorizable.IsBehindChart)
                        writer.Write("behind_chart", true);
                    writer.Write("residual", factorizable.Residual);
                    break;
                case FactorizablePdf<T> factorizable:
                    writer.Write("kind", ModelFile.FactorizablePdfKind);
                    writer.Write("features", factorizable.Features);
                    writer.Write("context", factorizable.Residual.ContextFeatures);
                    writer.Write("nuisances", factorizable.Nuisances);
                    writer.Write("base", ModelFile.BaseHash(factorizable.Base));
                    writer.Write("residual", factorizable.Residual);
                    break;
                case Pdf<T> pdf:
                    writer.Write("kind", ModelFile.PdfKind);
                    WritePdf(writer, pdf, pdf.ContextFeatures);
                    break;
                case ConditionalPdf<T> conditional:
                    writer.Write("kind", ModelFile.ConditionalPdfKind);
                    WritePdf(writer, conditional.Head, conditional.ContextFeatures);
                    writer.Write("encoder", conditional.Encoder);
                    break;
                default:
                    throw new NotSupportedException($"A model of the class {PartCatalog<T>.NameOf(model.GetType())} cannot be written to a file.");
            }
        });

    /// <summary>Builds a flow, its parameters still without values; no memory is taken for numbers that the archive does not hold.</summary>
    public static Flow<T> ReadFlow<T>(string architecture, TensorArchive archive, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PartWriter.FromJson(architecture, LargestSize(archive), root =>
        {
            RequireKind(root, ModelFile.FlowKind);
            var catalog = PartRegistry.Catalog<T>();
            var noise = ReadPart<BaseDistribution<T>, T>(catalog, root, "base");
            var transform = ReadPart<Transform<T>, T>(catalog, root, "transform");
            if (transform.Features != root.Integer("features")
                || Math.Max(transform.ConditionColumns, noise.ConditionColumns) != root.Integer("context"))
            {
                throw new ModelFormatException("The architecture's transforms do not have the features and the context that it states.");
            }

            root.CheckAllUsed();
            RequireTensors(archive, transform.Parameters);
            RequireTensors(archive, noise.Parameters);
            return new Flow<T>(noise, transform, device);
        });

    /// <summary>Builds a pdf, its parameters still fresh; no memory is taken for numbers that the archive does not hold.</summary>
    public static Pdf<T> ReadPdf<T>(string architecture, TensorArchive archive, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PartWriter.FromJson(architecture, LargestSize(archive), root =>
        {
            RequireKind(root, ModelFile.PdfKind);
            var parts = ReadPdfParts<T>(root, archive);
            if (parts.ConditionColumns != root.Integer("context"))
                throw new ModelFormatException("The architecture's pdf does not have the context that it states.");
            root.CheckAllUsed();
            RequireTensors(archive, [.. parts.AllParameters()]);
            return new Pdf<T>(parts, device);
        });

    /// <summary>Builds a pdf behind an encoder, its parameters still without values; no memory is taken for numbers that the archive does not hold.</summary>
    public static ConditionalPdf<T> ReadConditionalPdf<T>(string architecture, TensorArchive archive, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PartWriter.FromJson(architecture, LargestSize(archive), root =>
        {
            RequireKind(root, ModelFile.ConditionalPdfKind);
            var encoder = ReadPart<Network<T>, T>(PartRegistry.Catalog<T>(), root, "encoder");
            var parts = ReadPdfParts<T>(root, archive);
            if (parts.ConditionColumns != encoder.Outputs || encoder.Inputs != root.Integer("context"))
                throw new ModelFormatException("The architecture's encoder does not lead from the context that it states to the condition of the pdf.");
            root.CheckAllUsed();
            RequireTensors(archive, [.. parts.AllParameters(), .. encoder.Parameters]);
            return new ConditionalPdf<T>(encoder, new Pdf<T>(parts, device));
        });

    /// <summary>Builds a residual, and gives the content of the base that it belongs to and whether it stands behind the base's chart.</summary>
    public static (PolynomialResidual<T> Residual, string BaseHash, bool BehindChart) ReadResidual<T>(string architecture, TensorArchive archive, string kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => PartWriter.FromJson(architecture, LargestSize(archive), root =>
        {
            RequireKind(root, kind);
            var baseHash = root.Text("base");
            if (baseHash.Length != 64)
                throw new ModelFormatException("The architecture's base is not a content hash.");
            var residual = ReadPart<PolynomialResidual<T>, T>(PartRegistry.Catalog<T>(), root, "residual");
            var features = root.Integer("features");
            if ((kind == ModelFile.FactorizableKind && residual.Features != features) || residual.ContextFeatures != root.Integer("context") || residual.Nuisances != root.Integer("nuisances"))
                throw new ModelFormatException("The architecture's residual does not have the features, the context and the nuisances that it states.");
            var behindChart = root.Has("behind_chart") && root.Flag("behind_chart");
            root.CheckAllUsed();
            RequireTensors(archive, residual.Parameters);
            return (residual, baseHash, behindChart);
        });

    public static ModelDescription Describe(string architecture, TensorArchive archive, string version, string? training) =>
        PartWriter.FromJson(architecture, LargestSize(archive), root =>
        {
            var kind = root.Text("kind");
            return new ModelDescription(
                kind,
                root.Size("features"),
                root.Integer("context"),
                IsFactorizable(kind) ? root.Size("nuisances") : 0,
                version,
                architecture,
                training,
                IsFactorizable(kind) ? root.Text("base") : null);
        });

    private static void WritePdf<T>(PartWriter writer, Pdf<T> pdf, int context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.Write("features", pdf.Features);
        writer.Write("context", context);
        writer.Write("manifolds", pdf.Definition.ManifoldText);
        writer.Write("layers", pdf.Definition.LayerText);
        writer.Write("fully_amortized", pdf.Options.IsFullyAmortized);
        if (pdf.Options.TakesParameters)
            writer.Write("takes_parameters", true);
        if (pdf.Options.ConditionScale is { } scale)
        {
            writer.Write("condition_location", scale.Location.ToArray());
            writer.Write("condition_scale", scale.Scale.ToArray());
        }

        writer.Write("coordinates", pdf.Options.Coordinates.Select(which => (int)which).ToArray());
        writer.Write("options", JammyOptions.Write(pdf.Options));
    }

    private static PdfParts<T> ReadPdfParts<T>(JsonFields root, TensorArchive archive)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var coordinates = root.Integers("coordinates");
        if (coordinates.Any(which => !Enum.IsDefined((Coordinates)which)))
            throw new ModelFormatException("The architecture names coordinates that are not known.");
        PdfParts<T> parts;
        try
        {
            var options = JammyOptions.Read(root.Text("options"), root.Flag("fully_amortized")) with
            {
                Coordinates = Array.ConvertAll(coordinates, which => (Coordinates)which),
                TakesParameters = root.Has("takes_parameters") && root.Flag("takes_parameters"),
                ConditionScale = root.Has("condition_location") || root.Has("condition_scale") ? new LocationScale(root.Numbers("condition_location"), root.Numbers("condition_scale")) : null,
            };
            var definition = PdfDefinition.Parse(root.Text("manifolds"), root.Text("layers"));
            CheckSizes(definition, options, LargestSize(archive));
            parts = new PdfParts<T>(definition, options, LargestSize(archive));
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new ModelFormatException($"The architecture's pdf cannot be made: {exception.Message}", exception);
        }

        return parts.Columns == root.Integer("features") ? parts : throw new ModelFormatException("The architecture's pdf does not have the features that it states.");
    }

    // Layers take memory for what they are told before they have a parameter.
    private static void CheckSizes(PdfDefinition definition, PdfOptions options, int largest)
    {
        if (definition.Factors.Count > MostLayers || definition.LayerText.Length > MostLayers)
            throw new ModelFormatException($"The architecture's pdf has more than {MostLayers} factors or layers.");
        foreach (var factor in definition.Factors)
        {
            if (factor.Dimension > largest)
                throw new ModelFormatException($"The architecture's pdf has a factor of {factor.Dimension} dimensions, more than the file has numbers for.");
        }

        foreach (var (name, value) in options.Layers.SelectMany(layer => layer.Options))
        {
            if (value.Text is null && !(Math.Abs(value.Number) <= largest))
                throw new ModelFormatException($"The architecture's pdf has the option {ModelFormatException.Quote(name)} of {value}, more than the file has numbers for.");
        }
    }

    private static bool IsFactorizable(string kind) => kind is ModelFile.FactorizableKind or ModelFile.FactorizablePdfKind;

    private static TPart ReadPart<TPart, T>(PartCatalog<T> catalog, JsonFields root, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPart : Part<T> => new PartReader<T>(root, catalog).Part<TPart>(name);

    private static int LargestSize(TensorArchive archive)
    {
        long numbers = 0;
        foreach (var tensor in archive)
            numbers += tensor.Count;
        return (int)Math.Clamp(numbers, SmallSize, int.MaxValue);
    }

    private static void RequireTensors<T>(TensorArchive archive, IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var parameter in parameters)
        {
            if (!archive.TryGet(parameter.Name, out var tensor))
                throw new ModelFormatException($"The tensor {ModelFormatException.Quote(parameter.Name)} is missing.");
            long[] expected = parameter.IsVector ? [parameter.Columns] : [parameter.Rows, parameter.Columns];
            if (!tensor.Shape.AsSpan().SequenceEqual(expected))
            {
                throw new ModelFormatException(
                    $"The tensor {ModelFormatException.Quote(parameter.Name)} has the shape [{string.Join(", ", tensor.Shape)}]; expected [{string.Join(", ", expected)}].");
            }
        }
    }

    private static void RequireKind(JsonFields root, string expected)
    {
        var kind = root.Text("kind");
        if (kind != expected)
            throw new ModelFormatException($"The file holds a {ModelFormatException.Quote(kind)}; expected a '{expected}'.");
    }
}
