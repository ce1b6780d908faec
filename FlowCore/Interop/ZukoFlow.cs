using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Masked autoregressive flows under the names and in the shapes of zuko.</summary>
/// <remarks>Reading infers the structure from the tensors; what they cannot say is in <see cref="StateDictionaryOptions"/>.</remarks>
internal static class ZukoFlow
{
    private const string LocationName = "location";
    private const string LogScaleName = "log_scale";

    public static Flow<T> Read<T>(TensorSource source, string prefix, StateDictionaryOptions options, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = new List<Transform<T>>();
        if (source.Contains(StandardizationTensor(prefix, LocationName)))
            parts.Add(ReadStandardization<T>(source, prefix));
        var first = parts.Count;
        var leading = CountLeadingAffine(source, prefix, first);
        while (true)
        {
            var i = parts.Count - first;
            var ownName = i < leading ? AutoregressiveFlow.AffineName(i) : AutoregressiveFlow.TransformName(i - leading);
            var name = prefix + AutoregressiveFlow.TransformName(parts.Count);
            Transform<T> part;
            if (source.Contains($"{name}.order"))
                part = ReadAutoregressive<T>(source, name, ownName, options);
            else if (source.Contains($"{name}.phi.0"))
                part = ReadElementwise<T>(source, name, ownName, options);
            else if (source.Contains($"{name}.hyper.0.weight") && !source.Contains($"{name}.hyper.0.mask"))
                part = ReadConditional<T>(source, name, ownName, options);
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
            throw new ModelFormatException($"The tensor '{prefix}{AutoregressiveFlow.TransformName(first)}.order' is missing: this is not a masked autoregressive flow.");

        // Two versions of the same library name the buffers of the base differently.
        var isNumbered = !source.Contains($"{prefix}base.loc") && source.Contains($"{prefix}base._0");
        var location = source.TakeNumbers<double>($"{prefix}base.{(isNumbered ? "_0" : "loc")}", parts[0].Features);
        var scaleName = $"{prefix}base.{(isNumbered ? "_1" : "scale")}";
        var scale = source.TakeNumbers<double>(scaleName, parts[0].Features);
        foreach (var value in scale)
        {
            if (value <= 0)
                throw new ModelFormatException($"The tensor '{scaleName}' holds {value}; expected positive scales.");
        }

        var isStandard = location.AsSpan().IndexOfAnyExcept(0.0) < 0 && scale.AsSpan().IndexOfAnyExcept(1.0) < 0;
        BaseDistribution<T> noise = isStandard ? new StandardNormal<T>(parts[0].Features) : new DiagonalNormal<T>(location, scale);
        return new Flow<T>(noise, new Composition<T>(parts[0].Features, parts), device);
    }

    /// <summary>The name of a tensor of the standardisation, which stands before the transforms of the other library.</summary>
    private static string StandardizationTensor(string prefix, string name) => $"{prefix}{AutoregressiveFlow.TransformName(0)}.{name}";

    private static Standardization<T> ReadStandardization<T>(TensorSource source, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = source.Take(StandardizationTensor(prefix, LocationName), -1).Count;
        var location = source.TakeNumbers<T>(StandardizationTensor(prefix, LocationName), features);
        var logScale = source.TakeNumbers<T>(StandardizationTensor(prefix, LogScaleName), features);
        var values = new T[2 * features];
        for (var j = 0; j < features; j++)
            (values[2 * j], values[(2 * j) + 1]) = (location[j], logScale[j]);
        var standardize = new Standardization<T>(features, AutoregressiveFlow.StandardizationName);
        standardize.Parameters[0].Write(values);
        return standardize;
    }

    /// <summary>How many affine transforms stand in front of splines, where they have names of their own in this library; 0 without splines.</summary>
    private static int CountLeadingAffine(TensorSource source, string prefix, int first)
    {
        for (var i = 0; ; i++)
        {
            var name = $"{prefix}{AutoregressiveFlow.TransformName(first + i)}";
            if (!source.Contains($"{name}.order"))
                return 0;
            if (source.NetworkShape($"{name}.hyper").Outputs != 2 * source.Take($"{name}.order", -1).Count)
                return i;
        }
    }

    private static MaskedAutoregressive<T> ReadAutoregressive<T>(TensorSource source, string name, string ownName, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = source.Take($"{name}.order", -1).Count;
        var ranks = source.TakeIntegers($"{name}.order", 0, features - 1, features);
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        if (inputs < features)
            throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; expected at least the {features} features.");
        var perFeature = PerFeature(outputs, features, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        var order = new AutoregressiveOrder(ranks, inputs - features);
        var network = new MaskedMlp<T>(order, hiddenSizes, perFeature, options.Activation, $"{ownName}.hyper");
        source.Fill(network, $"{name}.hyper");
        return new MaskedAutoregressive<T>(UnivariateOf<T>(perFeature, options), network);
    }

    /// <summary>One feature with a context: a network without masks.</summary>
    private static Conditional<T> ReadConditional<T>(TensorSource source, string name, string ownName, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        var perFeature = PerFeature(outputs, 1, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        var part = new Conditional<T>(UnivariateOf<T>(perFeature, options), 1, inputs, hiddenSizes, options.Activation, ownName);
        for (var p = 0; p < part.Parameters.Count; p += 2)
        {
            var weight = part.Parameters[p];
            weight.Write(source.TakeNumbers<T>($"{name}.hyper.{p}.weight", weight.Rows, weight.Columns));
            part.Parameters[p + 1].Write(source.TakeNumbers<T>($"{name}.hyper.{p}.bias", weight.Rows));
        }

        return part;
    }

    /// <summary>One feature without context: its parameters themselves.</summary>
    private static Elementwise<T> ReadElementwise<T>(TensorSource source, string name, string ownName, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
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

        var part = new Elementwise<T>(UnivariateOf<T>(values.Length, options), 1, ownName);
        part.Parameters[0].Write(values);
        return part;
    }

    private static int PerFeature(int outputs, int features, string name)
    {
        var perFeature = outputs / features;
        return outputs % features == 0 && (perFeature == 2 || (perFeature >= 5 && perFeature % 3 == 2))
            ? perFeature
            : throw new ModelFormatException(
                $"The tensor '{name}' has {outputs} outputs for {features} features; expected 2 a feature (affine) or 3K - 1 (a spline of K bins).");
    }

    /// <summary>τ by the number of its parameters.</summary>
    private static Univariate<T> UnivariateOf<T>(int perFeature, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        perFeature == 2
            ? new Affine<T>(options.Slope)
            : new RationalQuadraticSpline<T>(new SplineSettings((perFeature + 1) / 3, options.Bound, options.Slope));

    public static void Write<T>(List<TensorData> tensors, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = flow.Transform is Composition<T> composition ? composition.Parts : [flow.Transform];
        for (var i = 0; i < parts.Count; i++)
        {
            var name = prefix + AutoregressiveFlow.TransformName(i);
            switch (parts[i])
            {
                case Standardization<T> standardization when i == 0:
                    WriteStandardization(tensors, standardization, prefix);
                    break;
                case MaskedAutoregressive<T> { Univariate: Affine<T> or RationalQuadraticSpline<T>, Conditioner: MaskedMlp<T> network }:
                    WriteOrder(tensors, network.Order, $"{name}.order");
                    StateTensors.AddNetwork(tensors, network, $"{name}.hyper");
                    break;
                case Conditional<T> { Features: 1, Univariate: Affine<T> or RationalQuadraticSpline<T>, Conditioner: Mlp<T> network }:
                    for (var p = 0; p < network.Parameters.Count; p++)
                        tensors.Add(StateTensors.Of(network.Parameters[p]).Rename($"{name}.hyper.{2 * (p / 2)}.{(p % 2 == 0 ? "weight" : "bias")}"));
                    break;
                case Elementwise<T> { Features: 1, Univariate: RationalQuadraticSpline<T> spline } part:
                    var bins = spline.Settings.Bins;
                    WritePhi(tensors, part.Parameters[0], name, [bins, bins, bins - 1], isScalar: false);
                    break;
                case Elementwise<T> { Features: 1, Univariate: Affine<T> } part:
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

        tensors.Add(StateTensors.Numbers<T>($"{prefix}base.loc", location));
        tensors.Add(StateTensors.Numbers<T>($"{prefix}base.scale", scale));
    }

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

    private static string NameOf(object part) => part.GetType().Name.Split('`')[0];
}
