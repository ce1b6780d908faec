using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Infers a masked autoregressive flow from its tensors.</summary>
internal static class FlowReader
{
    public const string LocationName = "location";
    public const string LogScaleName = "log_scale";

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
            var context = i == 0 ? part.ContextFeatures : parts[first].ContextFeatures;
            if (parts.Count > 0 && (part.Features != parts[0].Features || part.ContextFeatures != context))
            {
                throw new ModelFormatException(
                    $"The transform '{name}' has {part.Features} features and {part.ContextFeatures} context columns; the transforms before it have {parts[0].Features} and {context}.");
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
    public static string StandardizationTensor(string prefix, string name) => $"{prefix}{AutoregressiveFlow.TransformName(0)}.{name}";

    private static Standardize<T> ReadStandardization<T>(TensorSource source, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var features = source.Take(StandardizationTensor(prefix, LocationName), -1).Count;
        var location = source.TakeNumbers<T>(StandardizationTensor(prefix, LocationName), features);
        var logScale = source.TakeNumbers<T>(StandardizationTensor(prefix, LogScaleName), features);
        var values = new T[2 * features];
        for (var j = 0; j < features; j++)
            (values[2 * j], values[(2 * j) + 1]) = (location[j], logScale[j]);
        var standardize = new Standardize<T>(features, AutoregressiveFlow.StandardizationName);
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
        MaskedAutoregressive<T> part = perFeature == 2
            ? new MaskedAutoregressiveAffine<T>(order, options.Slope, hiddenSizes, options.Activation, ownName)
            : new MaskedAutoregressiveSpline<T>(order, Spline(perFeature, options), hiddenSizes, options.Activation, ownName);
        source.Fill(part.Conditioner, $"{name}.hyper");
        return part;
    }

    /// <summary>One feature with a context: a network without masks.</summary>
    private static ConditionalElementwise<T> ReadConditional<T>(TensorSource source, string name, string ownName, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
        var perFeature = PerFeature(outputs, 1, $"{name}.hyper.{2 * hiddenSizes.Length}.weight");
        ConditionalElementwise<T> part = perFeature == 2
            ? new ConditionalAffine<T>(1, inputs, options.Slope, hiddenSizes, options.Activation, ownName)
            : new ConditionalSpline<T>(1, inputs, Spline(perFeature, options), hiddenSizes, options.Activation, ownName);
        for (var p = 0; p < part.Parameters.Count; p += 2)
        {
            var weight = part.Parameters[p];
            weight.Write(source.TakeNumbers<T>($"{name}.hyper.{p}.weight", weight.Rows, weight.Columns));
            part.Parameters[p + 1].Write(source.TakeNumbers<T>($"{name}.hyper.{p}.bias", weight.Rows));
        }

        return part;
    }

    /// <summary>One feature without context: its parameters themselves.</summary>
    private static ElementwiseTransform<T> ReadElementwise<T>(TensorSource source, string name, string ownName, StateDictionaryOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values;
        ElementwiseTransform<T> part;
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
            part = new ElementwiseSpline<T>(1, new SplineSettings(bins, options.Bound, options.Slope), ownName);
        }
        else
        {
            values = [.. source.TakeNumbers<T>($"{name}.phi.0", 1), .. source.TakeNumbers<T>($"{name}.phi.1", 1)];
            part = new ElementwiseAffine<T>(1, ownName, options.Slope);
        }

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

    private static SplineSettings Spline(int perFeature, StateDictionaryOptions options) => new((perFeature + 1) / 3, options.Bound, options.Slope);
}
