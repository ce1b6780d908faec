using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Infers a masked autoregressive flow from its tensors.</summary>
internal static class FlowReader
{
    public static Flow<T> Read<T>(TensorSource source, string prefix, StateDictionaryOptions options, Device? device)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var count = source.CountModules($"{prefix}transform.transforms.", ".order");
        if (count == 0)
            throw new ModelFormatException($"The tensor '{prefix}transform.transforms.0.order' is missing: this is not a masked autoregressive flow.");
        var parts = new Transform<T>[count];
        for (var i = 0; i < count; i++)
        {
            var name = prefix + AutoregressiveFlow.TransformName(i);
            var features = i == 0 ? source.Take($"{name}.order", -1).Count : parts[0].Features;
            var ranks = source.TakeIntegers($"{name}.order", 0, features - 1, features);
            var (inputs, hiddenSizes, outputs) = source.NetworkShape($"{name}.hyper");
            var context = inputs - features;
            if (context < 0)
                throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; expected at least the {features} features.");
            if (i > 0 && context != parts[0].ContextFeatures)
                throw new ModelFormatException($"The tensor '{name}.hyper.0.weight' has {inputs} inputs; the transforms before it have {features + parts[0].ContextFeatures}.");
            var perFeature = outputs / features;
            if (outputs % features != 0 || (perFeature != 2 && (perFeature < 5 || perFeature % 3 != 2)))
            {
                throw new ModelFormatException(
                    $"The tensor '{name}.hyper.{2 * hiddenSizes.Length}.weight' has {outputs} outputs for {features} features; expected 2 a feature (affine) or 3K - 1 (a spline of K bins).");
            }

            var order = new AutoregressiveOrder(ranks, context);
            var ownName = AutoregressiveFlow.TransformName(i);
            MaskedAutoregressive<T> part = perFeature == 2
                ? new MaskedAutoregressiveAffine<T>(order, options.Slope, hiddenSizes, options.Activation, ownName)
                : new MaskedAutoregressiveSpline<T>(
                    order, new SplineSettings((perFeature + 1) / 3, options.Bound, options.Slope), hiddenSizes, options.Activation, ownName);
            source.Fill(part.Conditioner, $"{name}.hyper");
            parts[i] = part;
        }

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
}
