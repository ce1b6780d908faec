using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Parts;

namespace FlowCore.Tests.Laws;

/// <summary>A normal density twice as large as it should be; of no registered kind.</summary>
internal sealed class HalfNormalised() : BaseDistribution<double>(1, [])
{
    public override Variable<double> LogDensity(Variable<double> z, Variable<double> conditions = default) => z.NormalLogDensity() + Math.Log(2);

    public override Variable<double> FromRandom(Variable<double> random, Variable<double> conditions = default) => random;

    protected internal override void Write(PartWriter writer)
    {
    }
}
