using FlowCore.Compute;
using FlowCore.Continuous;
using FlowCore.Random;

namespace FlowCore.Tests.Laws.Entries;

/// <summary>Flows of differential equations. Velocities so slow that a few steps leave less than the tolerances of exact maps.</summary>
internal static class ContinuousEntries
{
    private static readonly int[] _hidden = [4];

    public static IReadOnlyList<TransformEntry> All { get; } =
    [
        new("continuous", (d, c, s, n) => Make(d, c, s, n, new ContinuousSettings { Steps = 6 })) { Conditions = (true, true), ParameterReach = 0.15, IsComposed = false },
        new("continuous, classical, data first", (d, c, s, n) => Make(d, c, s, n, new ContinuousSettings { Steps = 16, Solver = FlowSolver.Classical, DataFirst = true }))
        {
            Conditions = (false, true), ParameterReach = 0.15, IsComposed = false,
        },
        new("continuous, sphere", (d, c, s, n) => Make(d, c, s, n, new ContinuousSettings { Steps = 8, Space = FlowSpace.Sphere }))
        {
            Conditions = (true, true), ParameterReach = 0.15, IsComposed = false, FewestFeatures = 2,
        },
        new("continuous, torus", (d, c, s, n) => Make(d, c, s, n, new ContinuousSettings { Steps = 8, Space = FlowSpace.Torus }))
        {
            Conditions = (true, true), ParameterReach = 0.15, IsComposed = false,
        },
    ];

    private static ContinuousTransform<double> Make(int features, int conditions, RandomStream stream, string name, ContinuousSettings settings) => new(
        new VelocityNetwork<double>(
            features, conditions, _hidden, UnaryFunction.Silu, name, new VelocityInputs { Frequencies = 0, AreAngles = settings.Space == FlowSpace.Torus }, stream, startsAtRest: true),
        settings);
}
