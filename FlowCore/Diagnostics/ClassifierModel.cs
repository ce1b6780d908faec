using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Networks;

namespace FlowCore.Diagnostics;

/// <summary>
/// A network that tells two samples apart, in the guise of a density so that the trainer takes it: the "context" is the label s = ±1, and the "log-density"
/// that of the label, ln σ(s f(x)) = −softplus(−s f(x)). f estimates ln(p/q).
/// </summary>
internal sealed class ClassifierModel<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;

    public ClassifierModel(Network<T> network, Device device)
        : base(device, network.Inputs, contextFeatures: 1, nuisances: 0)
    {
        _network = network;
        Parameters = new ParameterStore<T>(device, network.Parameters);
        BaseDistribution = new StandardNormal<T>(network.Inputs);
    }

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution { get; }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) =>
        -(-(_network.Apply(x) * conditions)).Softplus();

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        throw new NotSupportedException("A classifier has no noise.");

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        throw new NotSupportedException("A classifier draws no samples.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Parameters.Dispose();
    }
}
