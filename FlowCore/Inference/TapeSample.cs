using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Inference;

/// <summary>Draws of a model on a tape: x = f⁻¹(z; θ, c) with everything that leads from parameters and conditions to it, and ln q(x), which costs nothing more.</summary>
/// <remarks>Made by <see cref="TapeSamples.DrawOnTape{T}"/>. Valid until the tape begins its next block.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct TapeSample<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private TapeSample(DensityModel<T> model, Variable<T> noise, Variable<T> x, Variable<T> logDensity, Variable<T> logDet, Variable<T> conditions)
    {
        Model = model;
        Noise = noise;
        X = x;
        LogDensity = logDensity;
        LogDet = logDet;
        Conditions = conditions;
    }

    /// <summary>q, the model that drew.</summary>
    public DensityModel<T> Model { get; }

    /// <summary>z, [rows, noise features]; "no variable" for rows of one's own, and to be read on a tape that records alone.</summary>
    public Variable<T> Noise { get; }

    /// <summary>x, [rows, D].</summary>
    public Variable<T> X { get; }

    /// <summary>ln q(x | c), [rows, 1].</summary>
    public Variable<T> LogDensity { get; }

    /// <summary>log|det ∂x/∂z|, [rows, 1]; "no variable" for rows of one's own and where it is 0.</summary>
    public Variable<T> LogDet { get; }

    /// <summary>The conditions, or "no variable".</summary>
    public Variable<T> Conditions { get; }

    /// <summary>The tape.</summary>
    public Tape<T> Tape => X.Tape!;

    /// <summary>Whether the backward sweep can pass from x to the parameters of the model, so that gradients through the draws are complete.</summary>
    public bool IsReparameterised => !Tape.IsDifferentiatedBy(Model.Parameters) || Tape.DependsOnParameters(X);

    /// <summary>Rows of one's own as a sample, for what needs ln q at given x: nothing leads from the parameters to such x.</summary>
    /// <param name="model">q.</param>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">As for the model's log-density.</param>
    /// <returns>The sample.</returns>
    /// <exception cref="ArgumentException">A shape is not the model's.</exception>
    public static TapeSample<T> OfRows(DensityModel<T> model, Variable<T> x, Variable<T> conditions = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new TapeSample<T>(model, default, x, model.LogDensity(x, conditions), default, conditions);
    }

    /// <summary>Makes x of noise z.</summary>
    internal static TapeSample<T> OfNoise(DensityModel<T> model, Variable<T> z, Variable<T> conditions)
    {
        // Before the inverse, which may hand the memory of z to others where the tape does not record.
        var logNoise = model.NoiseLogDensity(z, conditions);
        var x = model.FromNoise(z, conditions, out var logDet);
        return new TapeSample<T>(model, z, x, logDet.IsNone ? logNoise : logNoise - logDet, logDet, conditions);
    }

    /// <summary>Throws where the backward sweep cannot pass from x to the parameters.</summary>
    /// <param name="asked">What was asked for.</param>
    internal void ThrowIfDetached(string asked)
    {
        if (IsReparameterised)
            return;
        throw new DetachedSampleException(
            $"{asked} of a sample that does not depend on the parameters has a wrong gradient: the mean of −∇ ln q over fixed rows is 0 whatever q is. "
            + "Draw with model.DrawOnTape(...) on the tape that is differentiated; for the likelihood of given rows use model.Loss or model.Fit.");
    }
}
