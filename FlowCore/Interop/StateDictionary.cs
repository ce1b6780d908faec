using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>
/// Models as PyTorch modules hold them, masks and orders included: tensors under the names and in the shapes of zuko's flows and of the factorizable-flow
/// reference, which are written as well, of nflows, glasflow and normflows, which are read, and of mbank, both.
/// </summary>
/// <remarks>
/// The model is found by its names, whatever stands before them ("state_dict.", "module."), and what lies beside it is left aside.
/// Reading infers the structure from the tensors and checks them against each other: shapes, masks (which are computed anew and
/// compared), degrees, orders and reversals; a missing, surplus or contradicting tensor is an error that names it, and so is a model that is
/// not supported. What the tensors cannot say is stated in the metadata of those that <see cref="Write{T}(DensityModel{T})"/>
/// gives, and for all others is in <see cref="StateDictionaryOptions"/>. A standardisation, which zuko's flows do not have by themselves, is the
/// first module of the composition, with the tensors <c>location</c> and <c>log_scale</c>.
/// </remarks>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The field's name for it.")]
public static class StateDictionary
{
    /// <summary>Whether the tensors are those of a residual on a base flow rather than of a flow alone.</summary>
    /// <param name="archive">The tensors of one model.</param>
    /// <returns>True for a residual model.</returns>
    public static bool IsFactorizable(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Any(tensor => ReferenceResidual.IsPart(tensor.Name));
    }

    /// <summary>Whether it is stated beside the tensors what they do not say, as it is by <see cref="Write{T}(DensityModel{T})"/>.</summary>
    /// <param name="archive">The tensors of one model.</param>
    /// <returns>True where it is.</returns>
    public static bool IsStated(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Metadata.ContainsKey(StateSettings.Key);
    }

    /// <summary>The keys of the models in an archive: what stands before the names of each, "." for nothing.</summary>
    /// <param name="archive">The tensors of a file.</param>
    /// <returns>The keys, in the order of the archive.</returns>
    public static IReadOnlyList<string> Keys(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return [.. StateNames.Prefixes(archive).Select(StateNames.KeyOf)];
    }

