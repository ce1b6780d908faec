using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Continuous;

/// <summary>Estimates of ln q of rows behind which stand their signs.</summary>
internal sealed class LogDensityEstimateMap<T>(ContinuousFlow<T> flow) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => 1;

    public int InputColumns => flow.Features + flow.Paths.Features;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        return ContinuousPaths.LogDensity(flow, x.Slice(0, flow.Features), conditions, x.Slice(flow.Features, flow.Paths.Features), integrals: 1, out _);
    }
}
