using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FactorizableFlow.Exchange;

/// <summary>Finds what a flow is made of.</summary>
internal static class FlowShapeReader
{
    /// <summary>Looks at the parts of a flow.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    public static FlowShape Read<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = Parts(flow);
        var isStandardized = parts is [Standardization<T>, ..];
        return Read(isStandardized, [.. parts.Skip(isStandardized ? 1 : 0)]);
    }

    /// <summary>Looks at each run of transforms of one kind, after the standardisation.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    public static List<FlowShape> ReadRuns<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var runs = new List<FlowShape>();
        var run = new List<Transform<T>>();
        foreach (var part in Parts(flow))
        {
            if (run.Count > 0 && (run[0].GetType() != part.GetType() || UnivariateOf(run[0])?.GetType() != UnivariateOf(part)?.GetType()))
            {
                runs.Add(Read(false, run));
                run = [];
            }

            if (part is not Standardization<T>)
                run.Add(part);
        }

        runs.Add(Read(false, run));
        return runs;
    }

    private static IReadOnlyList<Transform<T>> Parts<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => flow.Transform is Composition<T> composition ? composition.Parts : [flow.Transform];

    private static FlowShape Read<T>(bool isStandardized, List<Transform<T>> parts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bins = new SortedSet<int>();
        var bounds = new SortedSet<double>();
        var slopes = new SortedSet<double>();
        var affineSlopes = new SortedSet<double>();
        var hidden = new List<int[]>();
        var activations = new SortedSet<UnaryFunction>(Comparer<UnaryFunction>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
        var orders = new List<AutoregressiveOrder>();
        var masks = new List<bool[]>();
        foreach (var part in parts)
        {
            var univariate = UnivariateOf(part);
            if (univariate is RationalQuadraticSpline<T> spline)
            {
                bins.Add(spline.Settings.Bins);
                bounds.Add(spline.Settings.Bound);
                slopes.Add(spline.Settings.Slope);
            }
            else if (univariate is Affine<T> affine)
            {
                affineSlopes.Add(affine.Slope);
            }

            if (part is MaskedAutoregressive<T> { Conditioner: MaskedMlp<T> network })
            {
                hidden.Add(network.HiddenSizes.ToArray());
                activations.Add(network.Activation);
                orders.Add(network.Order);
            }
            else if (part is Coupling<T> { Conditioner: Mlp<T> hyper } coupling)
            {
                hidden.Add(hyper.HiddenSizes.ToArray());
                activations.Add(hyper.Activation);
                var mask = new bool[coupling.Features];
                foreach (var feature in coupling.Passing)
                    mask[feature] = true;

                masks.Add(mask);
            }
            else if (part is Conditional<T> { Conditioner: Mlp<T> mlp })
            {
                hidden.Add(mlp.HiddenSizes.ToArray());
                activations.Add(mlp.Activation);
            }
        }

        return new FlowShape(isStandardized, parts.Count, bins.Count == 0 ? null : [.. bins], [.. bounds], [.. slopes], [.. affineSlopes], hidden, [.. activations], orders, masks);
    }

    private static Univariate<T>? UnivariateOf<T>(Transform<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part switch
        {
            MaskedAutoregressive<T> masked => masked.Univariate,
            Coupling<T> coupling => coupling.Univariate,
            Conditional<T> conditional => conditional.Univariate,
            Elementwise<T> elementwise => elementwise.Univariate,
            _ => null,
        };
}
