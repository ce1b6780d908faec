using System.Globalization;
using System.Numerics;
using CommandLine.Exchange;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Cli.Exchange;

/// <summary>What was found in a state dictionary and what had to be assumed, as rows of a table.</summary>
internal static class ModelTable
{
    private const int LongestOrder = 12;

    /// <summary>Describes a model that was read.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="tensors">Where it was read from.</param>
    /// <param name="model">The model.</param>
    /// <param name="assumptions">What was assumed.</param>
    public static List<IReadOnlyList<string>> Rows<T>(ModelTensors tensors, DensityModel<T> model, IReadOnlyList<StateAssumption> assumptions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = new List<IReadOnlyList<string>>();
        var factorizable = model as FactorizableFlow<T>;
        var flow = (Flow<T>)(factorizable?.Base ?? model);
        if (tensors.Prefix.Length > 0)
            rows.Add(["names begin with", $"{tensors.Prefix} ({tensors.LeftAside} other tensors left aside)"]);

        AddFlow(rows, flow, factorizable is null ? "" : "base ");
        if (factorizable is not null)
            AddResidual(rows, factorizable);

        var masks = tensors.Archive.Count(tensor => tensor.Name.EndsWith(".mask", StringComparison.Ordinal));
        if (tensors.Constant is { } constant)
            rows.Add(["constant", $"{Text(constant)}, no part of the density"]);

        rows.Add(["masks", masks == 0 ? "none" : $"{masks}, as the orders imply"]);
        rows.Add(["parameters", Count(model, factorizable)]);
        rows.Add(["assumed", assumptions.Count == 0 ? "nothing" : $"{assumptions.Distinct().Count()}, see below"]);
        rows.Add(["precision", typeof(T) == typeof(double) ? "float64" : "float32"]);
        return rows;
    }

    /// <summary>The number as people write it.</summary>
    /// <param name="value">The number.</param>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static void AddFlow<T>(List<IReadOnlyList<string>> rows, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!FlowShapeReader.IsPlain(flow))
        {
            AddLayers(rows, flow, prefix);
            return;
        }

        var shape = FlowShapeReader.Read(flow);
        var leading = FlowShapeReader.ReadRuns(flow) is [{ Bins: null } affine, _, ..] ? affine.Transforms : 0;
        var splines = leading == 0 ? "neural spline flow" : $"neural spline flow behind {leading} masked affine";
        var coupling = shape.Bins is null ? "affine coupling flow" : "spline coupling flow";
        rows.Add([$"{prefix}kind", shape.Masks.Count > 0 ? coupling : shape.Bins is null ? "masked affine flow" : splines]);
        rows.Add([$"{prefix}features", $"{flow.Features}"]);
        rows.Add([$"{prefix}context", $"{flow.ContextFeatures}"]);
        rows.Add([$"{prefix}transforms", $"{shape.Transforms}"]);
        if (shape.Bins is { } bins)
            rows.Add([$"{prefix}bins", string.Join(" | ", bins)]);

        if (shape.HiddenSizes.Count > 0)
            rows.Add([$"{prefix}hidden", string.Join(" | ", shape.HiddenSizes.Select(Sizes).Distinct())]);

        if (shape.Orders.Count > 0)
            rows.Add([$"{prefix}orders", string.Join(" | ", shape.Orders.Select(Order))]);

        if (shape.Masks.Count > 0)
            rows.Add([$"{prefix}passing", string.Join(" | ", shape.Masks.Select(mask => string.Concat(mask.Take(LongestOrder).Select(pass => pass ? '1' : '0'))))]);

        if (shape.IsStandardized)
            rows.Add([$"{prefix}standardisation", "yes"]);

        rows.Add([$"{prefix}noise", flow.Base is StandardNormal<T> ? "standard normal" : "normal with location and scale"]);
        if (shape.Bins is not null)
        {
            rows.Add([$"{prefix}bound", string.Join(" | ", shape.Bounds.Select(Text))]);
            rows.Add([$"{prefix}slope", string.Join(" | ", shape.Slopes.Select(Text))]);
        }

