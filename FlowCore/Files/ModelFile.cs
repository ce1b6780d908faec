using System.Numerics;
using System.Reflection;
using System.Text;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Manifolds;
using FlowCore.Parts;

namespace FlowCore.Files;

/// <summary>
/// Models in safetensors files that need nothing else to be read: beside the parameters the metadata holds the architecture
/// with all constants, the version of the library, a summary of the training and a hash of all of it.
/// </summary>
/// <remarks>
/// Reading is strict: a missing, surplus or mis-shaped tensor, a number that is not finite, an architecture that says something
/// unknown, or content that does not have the hash it names is an error that says which. A factorizable flow's file holds the
/// residual alone and names its base by content, so that no other base can take its place.
/// </remarks>
public static class ModelFile
{
    internal const string FormatKey = "flowcore.format";
    internal const string VersionKey = "flowcore.version";
    internal const string ArchitectureKey = "flowcore.architecture";
    internal const string TrainingKey = "flowcore.training";
    internal const string HashKey = "flowcore.hash";
    internal const string Format = "2";
    internal const string FlowKind = "flow";
    internal const string FactorizableKind = "factorizable-flow";
    internal const string PdfKind = "pdf";
    internal const string ConditionalPdfKind = "conditional-pdf";
    internal const string FactorizablePdfKind = "factorizable-pdf";

    /// <summary>The kinds of models that files hold.</summary>
    internal static readonly IReadOnlyList<string> Kinds = [FlowKind, FactorizableKind, PdfKind, ConditionalPdfKind, FactorizablePdfKind];

    private const string HashedMetadataPrefix = "__metadata__/";

