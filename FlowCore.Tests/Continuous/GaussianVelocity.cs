using FlowCore.Autodiff;
using FlowCore.Continuous;
using FlowCore.Parts;

namespace FlowCore.Tests.Continuous;

/// <summary>The velocity that brings N(0, 1) to N(m, s²) in every feature: v = m + (t s² − (1 − t)) / ((1 − t)² + t² s²) (x − t m). Written as a user would, without tangents of its own.</summary>
internal sealed class GaussianVelocity(int features, double m, double s) : VelocityField<double>(features, 0, [])
{
    protected internal override void Write(PartWriter writer) => throw new NotSupportedException();

    protected internal override Variable<double> VelocityCore(Tape<double> tape, Variable<double> x, Variable<double> time, Variable<double> conditions)
    {
        var left = 1.0 - time;
        var rate = ((time * (s * s)) - left) / (left.Square() + (time.Square() * (s * s)));
        return ((x - (time * m)) * rate) + m;
    }
}
