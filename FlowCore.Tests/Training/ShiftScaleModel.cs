using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Distributions;

namespace FlowCore.Tests.Training;

/// <summary>The smallest trainable model: independent normals whose locations follow the sum of context and nuisances (see <see cref="ShiftScaleLogDensity"/>).</summary>
internal sealed class ShiftScaleModel : DensityModel<double>
{
    private static readonly ShiftScaleLogDensity _operation = new();

    public ShiftScaleModel(Device device, int features = 2, int contextFeatures = 0, int nuisances = 0)
        : base(device, features, contextFeatures, nuisances)
    {
        Location = new Parameter<double>("location", 1, features, isVector: true);
        LogScale = new Parameter<double>("log_scale", 1, features, isVector: true);
        Parameters = new ParameterStore<double>(device, [Location, LogScale]);
    }

    public Parameter<double> Location { get; }

    public Parameter<double> LogScale { get; }

    public override ParameterStore<double> Parameters { get; }

    public override BaseDistribution<double> BaseDistribution => throw new NotSupportedException();

    /// <summary>All weights, in order.</summary>
    public double[] Weights() => [.. Location.Values, .. LogScale.Values];

    public override Variable<double> LogDensity(Variable<double> x, Variable<double> conditions = default)
    {
        var tape = x.Tape!;
        var context = ContextFeatures == 0 ? default : conditions.Slice(0, ContextFeatures);
        var nuisances = Nuisances == 0 ? default : conditions.Slice(ContextFeatures, Nuisances);
        return tape.Apply(_operation, [x, tape.Use(Location), tape.Use(LogScale), context, nuisances], 1);
    }

    public override Variable<double> ToNoise(Variable<double> x, Variable<double> conditions, out Variable<double> logDet) =>
        throw new NotSupportedException();

    public override Variable<double> FromNoise(Variable<double> z, Variable<double> conditions, out Variable<double> logDet) =>
        throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            Parameters.Dispose();
    }
}
