using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Continuous;

/// <summary>The loss |v(x_t, t; c) − ẋ_t|² on straight lines from noise to data: it trains a continuous flow without solving anything.</summary>
/// <remarks>
/// <para>
/// Lipman et al. 2023, "Flow matching for generative modeling", equation 9 with σ = 0; Liu, Gong and Liu 2023, "Flow straight and fast". x_t = (1 − t) x₀ + t x₁ with x₀ of the noise, x₁ of the
/// data and t uniform in (0, 1), new for every row and step. On the sphere x_t runs along the great circle, on the torus the shorter way round each circle (Chen and Lipman 2024, "Flow
/// matching on general geometries").
/// </para>
/// <para>
/// The least loss is not 0: it is the variance of x₁ − x₀ at given x_t, π/2 a dimension where the data are standard normal. So losses tell two fits of one sample apart, not how good a fit
/// is; look at <see cref="DensityModel{T}.LogDensity(Variable{T}, Variable{T})"/>. Parts in front of the equation and the base distribution keep their numbers. Thread-safe.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FlowMatching<T> : IRandomObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlowMatchingOptions _options;

    /// <summary>Makes the objective.</summary>
    /// <param name="options">The options; null for the defaults.</param>
    public FlowMatching(FlowMatchingOptions? options = null) => _options = options ?? new FlowMatchingOptions();

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model is no flow that ends with a <see cref="ContinuousTransform{T}"/>, or it has conditions, of which optimal transport knows nothing.</exception>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, RandomStream stream, ulong firstRow)
    {
        var paths = ContinuousPaths.Of(model);
        var flow = (Flow<T>)model;
        if (_options.OptimalTransport && (flow.ContextFeatures > 0 || paths.Settings.Space != FlowSpace.Euclidean))
            throw new ArgumentException("Expected a Euclidean flow without conditions where noise and data are paired by optimal transport, got another.", nameof(model));
        var tape = x.Tape!;
        var data = ContinuousPaths.Enter(flow, tape, x, conditions, out _).StopGradient();
        var noise = flow.DrawNoise(tape, stream.Substream(0), firstRow, conditions).StopGradient();
        if (_options.OptimalTransport)
            noise = MinibatchPairing<T>.Pair(tape, noise, data);
        var time = tape.Draw(RandomDistribution.Uniform, stream.Substream(1), firstRow, 1);
        var (at, velocity) = paths.Settings.Space switch
        {
            FlowSpace.Sphere => OnSphere(noise, data, time),
            FlowSpace.Torus => OnTorus(noise, data, time),
            _ => Straight(noise, data, time),
        };
        var dataFirst = paths.Settings.DataFirst;
        var found = paths.Field.VelocityCore(tape, at, dataFirst ? T.One - time : time, Transform<T>.Leading(conditions, paths.Field.ConditionColumns));
        if (paths.Settings.Space == FlowSpace.Sphere)
            found -= at * (at * found).SumColumns();
        return (dataFirst ? found + velocity : found - velocity).Square().SumColumns();
    }

    private static (Variable<T> At, Variable<T> Velocity) Straight(Variable<T> noise, Variable<T> data, Variable<T> time)
    {
        var velocity = data - noise;
        return (noise + (time * velocity), velocity);
    }

    private static (Variable<T> At, Variable<T> Velocity) OnTorus(Variable<T> noise, Variable<T> data, Variable<T> time)
    {
        var velocity = CircleWrap.Apply(data - noise, -Math.PI, Math.PI);
        return (noise + (time * velocity), velocity);
    }

    // x_t = (sin((1 − t)ω) x₀ + sin(tω) x₁) / sin ω, with sin(sω) / sin ω = s sinc(sω) / sinc ω, which is harmless where both points are one; ω = 2 atan2(|x₀ − x₁|, |x₀ + x₁|). Opposite
    // points have no shortest way, and no pair of them comes.
    private static (Variable<T> At, Variable<T> Velocity) OnSphere(Variable<T> noise, Variable<T> data, Variable<T> time)
    {
        var two = T.CreateTruncating(2);
        var angle = (noise - data).Square().SumColumns().Sqrt().Atan2((noise + data).Square().SumColumns().Sqrt()) * two;
        var (before, rate) = (T.One - time, angle.Sinc().Reciprocal());
        var at = (noise * (before * (before * angle).Sinc() * rate)) + (data * (time * (time * angle).Sinc() * rate));
        var velocity = (data * ((time * angle).Cos() * rate)) - (noise * ((before * angle).Cos() * rate));
        return (at, velocity);
    }
}
