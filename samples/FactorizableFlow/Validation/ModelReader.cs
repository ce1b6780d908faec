using System.Numerics;
using System.Text.Json;
using FactorizableFlow.Configuration;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.IO;

namespace FactorizableFlow.Validation;

/// <summary>Reads models from FlowCore's files and from PyTorch state dictionaries (.pt), which say less about themselves.</summary>
internal static class ModelReader
{
    /// <summary>Whether a path names a PyTorch file.</summary>
    public static bool IsPyTorch(string path) => Path.GetExtension(path).ToUpperInvariant() is ".PT" or ".PTH";

    /// <summary>Reads a flow.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="settings">The architecture a state dictionary was written with; null for the defaults.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="IOException">The file holds no flow.</exception>
    public static Flow<T> ReadFlow<T>(string path, FlowSettings? settings, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsPyTorch(path))
        {
            return ModelFile.LoadFlow<T>(path, device);
        }

        TensorArchive tensors = PyTorchStateDict.Read(path).Tensors;
        return StateDictionary.IsFactorizable(tensors)
            ? throw new ModelFormatException(path, null, "a flow was expected, but the file holds a residual.")
            : Naming(path, () => StateDictionary.ReadFlow<T>(tensors, Options(settings, null), device));
    }

    /// <summary>Reads any model.</summary>
    /// <typeparam name="T">The number type to compute in.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="baseFlow">A residual's base; null to take the one its file names or holds.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="flow">The base architecture a state dictionary was written with; null for the defaults.</param>
    /// <param name="residual">The residual's; null for the defaults.</param>
    /// <exception cref="IOException">The file holds no model, or a residual of another base.</exception>
    public static DensityModel<T> Read<T>(
        string path, Flow<T>? baseFlow, Device device, FlowSettings? flow = null, Configuration.ResidualSettings? residual = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!IsPyTorch(path))
        {
            return ReadOwn(path, baseFlow, device);
        }

        TensorArchive tensors = PyTorchStateDict.Read(path).Tensors;
        DensityModel<T> model = Naming(path, () => StateDictionary.Read<T>(tensors, Options(flow, residual), device));
        if (baseFlow is not null && model is FactorizableFlow<T> factorizable
            && ModelFile.BaseHash(factorizable.Base) != ModelFile.BaseHash(baseFlow))
        {
            model.Dispose();
            throw new ModelFormatException(path, null, "the base flow inside is another one than the given base; a residual fits its own base only.");
        }

        return model;
    }

    // A residual's file holds the residual alone; its base is beside it, where training noted.
    private static DensityModel<T> ReadOwn<T>(string path, Flow<T>? baseFlow, Device device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ModelDescription description = ModelFile.Describe(path);
        if (description.BaseHash is null)
        {
            return baseFlow is null
                ? ModelFile.LoadFlow<T>(path, device)
                : throw new ModelFormatException(path, null, "a residual was expected, but the file holds a flow, which has no base.");
        }

        if (baseFlow is not null)
        {
            return ModelFile.LoadFactorizable(path, baseFlow);
        }

        Flow<T> found = ModelFile.LoadFlow<T>(BaseOf(path, description), device);
        try
        {
            return ModelFile.LoadFactorizable(path, found, ownsBase: true);
        }
        catch
        {
            found.Dispose();
            throw;
        }
    }

    private static string BaseOf(string path, ModelDescription description)
    {
        string? noted = null;
        try
        {
            using var training = JsonDocument.Parse(description.Training ?? "null");
            if (training.RootElement.ValueKind == JsonValueKind.Object && training.RootElement.TryGetProperty("base", out JsonElement name)
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
        {
            throw new ModelFormatException(path, null, "the file holds a residual and does not say where its base is; --base names it.");
        }

        string found = Path.GetFullPath(noted, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return File.Exists(found)
            ? found
            : throw new ModelFormatException(path, null, $"the base of this residual, '{found}', does not exist; --base names another place.");
    }

    private static StateDictionaryOptions Options(FlowSettings? flow, Configuration.ResidualSettings? residual)
    {
        var options = StateDictionaryOptions.Default;
        options = flow is null ? options : options with { Bound = flow.Bound, Slope = flow.Slope };
        return residual is null
            ? options
            : options with { QuadraticDamping = residual.QuadraticDamping, CrossTermDamping = residual.CrossTermDamping };
    }

    private static TModel Naming<TModel>(string path, Func<TModel> read)
    {
        try
        {
            return read();
        }
        catch (ModelFormatException error) when (error.File is null)
        {
            throw new ModelFormatException(path, error.Tensor, error.Message, error);
        }
    }
}
