using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Masked autoregressive flows and coupling flows under the names and in the shapes of zuko.</summary>
/// <remarks>Reading infers the structure from the tensors; what they cannot say is in <see cref="StateDictionaryOptions"/>.</remarks>
internal static class ZukoFlow
{
    private const string LocationName = "location";
    private const string LogScaleName = "log_scale";

    public static Flow<T> Read<T>(TensorArchive archive, TensorSource source, string prefix, StateSettings settings, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ZukoMonotone.IsKind(archive, prefix))
            return ZukoMonotone.Read<T>(archive, source, prefix, settings, device);
        StateKinds.Check(archive, prefix);
        var noise = ZukoBase.Read(source, prefix, settings);
        var parts = new List<Transform<T>>();
        if (source.Contains(StandardizationTensor(prefix, LocationName)))
            parts.Add(ReadStandardization<T>(source, prefix));
        var first = parts.Count;
        var leading = CountLeadingAffine(source, prefix, first);
        while (true)
        {
            var i = parts.Count - first;
            var ownName = i < leading ? AutoregressiveFlow.AffineName(i) : StackedFlow.TransformName(i - leading);
            var name = prefix + StackedFlow.TransformName(parts.Count);
            var module = new ZukoModule(name, ownName, parts.Count, settings, noise.IsCircle);
            Transform<T> part;
            if (source.Contains($"{name}.mask"))
                part = ZukoCoupling.Read<T>(source, module);
            else if (source.Contains($"{name}.order"))
                part = ReadAutoregressive<T>(source, module);
            else if (source.Contains($"{name}.phi.0"))
                part = ReadElementwise<T>(source, module);
            else if (source.Contains($"{name}.hyper.0.weight") && !source.Contains($"{name}.hyper.0.mask"))
                part = ReadConditional<T>(source, module);
            else
                break;
            var context = i == 0 ? part.ConditionColumns : parts[first].ConditionColumns;
            if (parts.Count > 0 && (part.Features != parts[0].Features || part.ConditionColumns != context))
            {
                throw new ModelFormatException(
                    $"The transform '{name}' has {part.Features} features and {part.ConditionColumns} context columns; the transforms before it have {parts[0].Features} and {context}.");
            }

            parts.Add(part);
        }

        if (parts.Count == first)
            throw new ModelFormatException($"The tensor '{prefix}{StackedFlow.TransformName(first)}.order' is missing: this is not a masked autoregressive flow.");