    /// <summary>The tensors of one model alone, under the names that the model itself gives them.</summary>
    /// <param name="archive">The tensors of a file.</param>
    /// <param name="key">Which model; null where there is one.</param>
    /// <param name="prefix">What stood before its names.</param>
    /// <returns>The tensors; the archive itself where no model is found in it.</returns>
    /// <exception cref="ModelFormatException">There are several models and no key, or none or several have the key.</exception>
    public static TensorArchive Unwrap(TensorArchive archive, string? key, out string prefix)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return StateNames.Unwrap(archive, key, out prefix);
    }

    /// <summary>Builds whichever model the tensors describe.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">The tensors.</param>
    /// <param name="options">What the tensors do not say; null for the defaults.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>A <see cref="Flow{T}"/> or a <see cref="FactorizableFlow{T}"/> that owns its base.</returns>
    /// <exception cref="ModelFormatException">The tensors do not make a model.</exception>
    public static DensityModel<T> Read<T>(TensorArchive archive, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        IsFactorizable(Unwrap(archive, options?.Key, out _)) ? ReadFactorizable<T>(archive, options, device) : ReadFlow<T>(archive, options, device);

    /// <summary>Builds a flow of any of the libraries.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">The tensors.</param>
    /// <param name="options">What the tensors do not say; null for the defaults.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ModelFormatException">The tensors do not make such a flow.</exception>
    public static Flow<T> ReadFlow<T>(TensorArchive archive, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var own = Unwrap(archive, options?.Key, out _);
        var source = new TensorSource(own);
        var settings = Settings(options, own, string.Empty);
        var library = StateKinds.LibraryOf(own, options?.Library);
        if (library == StateLibrary.Nflows)
            MbankFlow.TakeConstant(source);

        var flow = library switch
        {
            StateLibrary.Nflows => NflowsFlow.Read<T>(source, settings, device),
            StateLibrary.Normflows => NormflowsFlow.Read<T>(source, settings, device),
            _ when ZukoMixture.IsMixture(own) => ZukoMixture.Read<T>(source, settings, device),
            _ => ZukoFlow.Read<T>(own, source, string.Empty, settings, device),
        };
        try
        {
            source.CheckAllUsed();
        }
        catch
        {
            flow.Dispose();
            throw;
        }

        return flow;
    }

    /// <summary>The constant C that mbank trains and stores beside a flow, ln p + C being the logarithm of the volume element that the flow describes.</summary>
    /// <remarks>It is no part of the density, so <see cref="ReadFlow{T}"/> checks it and leaves it out.</remarks>
    /// <param name="archive">The tensors.</param>
    /// <param name="key">Which model; null where there is one.</param>
    /// <returns>C; null where there is none.</returns>
    /// <exception cref="ModelFormatException">There are several models and no key, or the constant is not one finite number.</exception>
    public static double? Constant(TensorArchive archive, string? key = null) => MbankFlow.TakeConstant(new TensorSource(Unwrap(archive, key, out _)));

    /// <summary>Builds a residual with the base flow inside.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">The tensors.</param>
    /// <param name="options">What the tensors do not say; null for the defaults.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The model; it owns its base.</returns>
    /// <exception cref="ModelFormatException">The tensors do not make such a model.</exception>
    public static FactorizableFlow<T> ReadFactorizable<T>(TensorArchive archive, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var own = Unwrap(archive, options?.Key, out _);
        var source = new TensorSource(own);
        var settings = Settings(options, own, ReferenceResidual.BasePrefix);
        var flow = ZukoFlow.Read<T>(own, source, ReferenceResidual.BasePrefix, settings, device);
        var residual = ReferenceResidual.Read<T>(source, flow.Features, settings);
        source.CheckAllUsed();
        return new FactorizableFlow<T>(flow, residual, ownsBase: true);
    }

    /// <summary>
    /// The tensors of a model in their canonical order, in the precision of the model. What they do not say (bounds, slopes,
    /// activations, dampings) is stated in the metadata, which other libraries pass over.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">
    /// A flow of masked autoregressive transforms, couplings or mixtures with rotations, a mixture of normals, or a factorizable flow on one: what zuko and the
    /// reference know.
    /// </param>
    /// <returns>The tensors.</returns>
    /// <exception cref="NotSupportedException">The model has a part that the other libraries do not know; it is named.</exception>
    public static TensorArchive Write<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = new List<TensorData>();
        KeyValuePair<string, string> statement;
        switch (model)
        {
            case Flow<T> { Base: NormalMixture<T> mixture, Transform: Composition<T> { Parts.Count: 0 } }:
                ZukoMixture.Write(tensors, mixture);
                return mixture.Conditioner is null ? new TensorArchive(tensors) : new TensorArchive(tensors, [StateStatement.Of(mixture)]);
            case Flow<T> flow:
                ZukoFlow.Write(tensors, flow, string.Empty);
                statement = StateStatement.Of(ZukoFlow.Parts(flow), null);
                break;
            case FactorizableFlow<T> { IsBehindChart: true }:
                throw new NotSupportedException("A residual behind the chart of its base has no state dictionary that other libraries know.");
            case FactorizableFlow<T> { Base: Flow<T> flow } factorizable:
                ReferenceResidual.WriteHead(tensors, factorizable.Residual);
                ZukoFlow.Write(tensors, flow, ReferenceResidual.BasePrefix);
                ReferenceResidual.Write(tensors, factorizable.Residual);
                statement = StateStatement.Of(ZukoFlow.Parts(flow), factorizable.Residual);
                break;
            default:
                throw new NotSupportedException($"A model of type {model.GetType().Name} has no state dictionary that other libraries know.");
        }

        return new TensorArchive(tensors, [statement]);
    }

    /// <summary>The tensors of a flow under the names, in the order and in the precision that mbank's <c>load_flow</c> takes.</summary>
    /// <typeparam name="T">The number type; the tensors hold float.</typeparam>
    /// <param name="flow">A box, then pairs of a dense linear map and a masked affine transform of nflows with two residual blocks, on a standard normal distribution.</param>
    /// <param name="constant">C of <see cref="Constant"/>; null for none.</param>
    /// <returns>The tensors.</returns>
    /// <exception cref="NotSupportedException">The flow has another form; what differs is named.</exception>
    public static TensorArchive WriteMbank<T>(Flow<T> flow, double? constant = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(flow);
        return MbankFlow.Write(flow, constant);
    }

    /// <summary>The tensors of a residual alone, without its base.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="residual">The residual.</param>
    /// <returns>The tensors.</returns>
    public static TensorArchive Write<T>(PolynomialResidual<T> residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(residual);
        var tensors = new List<TensorData>();
        ReferenceResidual.WriteHead(tensors, residual);
        ReferenceResidual.Write(tensors, residual);
        return new TensorArchive(tensors);
    }

    private static StateSettings Settings(StateDictionaryOptions? options, TensorArchive archive, string prefix)
    {
        var given = options ?? StateDictionaryOptions.Default;
        var usual = StateDictionaryOptions.Usual;
        RationalQuadraticSpline<double>.Checked(new SplineSettings(2, given.Bound ?? usual.Bound!.Value, given.Slope ?? usual.Slope!.Value));
        return new StateSettings(given, archive) { HasOldNames = archive.Contains($"{prefix}base._0") };
    }
}
