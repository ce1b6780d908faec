using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Tests.Diagnostics;

/// <summary>z = ln x of positive numbers: of a standard normal base it makes the lognormal distribution. Its one parameter is not used.</summary>
internal sealed class LogUnivariate() : Univariate<double>(parametersPerFeature: 1)
{
    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
    }

    /// <inheritdoc/>
    protected internal override Variable<double> Forward(Variable<double> x, in RawParameters<double> raw, out Variable<double> logSlope)
    {
        var z = x.Log();
        logSlope = -z;
        return z;
    }

    /// <inheritdoc/>
    protected internal override Variable<double> Inverse(Variable<double> z, in RawParameters<double> raw, out Variable<double> logSlope)
    {
        logSlope = z;
        return z.Exp();
    }
}
