using System.Numerics;
using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Distributions;

namespace FlowCore.Cli.Exchange;

/// <summary>The Python expressions that make zuko's flow of the same keys and shapes, for what a state dictionary does not say.</summary>
internal static class FlowConstructor
{
    private const double DefaultBound = 5;
    private const double DefaultSlope = 1e-3;

    /// <summary>The expressions of the runs of equal transforms, or null where the transforms of a run differ and no single call makes them.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    /// <param name="slopeIsUsual">Whether the version of zuko has the slope 0.001 by itself.</param>
    public static IReadOnlyList<string>? Expressions<T>(Flow<T> flow, bool slopeIsUsual = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (flow.Base is NormalMixture<T> mixture)
            return [$"zuko.mixtures.GMM({flow.Features}, components={mixture.Components}, covariance_type='{(mixture.IsDiagonal ? "diagonal" : "full")}')"];

        if (flow.Transform is ContinuousTransform<T> { Field: VelocityNetwork<T> field })
            return [Continuous(flow, field)];

        var expressions = new List<string>();
        foreach (var shape in FlowShapeReader.ReadRuns(flow))
        {
            if (Expression(flow, shape, slopeIsUsual) is not { } expression)
                return null;

            expressions.Add(expression);
        }

        return expressions;
    }

    private static string Continuous<T>(Flow<T> flow, VelocityNetwork<T> field)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var activation = field.Network.Activation == UnaryFunction.Elu ? "" : $", activation=torch.nn.{Module(field.Network.Activation)}";
        return $"zuko.flows.CNF({flow.Features}, {flow.ContextFeatures}, freqs={field.Inputs.Frequencies}, hidden_features={Tuple(field.Network.HiddenSizes)}{activation})";
    }

    private static string? Expression<T>(Flow<T> flow, FlowShape shape, bool slopeIsUsual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string[] hidden = [.. shape.HiddenSizes.Select(sizes => Tuple(sizes)).Distinct()];
        var activations = shape.Activations;
        int[] passes = [.. shape.Orders.Select(order => order.Groups).Distinct()];
        var slopes = shape.Bins is null ? shape.AffineSlopes : shape.Slopes;
        if (shape.Maps.Count > 0)
            return MapExpression(flow, shape);

        if (shape.Networks.Count > 1 || shape.Bins is { Count: > 1 } || shape.Bounds.Count > 1 || slopes.Count != 1 || hidden.Length > 1 || activations.Count > 1 || passes.Length > 1)
            return null;

        var isCoupling = shape.Masks.Count > 0;
        if (isCoupling && (shape.Masks.Count != shape.Transforms || shape.Masks.Where((mask, i) => !Alternates(mask, i % 2)).Any()))
            return null;

        var slope = slopes[0];
        var isSpline = shape.Bins is not null;
        var isOrdinary = isSpline ? shape.Bounds[0] == DefaultBound && slopeIsUsual && !isCoupling : slope == DefaultSlope;
        var arguments = new List<string> { $"{flow.Features}", $"{flow.ContextFeatures}", $"transforms={shape.Transforms}" };
        if (isSpline && isOrdinary)
        {
            arguments.Add($"bins={shape.Bins![0]}");
            if (slope != DefaultSlope)
                arguments.Add($"slope={ModelTable.Text(slope)}");
        }
        else if (isSpline)
        {
            var bins = shape.Bins![0];
            arguments.Add($"univariate=partial(zuko.transforms.MonotonicRQSTransform, bound={ModelTable.Text(shape.Bounds[0])}, slope={ModelTable.Text(slope)})");
            arguments.Add($"shapes=[({bins},), ({bins},), ({bins - 1},)]");
        }
        else if (!isOrdinary)
        {
            arguments.Add($"univariate=partial(zuko.transforms.MonotonicAffineTransform, slope={ModelTable.Text(slope)})");
        }

        if (hidden.Length == 1)
            arguments.Add($"hidden_features={hidden[0]}");

        if (activations.Count == 1 && activations[0] != UnaryFunction.ReLU)
            arguments.Add($"activation=torch.nn.{Module(activations[0])}");

        if (passes.Length == 1 && passes[0] < flow.Features)
            arguments.Add($"passes={passes[0]}");

        if (shape.Networks is [{ Length: > 0 } network])
            arguments.Add(network);

        return $"zuko.flows.{(isCoupling ? "NICE" : isSpline && isOrdinary ? "NSF" : "MAF")}({string.Join(", ", arguments)})";
    }

    private static string? MapExpression<T>(Flow<T> flow, FlowShape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string[] hidden = [.. shape.HiddenSizes.Select(sizes => Tuple(sizes)).Distinct()];
        int[] passes = [.. shape.Orders.Select(order => order.Groups).Distinct()];
        if (shape.Maps.Count > 1 || shape.Masks.Count > 0 || shape.Networks.Count > 1 || hidden.Length > 1 || passes.Length > 1 || shape.Activations.Count > 1)
            return null;

        var arguments = new List<string> { $"{flow.Features}", $"{flow.ContextFeatures}", $"transforms={shape.Transforms}", shape.Maps[0].Arguments };
        if (hidden.Length == 1)
            arguments.Add($"hidden_features={hidden[0]}");

        if (shape.Activations.Count == 1 && shape.Activations[0] != UnaryFunction.ReLU)
            arguments.Add($"activation=torch.nn.{Module(shape.Activations[0])}");

        if (passes.Length == 1 && passes[0] < flow.Features)
            arguments.Add($"passes={passes[0]}");

        if (shape.Networks is [{ Length: > 0 } network])
            arguments.Add(network);

        return $"zuko.flows.{shape.Maps[0].Class}({string.Join(", ", arguments)})";
    }

    // Layer i of NICE lets the features pass whose number has the parity of i.
    private static bool Alternates(bool[] mask, int parity)
    {
        for (var j = 0; j < mask.Length; j++)
        {
            if (mask[j] != (j % 2 == parity))
                return false;
        }

        return true;
    }

    /// <summary>Numbers as a tuple of Python.</summary>
    /// <param name="sizes">The numbers.</param>
    public static string Tuple(ReadOnlySpan<int> sizes) => sizes.Length == 1 ? $"({sizes[0]},)" : $"({string.Join(", ", sizes.ToArray())})";

    private static string Module(UnaryFunction activation) => activation.Name switch
    {
        nameof(UnaryFunction.Elu) => "ELU",
        nameof(UnaryFunction.Gelu) => "GELU",
        nameof(UnaryFunction.Silu) => "SiLU",
        var name => name,
    };
}
