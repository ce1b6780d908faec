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
        var isStandardized = parts is [Standardize<T>, ..];
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
            if (run.Count > 0 && run[0].GetType() != part.GetType())
            {
                runs.Add(Read(false, run));
                run = [];
            }

            if (part is not Standardize<T>)
            {
                run.Add(part);
            }
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
        var hidden = new List<int[]>();
        var activations = new SortedSet<UnaryFunction>(Comparer<UnaryFunction>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name)));
        var orders = new List<AutoregressiveOrder>();
        foreach (var part in parts)
        {
            if (part is MaskedAutoregressive<T> masked)
            {
                hidden.Add(masked.Conditioner.HiddenSizes.ToArray());
                activations.Add(masked.Conditioner.Activation);
                orders.Add(masked.Conditioner.Order);
            }

            switch (part)
            {
                case MaskedAutoregressiveSpline<T> spline:
                    Add(spline.Settings);
                    break;
                case ElementwiseSpline<T> spline:
                    Add(spline.Settings);
                    break;
                case ConditionalSpline<T> spline:
                    Add(spline.Settings);
                    hidden.Add(spline.HiddenSizes.ToArray());
                    activations.Add(spline.Conditioner.Activation);
                    break;
                case MaskedAutoregressiveAffine<T> affine:
                    slopes.Add(affine.Slope);
                    break;
                case ElementwiseAffine<T> affine:
                    slopes.Add(affine.Slope);
                    break;
                case ConditionalAffine<T> affine:
                    slopes.Add(affine.Slope);
                    hidden.Add(affine.HiddenSizes.ToArray());
                    activations.Add(affine.Conditioner.Activation);
                    break;
            }
        }

        return new FlowShape(isStandardized, parts.Count, bins.Count == 0 ? null : [.. bins], [.. bounds], [.. slopes], hidden, [.. activations], orders);

        void Add(SplineSettings settings)
        {
            bins.Add(settings.Bins);
            bounds.Add(settings.Bound);
            slopes.Add(settings.Slope);
        }
    }
}
