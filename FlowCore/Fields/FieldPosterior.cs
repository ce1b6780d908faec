using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Fields;

/// <summary>
/// ln p(d | y) + ln p of one observed field a row, up to a constant, as a function of the random numbers w that the prior makes y of: p is either their own density or that of y. The conditions of
/// a row are d and the inverse variances of its pixels. With it the rows of all fields stream through the workers as those of every model do.
/// </summary>
/// <remarks>Whatever w is, y is a field that the prior knows, and w is of order one: searches behave in it as they do not in y, whose scales and edges are the data's.</remarks>
internal sealed class FieldPosterior<T>(DensityModel<T> prior, bool ofFields) : DensityModel<T>(
    prior.Device, prior.BaseDistribution.RandomNumbers, 2 * prior.Features, 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override ParameterStore<T> Parameters => prior.Parameters;

    public override BaseDistribution<T> BaseDistribution => prior.BaseDistribution;

    public override int BlockRows => prior.BlockRows;

    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        var z = prior.BaseDistribution.FromRandom(x);
        var y = prior.FromNoise(z, default, out var logDet);
        var residual = y - conditions.Slice(0, prior.Features);
        var likelihood = (residual.Square() * conditions.Slice(prior.Features, prior.Features)).SumColumns() * T.CreateTruncating(-0.5);
        if (!ofFields)
            return likelihood + x.NormalLogDensity();
        var logDensity = likelihood + prior.NoiseLogDensity(z, default);
        return logDet.IsNone ? logDensity : logDensity - logDet;
    }

    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => prior.ToNoise(x, default, out logDet);

    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => prior.FromNoise(z, default, out logDet);

    private protected override void ThrowIfDisposed()
    {
        base.ThrowIfDisposed();
        ThrowIfDisposed(prior);
    }
}
