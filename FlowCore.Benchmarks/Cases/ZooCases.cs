using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Flows;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Training step, log-density and sampling of the ready-made flows in six dimensions without context, in the configurations of the Python libraries where these have them.</summary>
internal static class ZooCases
{
    private const int Features = 6;
    private const int Batch = 1024;
    private const int Rows = 65_536;

    /// <summary>The cases on one device.</summary>
    public static IEnumerable<BenchmarkCase> On(Device device)
    {
        foreach (var (name, flow) in Flows(device))
        {
            // Planar and radial layers lead from noise to data: their step is one on the reverse divergence from a normal target.
            yield return name is "planar" or "radial"
                ? ModelCases.TrainStep(name, flow, Batch, 0, new ReverseKullbackLeibler<float>(x => x.Square().SumColumns() * -0.5f))
                : ModelCases.TrainStep(name, flow, Batch, 0);
            foreach (var inference in ModelCases.Inference(name, flow, Batch, countsProducts: false))
                yield return inference;

            // Networks of the features' own take seconds for so many.
            if (name is "naf" or "unaf")
                continue;
            foreach (var inference in ModelCases.Inference(name, flow, Rows, countsProducts: false))
                yield return inference;
        }
    }

    // Those of the list as they are made there, but for the ones that a library has in another form.
    private static IEnumerable<(string Name, Flow<float> Flow)> Flows(Device device)
    {
        Dictionary<string, Func<Flow<float>>> libraries = new()
        {
            ["planar"] = () => PlanarFlow.Create<float>(new PlanarFlowSettings { Features = Features, MapsNoise = true }, device),
            ["radial"] = () => RadialFlow.Create<float>(new RadialFlowSettings { Features = Features, MapsNoise = true }, device),
            ["coupling-spline"] = () => CouplingFlow.Create<float>(CouplingFlowSettings.NeuralSpline(Features, bins: 8), device),
        };
        foreach (var kind in ReadyMadeFlows.All<float>())
        {
            if (!kind.Name.EndsWith("-mapping-noise", StringComparison.Ordinal))
                yield return (kind.Name, libraries.TryGetValue(kind.Name, out var create) ? create() : kind.Create(Features, 0, 1, device));
        }

        double[] ends = [.. Enumerable.Repeat(20.0, Features)];
        yield return ("bounded", BoundedFlow.Create<float>(new BoundedFlowSettings { Features = Features, Low = [.. ends.Select(end => -end)], High = ends }, device));
    }
}
