using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>
/// Models as PyTorch modules hold them: tensors under the names, shapes and in the order of zuko's NSF and MAF and of the
/// factorizable-flow reference, masks and orders included.
/// </summary>
/// <remarks>
/// Reading infers the structure from the tensors and checks them against each other: shapes, masks (which are computed anew and
/// compared), orders and reversals; a missing, surplus or contradicting tensor is an error that names it. What the tensors cannot
/// say is in <see cref="StateDictionaryOptions"/>. A standardisation, which zuko's flows do not have by themselves, is the
/// first module of the composition, with the tensors <c>location</c> and <c>log_scale</c>.
/// </remarks>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The field's name for it.")]
public static class StateDictionary
{
    /// <summary>Whether the tensors are those of a residual on a base flow rather than of a flow alone.</summary>
    /// <param name="archive">The tensors.</param>
    /// <returns>True for a residual model.</returns>
    public static bool IsFactorizable(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Any(tensor => ReferenceResidual.IsPart(tensor.Name));
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
        IsFactorizable(archive) ? ReadFactorizable<T>(archive, options, device) : ReadFlow<T>(archive, options, device);

    /// <summary>Builds a neural spline flow or a masked affine flow.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="archive">The tensors.</param>
    /// <param name="options">What the tensors do not say; null for the defaults.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ModelFormatException">The tensors do not make such a flow.</exception>
    public static Flow<T> ReadFlow<T>(TensorArchive archive, StateDictionaryOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var source = new TensorSource(archive);
        var flow = ZukoFlow.Read<T>(source, string.Empty, Checked(options), device);
        source.CheckAllUsed();
        return flow;
    }

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
        var source = new TensorSource(archive);
        var settings = Checked(options);
        var flow = ZukoFlow.Read<T>(source, ReferenceResidual.BasePrefix, settings, device);
        var residual = ReferenceResidual.Read<T>(source, flow.Features, settings);
        source.CheckAllUsed();
        return new FactorizableFlow<T>(flow, residual, ownsBase: true);
    }

    /// <summary>The tensors of a model in their canonical order, in the precision of the model.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">
    /// A flow of masked autoregressive transforms on a normal distribution, or a factorizable flow on one: what the other
    /// libraries know.
    /// </param>
    /// <returns>The tensors.</returns>
    /// <exception cref="NotSupportedException">The model has a part that the other libraries do not know; it is named.</exception>
    public static TensorArchive Write<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        var tensors = new List<TensorData>();
        switch (model)
        {
            case Flow<T> flow:
                ZukoFlow.Write(tensors, flow, string.Empty);
                break;
            case FactorizableFlow<T> { Base: Flow<T> flow } factorizable:
                ReferenceResidual.WriteHead(tensors, factorizable.Residual);
                ZukoFlow.Write(tensors, flow, ReferenceResidual.BasePrefix);
                ReferenceResidual.Write(tensors, factorizable.Residual);
                break;
            default:
                throw new NotSupportedException($"A model of type {model.GetType().Name} has no state dictionary that other libraries know.");
        }

        return new TensorArchive(tensors);
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

    private static StateDictionaryOptions Checked(StateDictionaryOptions? options)
    {
        var checkedOptions = options ?? StateDictionaryOptions.Default;
        RationalQuadraticSpline<double>.Checked(new SplineSettings(2, checkedOptions.Bound, checkedOptions.Slope));
        return checkedOptions;
    }
}
