using System.Numerics;
using FlowCore.Transforms;

namespace FlowCore.Flows;

/// <summary>All kinds of flows that are made in one line for any number of features, with their default settings: to try them all.</summary>
public static class ReadyMadeFlows
{
    /// <summary>The list.</summary>
    /// <typeparam name="T">float to work, double to verify.</typeparam>
    /// <returns>A kind each.</returns>
    public static IReadOnlyList<ReadyMadeFlow<T>> All<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        new("affine", AffineFlow.Create<T>),
        new("shift", (d, c, seed, device) => AffineFlow.Create<T>(new AffineFlowSettings { Features = d, ContextFeatures = c, Seed = seed, ShiftOnly = true }, device)),
        new("planar", PlanarFlow.Create<T>, IsClosed: false),
        new("planar-mapping-noise", (d, c, seed, device) => PlanarFlow.Create<T>(new PlanarFlowSettings { Features = d, ContextFeatures = c, Seed = seed, MapsNoise = true }, device), IsClosed: false),
        new("radial", (d, _, seed, device) => RadialFlow.Create<T>(d, seed, device), TakesContext: false),
        new("radial-mapping-noise", (d, _, seed, device) => RadialFlow.Create<T>(new RadialFlowSettings { Features = d, Seed = seed, MapsNoise = true }, device), TakesContext: false),
        new("sylvester", (d, _, seed, device) => SylvesterFlow.Create<T>(d, seed, device), TakesContext: false, IsClosed: false),
        new("sylvester-mapping-noise", (d, _, seed, device) => SylvesterFlow.Create<T>(new SylvesterFlowSettings { Features = d, Seed = seed, MapsNoise = true }, device), TakesContext: false, IsClosed: false),
        new("coupling", CouplingFlow.Create<T>),
        new("coupling-additive", (d, c, seed, device) => CouplingFlow.Create<T>(new CouplingFlowSettings { Features = d, ContextFeatures = c, Seed = seed, Map = CouplingMap.Additive }, device)),
        new("real-nvp", (d, c, seed, device) => CouplingFlow.Create<T>(CouplingFlowSettings.RealNvp(d, c) with { Seed = seed }, device)),
        new("coupling-spline", (d, c, seed, device) => CouplingFlow.Create<T>(CouplingFlowSettings.NeuralSpline(d, c) with { Seed = seed }, device)),
        new("coupling-glow", (d, c, seed, device) => CouplingFlow.Create<T>(new CouplingFlowSettings { Features = d, ContextFeatures = c, Seed = seed, ActNorm = true, Mixing = CouplingMixing.Lu }, device)),
        new("maf", MaskedAffineFlow.Create<T>),
        new("maf-permuted", PermutedAutoregressiveFlow.Create<T>),
        new("iaf", InverseAutoregressiveFlow.Create<T>),
        new("nsf", NeuralSplineFlow.Create<T>),
        new("circular", CircularSplineFlow.Create<T>, IsOfAngles: true),
        new("ncsf", (d, c, seed, device) => CircularSplineFlow.Create<T>(new CircularSplineFlowSettings { Features = d, ContextFeatures = c, Seed = seed, IsZuko = true }, device), IsOfAngles: true),
        new("bpf", BernsteinFlow.Create<T>, IsClosed: false),
        new("gf", GaussianizationFlow.Create<T>, IsClosed: false),
        new("sospf", SumOfSquaresFlow.Create<T>, IsClosed: false),
        new("naf", NeuralAutoregressiveFlow.Create<T>, IsClosed: false),
        new("unaf", UnconstrainedAutoregressiveFlow.Create<T>, IsClosed: false),
    ];
}
