using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Fields;

/// <summary>
/// ln p(d | y) + ln p(y) of one observed field a row, up to a constant, in the field y itself or in the random numbers w that the prior makes it of. The conditions of a row are
/// d and the inverse variances of its pixels. With it the rows of all fields stream through the workers as those of every model do.
/// </summary>
internal sealed class FieldPosterior<T>(DensityModel<T> prior, bool isInNoise) : DensityModel<T>(
    prior.Device, isInNoise ? prior.BaseDistribution.RandomNumbers : prior.Features, 2 * prior.Features, 0)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override ParameterStore<T> Parameters => prior.Parameters;

    public override BaseDistribution<T> BaseDistribution => prior.BaseDistribution;

    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        var y = isInNoise ? FromRandom(x) : x;
        var residual = y - conditions.Slice(0, prior.Features);
        var square = (residual.Square() * conditions.Slice(prior.Features, prior.Features)).SumColumns() * T.CreateTruncating(-0.5);
        return square + (isInNoise ? x.NormalLogDensity() : prior.LogDensity(x));
    }

    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => prior.ToNoise(x, default, out logDet);

    // As a map of rows: from w to y.
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => prior.FromNoise(z, default, out logDet);

    private protected override void ThrowIfDisposed()
    {
        base.ThrowIfDisposed();
        ThrowIfDisposed(prior);
    }

    private Variable<T> FromRandom(Variable<T> w) => prior.FromNoise(prior.BaseDistribution.FromRandom(w), default, out _);
}