        return new Flow<T>(noise.Create<T>(source, parts[0].Features), new Composition<T>(parts[0].Features, parts), device);
    }

    /// <summary>The name of a tensor of the standardisation, which stands before the transforms of the other library.</summary>
    private static string StandardizationTensor(string prefix, string name) => $"{prefix}{StackedFlow.TransformName(0)}.{name}";

    private static Standardization<T> ReadStandardization<T>(TensorSource source, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = source.Take(StandardizationTensor(prefix, LocationName), -1).Count;
        var location = source.TakeNumbers<T>(StandardizationTensor(prefix, LocationName), features);
        var logScale = source.TakeNumbers<T>(StandardizationTensor(prefix, LogScaleName), features);
        var values = new T[2 * features];
        for (var j = 0; j < features; j++)
            (values[2 * j], values[(2 * j) + 1]) = (location[j], logScale[j]);
        var standardize = new Standardization<T>(features, StackedFlow.StandardizationName);
        standardize.Parameters[0].Write(values);
        return standardize;
    }

    /// <summary>How many affine transforms stand in front of splines, where they have names of their own in this library; 0 without splines.</summary>
    private static int CountLeadingAffine(TensorSource source, string prefix, int first)
    {
        for (var i = 0; ; i++)
        {
            var name = $"{prefix}{StackedFlow.TransformName(first + i)}";
            if (!source.Contains($"{name}.order"))
                return 0;
            if (source.NetworkShape($"{name}.hyper").Outputs != 2 * source.Take($"{name}.order", -1).Count)
                return i;
        }
    }

    private static MaskedAutoregressive<T> ReadAutoregressive<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ReadAutoregressive(source, module, (features, outputs, last) => module.UnivariateOf<T>(module.PerFeature(outputs, features, last)));

    /// <summary>A masked transform of whatever univariate map its number of features, that of all outputs, and the name of the last weight, for messages, make.</summary>
    internal static MaskedAutoregressive<T> ReadAutoregressive<T>(TensorSource source, ZukoModule module, Func<int, int, string, Univariate<T>> map)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var features = source.Take($"{name}.order", -1).Count;
        var ranks = source.TakeIntegers($"{name}.order", 0, features - 1, features);
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        if (inputs < features)
            throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; expected at least the {features} features.");
        var univariate = map(features, outputs, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        var order = new AutoregressiveOrder(ranks, inputs - features);
        var network = MaskedMlp<T>.Zeros(order, hiddenSizes, univariate.ParametersPerFeature, module.Activation, $"{module.OwnName}.hyper");
        source.Fill(network, $"{name}.hyper");
        return new MaskedAutoregressive<T>(univariate, network);
    }

    /// <summary>One feature with a context: a network without masks.</summary>
    private static Conditional<T> ReadConditional<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        var perFeature = module.PerFeature(outputs, 1, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        var part = new Conditional<T>(module.UnivariateOf<T>(perFeature), 1, inputs, hiddenSizes, module.Activation, module.OwnName);
        for (var p = 0; p < part.Parameters.Count; p += 2)
        {
            var weight = part.Parameters[p];
            weight.Write(source.TakeNumbers<T>($"{name}.hyper.{p}.weight", weight.Rows, weight.Columns));
            part.Parameters[p + 1].Write(source.TakeNumbers<T>($"{name}.hyper.{p}.bias", weight.Rows));
        }

        return part;
    }

    /// <summary>One feature without context: its parameters themselves.</summary>
    private static Elementwise<T> ReadElementwise<T>(TensorSource source, ZukoModule module)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var name = module.Name;
        T[] values;
        if (source.Contains($"{name}.phi.2"))
        {
            var bins = source.Take($"{name}.phi.0", 1, -1).Count;
            values =
            [
                .. source.TakeNumbers<T>($"{name}.phi.0", 1, bins),
                .. source.TakeNumbers<T>($"{name}.phi.1", 1, bins),
                .. source.TakeNumbers<T>($"{name}.phi.2", 1, bins - 1),
            ];
            if (bins < 2)
                throw new ModelFormatException($"The tensor '{name}.phi.0' has {bins} number; a spline has at least 2 bins.");
        }
        else
        {
            values = [.. source.TakeNumbers<T>($"{name}.phi.0", 1), .. source.TakeNumbers<T>($"{name}.phi.1", 1)];
        }

        var part = new Elementwise<T>(module.UnivariateOf<T>(values.Length), 1, module.OwnName);
        part.Parameters[0].Write(values);
        return part;
    }

    /// <summary>The modules of a flow, one after the other.</summary>
    public static IReadOnlyList<Transform<T>> Parts<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => flow.Transform is Composition<T> composition ? composition.Parts : [flow.Transform];

    public static void Write<T>(List<TensorData> tensors, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = Parts(flow);
        for (var i = 0; i < parts.Count; i++)
        {
            var name = prefix + StackedFlow.TransformName(i);
            switch (parts[i])
            {
                case Standardization<T> standardization when i == 0:
                    WriteStandardization(tensors, standardization, prefix);
                    break;
                case MaskedAutoregressive<T> { Conditioner: MaskedMlp<T> network } masked when IsKnown(masked.Univariate):
                    WriteOrder(tensors, network.Order, $"{name}.order");
                    StateTensors.AddNetwork(tensors, network, $"{name}.hyper");
                    break;
                case Coupling<T> { Unconditional: null, Order: ParameterOrder.ByFeature, Conditioner: Mlp<T> { Normalizes: false } network } coupling
                    when IsKnown(coupling.Univariate):
                    ZukoCoupling.Write(tensors, coupling, network, name);
                    break;
                case Conditional<T> { Features: 1, Conditioner: Mlp<T> { Normalizes: false } network } conditional when IsKnown(conditional.Univariate):
                    for (var p = 0; p < network.Parameters.Count; p++)
                        tensors.Add(StateTensors.Of(network.Parameters[p]).Rename($"{name}.hyper.{2 * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}"));
                    break;
                case Elementwise<T> { Features: 1, Univariate: RationalQuadraticSpline<T> spline } part when IsKnown(spline):
                    var bins = spline.Settings.Bins;
                    WritePhi(tensors, part.Parameters[0], name, [bins, bins, bins - 1], isScalar: false);
                    break;
                case Elementwise<T> { Features: 1, Univariate: Affine<T> affine } part when IsKnown(affine):
                    WritePhi(tensors, part.Parameters[0], name, [1, 1], isScalar: true);
                    break;
                default:
                    throw new NotSupportedException(
                        $"A state dictionary for other libraries holds a standardisation and then masked autoregressive transforms or couplings; part {i} of the flow is a {NameOf(parts[i])}.");
            }
        }

        ZukoBase.Write(tensors, flow.Base, prefix);
    }

    // The form that the readers of these tensors take for granted.
    private static bool IsKnown<T>(Univariate<T> univariate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => univariate switch
        {
            Affine<T> affine => affine.Settings == new AffineSettings { Slope = affine.Slope },
            RationalQuadraticSpline<T> { Settings: var settings } => settings == new SplineSettings(settings.Bins, settings.Bound, settings.Slope),
            _ => false,
        };

    private static void WriteStandardization<T>(List<TensorData> tensors, Standardization<T> standardization, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var values = StateTensors.Of(standardization.Parameters[0]).ToArray<T>();
        var location = new T[standardization.Features];
        var logScale = new T[standardization.Features];
        for (var j = 0; j < location.Length; j++)
            (location[j], logScale[j]) = (values[2 * j], values[(2 * j) + 1]);
        tensors.Add(TensorData.Create<T>(StandardizationTensor(prefix, LocationName), [location.Length], location));
        tensors.Add(TensorData.Create<T>(StandardizationTensor(prefix, LogScaleName), [logScale.Length], logScale));
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

    internal static string NameOf(object part) => part.GetType().Name.Split('`')[0];
}
