using System.Numerics;
using FlowCore.Networks;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>Builds coupling layers of settings.</summary>
internal static class CouplingLayers
{
    /// <summary>Makes the network of a layer.</summary>
    /// <param name="passes">For each feature whether it passes.</param>
    /// <param name="perFeature">How many outputs there are for each of the others.</param>
    /// <param name="name">The prefix of the layer's names.</param>
    /// <param name="stream">Where fresh weights come from.</param>
    internal delegate Network<T> NetworkMaker<T>(bool[] passes, int perFeature, string name, RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>One layer.</summary>
    /// <param name="settings">The settings, checked.</param>
    /// <param name="passes">For each feature whether it passes.</param>
    /// <param name="name">The prefix of the names.</param>
    /// <param name="stream">Where fresh weights come from.</param>
    /// <param name="univariate">τ; null for that of the settings.</param>
    /// <param name="mapsPassing">Whether what passes goes through a τ of its own.</param>
    /// <param name="network">Makes the network, whose outputs follow each other by feature; null for that of the settings.</param>
    public static Coupling<T> Create<T>(
        CouplingSettings settings, bool[] passes, string name, RandomStream stream, Univariate<T>? univariate = null, bool mapsPassing = false, NetworkMaker<T>? network = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        univariate ??= MapOf<T>(settings);
        var passing = passes.AsSpan().Count(true);
        var outputs = checked((passes.Length - passing) * Univariate<T>.CountOf(univariate));
        var conditioner = network is not null ? network(passes, univariate.ParametersPerFeature, name, stream) : settings.ResidualBlocks > 0
            ? new ResidualNetwork<T>(
                passing, settings.ContextFeatures, outputs, settings.HiddenSizes[0], settings.ResidualBlocks, settings.Activation, $"{name}.transform_net", stream)
            : (Network<T>)new Mlp<T>([settings.ContextFeatures + passing, .. settings.HiddenSizes, outputs], settings.Activation, $"{name}.hyper", stream);
        var coupling = new Coupling<T>(
            univariate, passes, conditioner, mapsPassing ? new Elementwise<T>(univariate, passing, $"{name}.unconditional_transform") : null,
            network is null ? settings.Order : ParameterOrder.ByFeature);
        if (settings.StartsAtIdentity)
            coupling.StartAtIdentity();
        return coupling;
    }

    private static Univariate<T> MapOf<T>(CouplingSettings settings)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => settings.Map switch
        {
            CouplingMap.Additive => new Additive<T>(),
            CouplingMap.RationalQuadratic => new RationalQuadraticSpline<T>(settings.Spline),
            _ => new Affine<T>(settings.Affine),
        };
}
