using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Cli.Exchange;

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
            // What stands between transforms is made by the flows themselves.
            if (part is RotationLinear<T> or Elementwise<T> { Univariate: Softclip<T> })
                continue;

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

    /// <summary>Whether a flow is of masked affine transforms, rational-quadratic splines or couplings of them, which a table describes in full.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="flow">The flow.</param>
    public static bool IsPlain<T>(Flow<T> flow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => flow.Base is StandardNormal<T> or DiagonalNormal<T> && Parts(flow) is { Count: > 0 } parts && parts.All(part =>
            part is Standardization<T> or TriangularLinear<T>
            || (UnivariateOf(part) is RationalQuadraticSpline<T> or Affine<T> && part is MaskedAutoregressive<T> { Conditioner: MaskedMlp<T> } or Coupling<T> { Conditioner: Mlp<T> } or Conditional<T> or Elementwise<T>));

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
        var maps = new List<FlowMap>();
        var networks = new SortedSet<string>(StringComparer.Ordinal);
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

            if (univariate is not null && MapOf(univariate, parts.Count) is { } map && !maps.Contains(map))
                maps.Add(map);

            if (part is MaskedAutoregressive<T> { Conditioner: MaskedResidualMlp<T> residual })
            {
                hidden.Add(residual.HiddenSizes.ToArray());
                activations.Add(residual.Activation);
                orders.Add(residual.Order);
                networks.Add("residual=True");
            }
            else if (part is MaskedAutoregressive<T> { Conditioner: MaskedMlp<T> network })
            {
                networks.Add("");
                hidden.Add(network.HiddenSizes.ToArray());
                activations.Add(network.Activation);
                orders.Add(network.Order);
            }
            else if (part is Coupling<T> { Conditioner: Mlp<T> hyper } coupling)
            {
                hidden.Add(hyper.HiddenSizes.ToArray());
                activations.Add(hyper.Activation);
                networks.Add(hyper.Normalizes ? "normalize=True" : "");
                var mask = new bool[coupling.Features];
                foreach (var feature in coupling.Passing)
                    mask[feature] = true;

                masks.Add(mask);
            }
            else if (part is Conditional<T> { Conditioner: Mlp<T> mlp })
            {
                hidden.Add(mlp.HiddenSizes.ToArray());
                activations.Add(mlp.Activation);
                networks.Add(mlp.Normalizes ? "normalize=True" : "");
            }
        }

        return new FlowShape(isStandardized, parts.Count, bins.Count == 0 ? null : [.. bins], [.. bounds], [.. slopes], [.. affineSlopes], hidden, [.. activations], orders, masks, maps,
            [.. networks]);
    }

    private static FlowMap? MapOf<T>(Univariate<T> univariate, int transforms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => univariate switch
        {
            CircularSpline<T> { Settings: var settings } => new("NCSF", $"bins={settings.Bins}, slope={ModelTable.Text(settings.Slope)}", ""),
            BernsteinPolynomial<T> { Settings: { Bound: 5 } settings } => new("BPF", $"degree={settings.Coefficients - 1}", "--transformer bernstein"),
            SumOfSquares<T> sum => new(
                "SOSPF", $"polynomials={sum.Polynomials}, degree={sum.Degree}", $"--degree {sum.Degree}{(transforms == 1 ? " --transformer sumOfSquares" : "")}"),
            MonotoneNetwork<T> network => new("NAF", $"signal={network.Signals}, network={{'hidden_features': {FlowConstructor.Tuple(network.HiddenSizes)}}}", ""),
            IntegratedNetwork<T> network => new("UNAF", $"signal={network.Signals}, network={{'hidden_features': {FlowConstructor.Tuple(network.HiddenSizes)}}}", ""),
            Gaussianization<T> mixture => new("GF", $"components={mixture.Components}", transforms == 1 ? "--transformer gaussianization" : ""),
            _ => null,
        };

    /// <summary>The univariate map of a transform that has one.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="part">The transform.</param>
    public static Univariate<T>? UnivariateOf<T>(Transform<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => part switch
        {
            MaskedAutoregressive<T> masked => masked.Univariate,
            Coupling<T> coupling => coupling.Univariate,
            Conditional<T> conditional => conditional.Univariate,
            Elementwise<T> elementwise => elementwise.Univariate,
            _ => null,
        };
}