        if (shape.AffineSlopes.Count > 0)
            rows.Add([$"{prefix}affine slope", string.Join(" | ", shape.AffineSlopes.Select(Text))]);

        if (shape.Activations.Count > 0)
            rows.Add([$"{prefix}activation", string.Join(" | ", shape.Activations)]);
    }

    // Whatever it is made of, from data to noise, like parts counted.
    private static void AddLayers<T>(List<IReadOnlyList<string>> rows, Flow<T> flow, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layers = new List<string>();
        AddNames(layers, flow.Transform);
        rows.Add([$"{prefix}kind", layers.Count == 0 ? NameOf(flow.Base) : "flow"]);
        rows.Add([$"{prefix}features", $"{flow.Features}"]);
        rows.Add([$"{prefix}context", $"{flow.ContextFeatures}"]);
        rows.Add([$"{prefix}layers", layers.Count == 0 ? "none" : string.Join(", ", layers.GroupBy(name => name).Select(group => $"{group.Count()} {group.Key}"))]);
        rows.Add([$"{prefix}noise", NameOf(flow.Base)]);
    }

    private static void AddNames<T>(List<string> names, Transform<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (part)
        {
            case Composition<T> composition:
                foreach (var inner in composition.Parts)
                    AddNames(names, inner);
                break;
            case Embedded<T> embedded:
                names.Add($"embedding of {embedded.Embedding.Inputs} to {embedded.Embedding.Outputs}");
                AddNames(names, embedded.Inner);
                break;
            case Inverted<T> inverted:
                var own = new List<string>();
                AddNames(own, inverted.Inner);
                names.AddRange(own.Select(name => $"inverted {name}"));
                break;
            default:
                var univariate = FlowShapeReader.UnivariateOf(part);
                names.Add(univariate is null ? NameOf(part) : $"{NameOf(part)} of {NameOf(univariate)}");
                break;
        }
    }

    private static string NameOf(object part) => part.GetType().Name.Split('`')[0];

    private static void AddResidual<T>(List<IReadOnlyList<string>> rows, FactorizableFlow<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var settings = model.Residual.Settings;
        rows.Add(["residual layers", $"{settings.Layers}"]);
        rows.Add(["residual context", $"{settings.ContextFeatures}"]);
        rows.Add(["residual hidden", Sizes(settings.HiddenSizes)]);
        rows.Add(["nuisances", $"{settings.Nuisances}"]);
        rows.Add(["central values", string.Join(", ", (settings.CentralValues ?? []).Select(Text))]);
        rows.Add(["scales", string.Join(", ", (settings.Scales ?? []).Select(Text))]);
        rows.Add(["cross terms", settings.CrossTerms.Count == 0 ? "none" : string.Join(" ", settings.CrossTerms.Select(pair => $"({pair.First}, {pair.Second})"))]);
        rows.Add(["residual activation", $"{settings.Activation}"]);
        rows.Add(["quadratic damping", Text(settings.QuadraticDamping)]);
        rows.Add(["cross-term damping", Text(settings.CrossTermDamping)]);
        rows.Add(["log-determinant's sign", Text(settings.LogDetSign)]);
    }

    private static string Sizes(IReadOnlyList<int> sizes) => sizes.Count == 0 ? "none" : string.Join(" x ", sizes);

    private static string Order(AutoregressiveOrder order)
    {
        var ranks = order.Ranks.ToArray();
        return ranks.Length <= LongestOrder ? string.Join(' ', ranks) : string.Join(' ', ranks.Take(LongestOrder)) + " ...";
    }

    private static string Count<T>(DensityModel<T> model, FactorizableFlow<T>? factorizable)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        factorizable is null
            ? string.Create(CultureInfo.InvariantCulture, $"{model.Parameters.Count:N0}")
            : string.Create(CultureInfo.InvariantCulture, $"{model.Parameters.Count:N0} on a base of {factorizable.Base.Parameters.Count:N0}");
}
