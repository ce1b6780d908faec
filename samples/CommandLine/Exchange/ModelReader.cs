using System.Numerics;
using System.Text.Json;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;

namespace CommandLine.Exchange;

/// <summary>Opens models of every format: FlowCore's files, plain safetensors state dictionaries, and what torch.save writes.</summary>
public static class ModelReader
{
    /// <summary>Opens a model to work with, in float.</summary>
    /// <param name="path">The file; its content tells its format.</param>
    /// <param name="options">What a state dictionary does not say about its model; null for the defaults. FlowCore's files ignore it.</param>
    /// <param name="basePath">The file of a residual's base; null for the one that the residual's file names or holds.</param>
    /// <param name="device">Where to compute; null for the default.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="IOException">The file holds no model, a residual for another base, or cannot be read.</exception>
    public static DensityModel<float> Open(string path, StateDictionaryOptions? options = null, string? basePath = null, Device? device = null) =>
        Open<float>(path, options, basePath, device);

    /// <summary>Opens a model.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="path">The file; its content tells its format.</param>
    /// <param name="options">What a state dictionary does not say about its model; null for the defaults. FlowCore's files ignore it.</param>
    /// <param name="basePath">The file of a residual's base; null for the one that the residual's file names or holds.</param>
    /// <param name="device">Where to compute; null for the default.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="IOException">The file holds no model, a residual for another base, or cannot be read.</exception>
    public static DensityModel<T> Open<T>(string path, StateDictionaryOptions? options = null, string? basePath = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Open<T>(ModelTensors.Read(path, options?.Key), options, basePath, device);

    /// <summary>Opens a model and says what was assumed about it.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="reporter">Where to say it.</param>
    /// <param name="path">As for a path.</param>
    /// <param name="options">What the command line says about a state dictionary.</param>
    /// <param name="basePath">As for a path.</param>
    /// <param name="device">As for a path.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="IOException">As for a path.</exception>
    public static DensityModel<T> Open<T>(ConsoleReporter reporter, string path, StateDictionaryOptions options, string? basePath, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return Open<T>(reporter, ModelTensors.Read(path, options.Key), options, basePath, device);
    }

    /// <summary>Opens a model whose tensors have been read, and says what was assumed about it.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="reporter">Where to say it.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="options">What the command line says about a state dictionary.</param>
    /// <param name="basePath">As for a path.</param>
    /// <param name="device">As for a path.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="IOException">As for a path.</exception>
    public static DensityModel<T> Open<T>(ConsoleReporter reporter, ModelTensors tensors, StateDictionaryOptions options, string? basePath, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var assumptions = new List<StateAssumption>();
        var model = Open<T>(tensors, options with { Assumed = assumptions.Add }, basePath, device);
        if (tensors.IsOwnFormat && basePath is null && options != StateDictionaryOptions.Default)
            reporter.Warning($"{tensors.Path} says everything about its model, and what the flags say of state dictionaries is not used.");

        ExchangeOptions.Report(reporter, tensors.Path, assumptions);
        return model;
    }

    /// <summary>Opens a model whose tensors have been read.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="tensors">The tensors.</param>
    /// <param name="options">As for a path.</param>
    /// <param name="basePath">As for a path.</param>
    /// <param name="device">As for a path.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="IOException">As for a path.</exception>
    public static DensityModel<T> Open<T>(ModelTensors tensors, StateDictionaryOptions? options = null, string? basePath = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var named = BasePath(tensors, basePath);
        if (named is null)
            return Build<T>(tensors, null, options, device);

        try
        {
            return OpenOnBase<T>(tensors, named, options, device);
        }
        catch (ModelFormatException) when (typeof(T) != typeof(double) && tensors.IsOwnFormat && IsDouble(ModelTensors.Read(named, options?.Key)))
        {
            // The content that the residual names is that of the base in double, which rounding changes: look at it before.
            return OpenThrough<double, T>(tensors, named, options, device);
        }
        catch (ModelFormatException) when (typeof(T) == typeof(double) && tensors.IsOwnFormat && !IsDouble(tensors) && IsDouble(ModelTensors.Read(named, options?.Key)))
        {
            // A residual that was trained in float names the base as it was then, rounded.
            return OpenThrough<float, T>(tensors, named, options, device);
        }
    }

    /// <summary>Opens a residual on a base that is open already.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="path">The file; its content tells its format.</param>
    /// <param name="baseFlow">The base; it stays the caller's. A residual of a state dictionary brings its own, which must be the same.</param>
    /// <param name="options">What a state dictionary does not say about its model; null for the defaults. FlowCore's files ignore it.</param>
    /// <returns>The model.</returns>
    /// <exception cref="IOException">The file holds no residual, one for another base, or cannot be read.</exception>
    public static DensityModel<T> OpenResidual<T>(string path, DensityModel<T> baseFlow, StateDictionaryOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Build(ModelTensors.Read(path, options?.Key), baseFlow, options, baseFlow.Device);

    /// <summary>Opens a flow.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="path">The file; its content tells its format.</param>
    /// <param name="options">What a state dictionary does not say about its model; null for the defaults. FlowCore's files ignore it.</param>
    /// <param name="device">Where to compute; null for the default.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="IOException">The file holds no flow, or cannot be read.</exception>
    public static Flow<T> OpenFlow<T>(string path, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        OpenFlow<T>(ModelTensors.Read(path, options?.Key), options, device);

    /// <summary>Opens a flow whose tensors have been read.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="tensors">The tensors.</param>
    /// <param name="options">As for a path.</param>
    /// <param name="device">As for a path.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="IOException">As for a path.</exception>
    public static Flow<T> OpenFlow<T>(ModelTensors tensors, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsResidual(tensors))
            throw new ModelFormatException(tensors.Path, null, "Expected a flow, the file holds a residual.");
        var model = Build<T>(tensors, null, options, device);
        if (model is Flow<T> flow)
            return flow;
        model.Dispose();
        throw new ModelFormatException(tensors.Path, null, "Expected a flow, the file holds a density on manifolds.");
    }

    /// <summary>The file of a residual's base: the one given, else the one that the residual's own file notes; null where none is needed.</summary>
    /// <param name="tensors">The tensors of the model.</param>
    /// <param name="given">The file that the user names, or null.</param>
    /// <exception cref="IOException">A base is needed, and no file of one is known or there.</exception>
    public static string? BasePath(ModelTensors tensors, string? given)
    {
        if (given is not null || !tensors.IsOwnFormat)
            return given;

        var description = Naming(tensors.Path, () => ModelFile.Describe(tensors.Archive));
        return description.BaseHash is null ? null : BaseOf(tensors.Path, description);
    }

    /// <summary>Whether float would lose digits of the numbers.</summary>
    /// <param name="tensors">The tensors of the model.</param>
    public static bool IsDouble(ModelTensors tensors) => tensors.Archive.Any(tensor => tensor.ElementType == ElementType.Float64);

    private static DensityModel<T> OpenOnBase<T>(ModelTensors tensors, string basePath, StateDictionaryOptions? options, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var named = ModelTensors.Read(basePath, options?.Key);
        if (IsResidual(named))
            throw new ModelFormatException(basePath, null, "Expected the base of a residual, the file holds a residual.");
        var baseModel = Build<T>(named, null, options, device);
        try
        {
            return Build(tensors, baseModel, options, device, ownsBase: true);
        }
        catch
        {
            baseModel.Dispose();
            throw;
        }
    }

    // Opens in the number type whose content the residual names, then converts.
    private static DensityModel<T> OpenThrough<TNamed, T>(ModelTensors tensors, string basePath, StateDictionaryOptions? options, Device? device)
        where TNamed : unmanaged, IBinaryFloatingPointIeee754<TNamed>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var named = OpenOnBase<TNamed>(tensors, basePath, options, device);
        return named.ConvertTo<T>(device);
    }

    private static bool IsResidual(ModelTensors tensors) => tensors.IsOwnFormat
        ? Naming(tensors.Path, () => ModelFile.Describe(tensors.Archive)).BaseHash is not null
        : tensors.IsFactorizable;

    private static DensityModel<T> Build<T>(ModelTensors tensors, DensityModel<T>? baseFlow, StateDictionaryOptions? options, Device? device, bool ownsBase = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Naming<DensityModel<T>>(tensors.Path, () =>
        {
            if (tensors.IsOwnFormat)
                return ModelFile.FromArchive(tensors.Archive, baseFlow, device, ownsBase);

            // The tensors are those of the model that the key has chosen.
            var model = StateDictionary.Read<T>(tensors.Archive, options is null ? null : options with { Key = null }, device);
            if (baseFlow is null)
                return model;

            if (model is not FactorizableFlow<T> factorizable)
            {
                model.Dispose();
                throw new ModelFormatException("Expected a residual, the file holds a flow, which has no base.");
            }

            if (ModelFile.BaseHash(factorizable.Base) != ModelFile.BaseHash(baseFlow))
            {
                model.Dispose();
                throw new ModelFormatException("The base inside is another one than the base given; a residual fits its own base only.");
            }

            if (ownsBase)
                baseFlow.Dispose();

            return model;
        });

    // A residual's file holds the residual alone and notes where its base was.
    private static string BaseOf(string path, ModelDescription description)
    {
        string? noted = null;
        try
        {
            using var training = JsonDocument.Parse(description.Training ?? "null");
            if (training.RootElement.ValueKind == JsonValueKind.Object && training.RootElement.TryGetProperty("base", out var name)
                && name.ValueKind == JsonValueKind.String)
            {
                noted = name.GetString();
            }
        }
        catch (JsonException)
        {
            // Any text may stand there; then it names no base.
        }

        if (string.IsNullOrEmpty(noted) || Path.IsPathRooted(noted))
            throw new ModelFormatException(path, null, "The file holds a residual and does not say where its base is; --base names it.");

        var found = Path.GetFullPath(noted, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return File.Exists(found)
            ? found
            : throw new ModelFormatException(path, null, $"The base of this residual, '{found}', does not exist; --base names another place.");
    }

    private static TResult Naming<TResult>(string path, Func<TResult> read) => ContentBoundary.Read(path, read);
}
