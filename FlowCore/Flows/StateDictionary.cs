using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

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
    internal const string BasePrefix = "base_model.";

    /// <summary>Whether the tensors are those of a residual on a base flow rather than of a flow alone.</summary>
    /// <param name="archive">The tensors.</param>
    /// <returns>True for a residual model.</returns>
    public static bool IsFactorizable(TensorArchive archive)
    {
        ArgumentNullException.ThrowIfNull(archive);
        return archive.Any(tensor => tensor.Name.StartsWith(BasePrefix, StringComparison.Ordinal)
            || tensor.Name.StartsWith("transforms.", StringComparison.Ordinal)
            || tensor.Name == ResidualReader.CentralName);
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
        var flow = FlowReader.Read<T>(source, string.Empty, Checked(options), device);
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
        var flow = FlowReader.Read<T>(source, BasePrefix, settings, device);
        var residual = ResidualReader.Read<T>(source, flow.Features, settings);
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
                WriteFlow(tensors, flow, string.Empty);
                break;
            case FactorizableFlow<T> factorizable:
                var constants = factorizable.Residual.Constants;
                tensors.Add(Numbers<T>(ResidualReader.CentralName, constants.Central));
                tensors.Add(Numbers<T>(ResidualReader.ScalesName, constants.Scales));
                WriteFlow(tensors, factorizable.Base, BasePrefix);
                WriteResidual(tensors, factorizable.Residual);
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
        var tensors = new List<TensorData>
        {
            Numbers<T>(ResidualReader.CentralName, residual.Constants.Central),
            Numbers<T>(ResidualReader.ScalesName, residual.Constants.Scales),
        };
        WriteResidual(tensors, residual);
        return new TensorArchive(tensors);
    }

    /// <summary>A parameter as a tensor, in canonical order.</summary>
    internal static TensorData Tensor<T>(Parameter<T> parameter, string prefix = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return parameter.IsVector
            ? TensorData.Create<T>(prefix + parameter.Name, [parameter.Columns], values)
            : TensorData.Create<T>(prefix + parameter.Name, [parameter.Rows, parameter.Columns], values);
    }

    private static void WriteFlow<T>(List<TensorData> tensors, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = flow.Transform is Composition<T> composition ? composition.Parts : [flow.Transform];
        for (var i = 0; i < parts.Count; i++)
        {
            var name = prefix + AutoregressiveFlow.TransformName(i);
            switch (parts[i])
            {
                case Standardize<T> standardize when i == 0:
                    WriteStandardization(tensors, standardize, prefix);
                    break;
                case MaskedAutoregressive<T> part:
                    WriteOrder(tensors, part.Conditioner.Order, $"{name}.order");
                    WriteNetwork(tensors, part.Conditioner, $"{name}.hyper");
                    break;
                case ConditionalElementwise<T> part when part.Features == 1:
                    for (var p = 0; p < part.Parameters.Count; p++)
                        tensors.Add(Tensor(part.Parameters[p]).Rename($"{name}.hyper.{2 * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}"));
                    break;
                case ElementwiseSpline<T> part when part.Features == 1:
                    var bins = part.Settings.Bins;
                    WritePhi(tensors, part.Parameters[0], name, [bins, bins, bins - 1], isScalar: false);
                    break;
                case ElementwiseAffine<T> part when part.Features == 1:
                    WritePhi(tensors, part.Parameters[0], name, [1, 1], isScalar: true);
                    break;
                default:
                    throw new NotSupportedException(
                        $"A state dictionary for other libraries holds a standardisation and then masked autoregressive transforms; part {i} of the flow is a {NameOf(parts[i])}.");
            }
        }

        var location = new double[flow.Features];
        var scale = new double[flow.Features];
        switch (flow.Base)
        {
            case StandardNormal<T>:
                Array.Fill(scale, 1);
                break;
            case DiagonalNormal<T> normal:
                location = [.. normal.Location];
                scale = [.. normal.Scale];
                break;
            default:
                throw new NotSupportedException($"A state dictionary for other libraries holds a normal base distribution; the flow has a {NameOf(flow.Base)}.");
        }

        tensors.Add(Numbers<T>($"{prefix}base.loc", location));
        tensors.Add(Numbers<T>($"{prefix}base.scale", scale));
    }

    private static void WriteStandardization<T>(List<TensorData> tensors, Standardize<T> standardize, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = Tensor(standardize.Parameters[0]).ToArray<T>();
        var location = new T[standardize.Features];
        var logScale = new T[standardize.Features];
        for (var j = 0; j < location.Length; j++)
            (location[j], logScale[j]) = (values[2 * j], values[(2 * j) + 1]);
        tensors.Add(TensorData.Create<T>(FlowReader.StandardizationTensor(prefix, FlowReader.LocationName), [location.Length], location));
        tensors.Add(TensorData.Create<T>(FlowReader.StandardizationTensor(prefix, FlowReader.LogScaleName), [logScale.Length], logScale));
    }

    private static void WriteOrder(List<TensorData> tensors, AutoregressiveOrder order, string name)
    {
        var ranks = new long[order.Features];
        for (var j = 0; j < ranks.Length; j++)
            ranks[j] = order.Ranks[j];
        tensors.Add(TensorData.Create<long>(name, [ranks.Length], ranks));
    }

    /// <summary>The parameters of one feature, cut into [1, size] each, or into vectors of one number.</summary>
    private static void WritePhi<T>(List<TensorData> tensors, Parameter<T> parameter, string name, ReadOnlySpan<int> sizes, bool isScalar)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        var start = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            tensors.Add(TensorData.Create<T>($"{name}.phi.{i}", isScalar ? [1] : [1, sizes[i]], values.AsSpan(start, sizes[i])));
            start += sizes[i];
        }
    }

    private static void WriteResidual<T>(List<TensorData> tensors, PolynomialResidual<T> residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var constants = residual.Constants;
        var pairs = new long[2 * constants.CrossTerms.Count];
        for (var p = 0; p < constants.CrossTerms.Count; p++)
            (pairs[2 * p], pairs[(2 * p) + 1]) = constants.CrossTerms[p];
        for (var l = 0; l < residual.Layers.Length; l++)
        {
            if (l > 0)
                WriteReversal(tensors, residual.Features, (2 * l) - 1);
            var name = PolynomialResidual<T>.LayerName(l);
            tensors.Add(Numbers<T>($"{name}.{ResidualReader.CentralName}", constants.Central));
            tensors.Add(Numbers<T>($"{name}.{ResidualReader.ScalesName}", constants.Scales));
            tensors.Add(TensorData.Create<long>($"{name}.{ResidualReader.PairsName}", [constants.CrossTerms.Count, 2], pairs));
            foreach (var network in residual.Layers[l].Networks)
                WriteNetwork(tensors, network, network.Name);
        }

        if (residual.EndsWithReversal)
            WriteReversal(tensors, residual.Features, (2 * residual.Layers.Length) - 1);
    }

    private static void WriteReversal(List<TensorData> tensors, int features, int module)
    {
        var indices = new long[features];
        for (var i = 0; i < features; i++)
            indices[i] = features - 1 - i;
        tensors.Add(TensorData.Create<long>($"transforms.{module}.indices", [features], indices));
        tensors.Add(TensorData.Create<long>($"transforms.{module}.inv_indices", [features], indices));
    }

    private static void WriteNetwork<T>(List<TensorData> tensors, MaskedMlp<T> network, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (var l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            tensors.Add(Tensor(layer.Weight).Rename($"{name}.{2 * l}.weight"));
            tensors.Add(Tensor(layer.Bias).Rename($"{name}.{2 * l}.bias"));
            tensors.Add(TensorData.Create<bool>($"{name}.{2 * l}.mask", [layer.Weight.Rows, layer.Weight.Columns], network.Mask(l)));
        }
    }

    private static TensorData Numbers<T>(string name, IReadOnlyList<double> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = new T[numbers.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(numbers[i]);
        return TensorData.Create<T>(name, [values.Length], values);
    }

    private static string NameOf(object part) => part.GetType().Name.Split('`')[0];

    private static StateDictionaryOptions Checked(StateDictionaryOptions? options)
    {
        var checkedOptions = options ?? StateDictionaryOptions.Default;
        ElementwiseSpline<double>.Checked(new SplineSettings(2, checkedOptions.Bound, checkedOptions.Slope));
        return checkedOptions;
    }
}