    /// <summary>The version of this library, as files name it.</summary>
    public static string LibraryVersion { get; } =
        typeof(ModelFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>What a file says about its model, checked against the file's hash.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ModelFormatException">The file is not a model of this library.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static ModelDescription Describe(string path) => Named(path, () => Describe(SafetensorsFile.Read(path)));

    /// <summary>What an archive says about its model, checked against the archive's hash.</summary>
    /// <param name="archive">Tensors and metadata as <see cref="ToArchive"/> gives them.</param>
    /// <returns>The description.</returns>
    /// <exception cref="ModelFormatException">The archive is not a model of this library.</exception>
    public static ModelDescription Describe(TensorArchive archive)
    {
        var architecture = CheckedArchitecture(archive);
        archive.Metadata.TryGetValue(TrainingKey, out var training);
        return ModelArchitecture.Describe(architecture, archive, archive.Metadata[VersionKey], training) with { Format = archive.Metadata[FormatKey] };
    }

    /// <summary>Whether an archive is a model of this library rather than a plain state dictionary.</summary>
    /// <param name="archive">Tensors and metadata.</param>
    /// <returns>True where the metadata says so.</returns>
    public static bool IsModel(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Metadata.ContainsKey(FormatKey);
    }

    /// <summary>A model as tensors and metadata.</summary>
    /// <typeparam name="T">The number type; the tensors hold it.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="training">A summary of the training, any text, or null.</param>
    /// <returns>Tensors and metadata.</returns>
    /// <exception cref="NotSupportedException">The model has a part that files do not know; it is named.</exception>
    public static TensorArchive ToArchive<T>(DensityModel<T> model, string? training = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = new List<TensorData>();
        foreach (var parameter in ParametersOf(model))
            tensors.Add(StateTensors.Of(parameter));
        var metadata = new List<KeyValuePair<string, string>>
        {
            new(FormatKey, Format),
            new(VersionKey, LibraryVersion),
            new(ArchitectureKey, ModelArchitecture.Write(model)),
        };
        if (training is not null)
            metadata.Add(new(TrainingKey, training));
        metadata.Add(new(HashKey, Hash(new TensorArchive(tensors, metadata))));
        return new TensorArchive(tensors, metadata);
    }

    /// <summary>A model of any kind from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="baseModel">The base that a residual was trained on; null for every other model.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>. A residual computes where its base does.</param>
    /// <param name="ownsBase">Whether disposing a residual disposes the base as well.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a model, or it is no residual and a base is given, or the base is missing or another.</exception>
    public static DensityModel<T> FromArchive<T>(TensorArchive archive, DensityModel<T>? baseModel = null, Device? device = null, bool ownsBase = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var description = Describe(archive);
        if (description.BaseHash is null && baseModel is not null)
            throw new ModelFormatException($"Expected a residual, the file holds a {description.Kind}, which has no base.");
        if (description.BaseHash is not null && baseModel is null)
            throw new ModelFormatException("Expected a model that is complete, the file holds a residual, which needs its base.");
        return description.Kind switch
        {
            FlowKind => FlowFromArchive<T>(archive, device),
            PdfKind => PdfFromArchive<T>(archive, device),
            ConditionalPdfKind => ConditionalPdfFromArchive<T>(archive, device),
            FactorizableKind => FactorizableFromArchive(archive, baseModel!, ownsBase),
            FactorizablePdfKind => FactorizablePdfFromArchive(
                archive, baseModel as Pdf<T> ?? throw new ModelFormatException("The residual belongs to a density on manifolds; the base given is another model."), ownsBase),
            var kind => throw new ModelFormatException($"The file holds a {ModelFormatException.Quote(kind)}; known are {string.Join(", ", Kinds)}."),
        };
    }

    /// <summary>A flow from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a flow.</exception>
    public static Flow<T> FlowFromArchive<T>(TensorArchive archive, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var flow = ModelArchitecture.ReadFlow<T>(CheckedArchitecture(archive), archive, device);
        Fill(archive, ParametersOf(flow));
        return flow;
    }

    /// <summary>A pdf on a product of manifolds from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The pdf.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a pdf.</exception>
    public static Pdf<T> PdfFromArchive<T>(TensorArchive archive, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var pdf = ModelArchitecture.ReadPdf<T>(CheckedArchitecture(archive), archive, device);
        Fill(archive, ParametersOf(pdf));
        return pdf;
    }

    /// <summary>A pdf behind an encoder from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a pdf behind an encoder.</exception>
    public static ConditionalPdf<T> ConditionalPdfFromArchive<T>(TensorArchive archive, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var model = ModelArchitecture.ReadConditionalPdf<T>(CheckedArchitecture(archive), archive, device);
        Fill(archive, ParametersOf(model));
        return model;
    }

    /// <summary>A factorizable flow from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="baseModel">The base that the residual was trained on.</param>
    /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a residual, or one for another base.</exception>
    public static FactorizableFlow<T> FactorizableFromArchive<T>(TensorArchive archive, DensityModel<T> baseModel, bool ownsBase = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        var (residual, behindChart) = ReadResidual(archive, baseModel, FactorizableKind);
        if (behindChart && FactorizableFlows.TakeChartOut(baseModel) is null)
            throw new ModelFormatException("The residual stands behind the chart of its base; the base given has none.");
        return new FactorizableFlow<T>(baseModel, residual, ownsBase, behindChart);
    }

    /// <summary>A factorizable pdf from tensors and metadata.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">As <see cref="ToArchive"/> gives it.</param>
    /// <param name="baseModel">The pdf that the residual was trained on.</param>
    /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The archive does not hold a residual, or one for another base.</exception>
    public static FactorizablePdf<T> FactorizablePdfFromArchive<T>(TensorArchive archive, Pdf<T> baseModel, bool ownsBase = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        var (residual, _) = ReadResidual(archive, baseModel, FactorizablePdfKind);
        try
        {
            return new FactorizablePdf<T>(baseModel, residual, ownsBase);
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException($"The residual does not go with its base: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// The content of a model as a residual names it: a hash of its architecture and of its numbers as double, the same for a
    /// model read as float or as double.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="format">The format of the files that name it so: residuals of version 0.1 hash the text that version 0.1 wrote. Null for today's.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="NotSupportedException">The model has parts that files of the format do not know.</exception>
    public static string BaseHash<T>(DensityModel<T> model, string? format = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var architecture = ModelArchitecture.Write(model);
        if (format == Format1.Name)
        {
            architecture = (model is Flow<T> ? Format1.Downgrade(architecture) : null)
                ?? throw new NotSupportedException($"The model has parts that files of format {Format1.Name} do not know.");
        }

        return HashOf(model, architecture);
    }

    private static string HashOf<T>(DensityModel<T> model, string architecture)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensors = new List<TensorData>();
        foreach (var parameter in ParametersOf(model))
        {
            var tensor = StateTensors.Of(parameter);
            tensors.Add(TensorData.Create<double>(tensor.Name, tensor.Shape.AsSpan(), tensor.ToArray<double>()));
        }

        return Hash(new TensorArchive(tensors, [new(ArchitectureKey, architecture)]));
    }

    internal static IReadOnlyList<Parameter<T>> ParametersOf<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => model switch
        {
            Flow<T> flow => [.. flow.Transform.Parameters, .. flow.Base.Parameters],
            Pdf<T> pdf => pdf.OwnParameters,
            _ => model.Parameters.Parameters,
        };

    internal static TResult Named<TResult>(string path, Func<TResult> read) => ContentBoundary.Read(path, read);

    /// <summary>The hash of the tensors and of the metadata, each entry of which counts as a tensor of bytes.</summary>
    internal static string Hash(TensorArchive archive)
    {
        var tensors = new List<TensorData>(archive);
        foreach (var (key, value) in archive.Metadata)
        {
            if (key == HashKey)
                continue;
            var bytes = Encoding.UTF8.GetBytes(value);
            tensors.Add(TensorData.Create<byte>(HashedMetadataPrefix + key, [bytes.Length], bytes));
        }

        return ContentHash.Compute(new TensorArchive(tensors));
    }

    private static (PolynomialResidual<T> Residual, bool BehindChart) ReadResidual<T>(TensorArchive archive, DensityModel<T> baseModel, string kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (residual, baseHash, behindChart) = ModelArchitecture.ReadResidual<T>(CheckedArchitecture(archive), archive, kind);
        string actual;
        try
        {
            actual = BaseHash(baseModel, archive.Metadata[FormatKey]);
        }
        catch (NotSupportedException exception)
        {
            throw new ModelFormatException($"The residual belongs to the base with the content {baseHash[..12]}..., which is not the one given. {exception.Message}", exception);
        }

        if (actual != baseHash)
            throw new ModelFormatException($"The residual belongs to the base with the content {baseHash[..12]}...; the base given has {actual[..12]}....");
        Fill(archive, residual.Parameters);
        return (residual, behindChart);
    }

    private static string CheckedArchitecture(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        foreach (var tensor in archive)
        {
            if (tensor.Name.StartsWith(HashedMetadataPrefix, StringComparison.Ordinal))
                throw new ModelFormatException($"Expected no tensor named like metadata, got {ModelFormatException.Quote(tensor.Name)}.");
        }

        if (!archive.Metadata.TryGetValue(FormatKey, out var format))
            throw new ModelFormatException($"The metadata has no '{FormatKey}': this is not a model of FlowCore, but perhaps a state dictionary to import.");
        if (format is not (Format or Format1.Name))
            throw new ModelFormatException($"The file has the format {ModelFormatException.Quote(format)}; this library reads {Format1.Name} and {Format}.");
        foreach (var key in (string[])[VersionKey, ArchitectureKey, HashKey])
        {
            if (!archive.Metadata.ContainsKey(key))
                throw new ModelFormatException($"The metadata has no '{key}'.");
        }

        if (archive.Unread.Count > 0)
            throw new ModelFormatException($"The content does not have the hash that the metadata names: the file was changed, and has {archive.Unread.First().Value} under {ModelFormatException.Quote(archive.Unread.First().Key)}.");
        if (archive.Metadata[HashKey] != Hash(archive))
            throw new ModelFormatException("The content does not have the hash that the metadata names: the file was damaged or changed.");
        return format == Format ? archive.Metadata[ArchitectureKey] : Format1.Upgrade(archive.Metadata[ArchitectureKey]);
    }

    private static void Fill<T>(TensorArchive archive, IReadOnlyList<Parameter<T>> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = new TensorSource(archive);
        foreach (var parameter in parameters)
        {
            parameter.Write(parameter.IsVector
                ? source.TakeNumbers<T>(parameter.Name, parameter.Columns)
                : source.TakeNumbers<T>(parameter.Name, parameter.Rows, parameter.Columns));
        }

        source.CheckAllUsed();
    }
}
