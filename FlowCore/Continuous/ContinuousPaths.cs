using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Continuous;

/// <summary>Finds the differential equation in a flow: behind a standardisation or other parts, next to the noise.</summary>
internal static class ContinuousPaths
{
    /// <summary>The equation of a model.</summary>
    /// <exception cref="ArgumentException">The model is no flow that ends with one.</exception>
    public static ContinuousTransform<T> Of<T>(DensityModel<T> model, string name = "model")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model, name);
        return model is Flow<T> flow && OfTransform(flow.Transform) is { } paths
            ? paths
            : throw new ArgumentException($"Expected a flow whose last part is a {nameof(ContinuousTransform<>)}, got a {model.GetType().Name.Split('`')[0]}.", name);
    }

    /// <summary>The equation of a transform; null where there is none next to the noise.</summary>
    public static ContinuousTransform<T>? OfTransform<T>(Transform<T> transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        transform as ContinuousTransform<T> ?? (transform is Composition<T> { Parts: [.., ContinuousTransform<T> last] } ? last : null);

    /// <summary>What the equation sees of the data: the parts before it applied.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, features].</param>
    /// <param name="conditions">The conditions, or "no variable".</param>
    /// <param name="logDet">Their log|det|; "no variable" for zero.</param>
    public static Variable<T> Enter<T>(Flow<T> flow, Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        logDet = default;
        if (flow.Transform is not Composition<T> composition)
            return x;
        for (var i = 0; i < composition.Parts.Count - 1; i++)
        {
            var part = composition.Parts[i];
            x = part.ForwardCore(tape, x, Transform<T>.Leading(conditions, part.ConditionColumns), out var own);
            logDet = TangentRules.Sum(logDet, own);
        }

        return x;
    }

    /// <summary>ln q(x), with an estimate of the divergence where there is a direction for one.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="x">[rows, features].</param>
    /// <param name="conditions">The conditions, or "no variable".</param>
    /// <param name="epsilon">ε, [rows, columns of the equation], or "no variable" for the exact divergence.</param>
    /// <param name="integrals">1, or 3 for the squares as well.</param>
    /// <param name="squares">[rows, 2]: ∫|v|² dt and ∫‖∂v/∂x‖² dt, both positive; "no variable" where they are not asked for.</param>
    public static Variable<T> LogDensity<T>(Flow<T> flow, Variable<T> x, Variable<T> conditions, Variable<T> epsilon, int integrals, out Variable<T> squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (tape, paths) = (x.Tape!, Of(flow));
        var entered = Enter(flow, tape, x, conditions, out var before);
        var z = paths.Map(tape, entered, Transform<T>.Leading(conditions, paths.ConditionColumns), epsilon, integrals, toNoise: true, out var logDet, out squares);

        // From data to noise time runs back where the noise is first.
        if (!squares.IsNone && !paths.Settings.DataFirst)
            squares = -squares;
        return flow.NoiseLogDensity(z, conditions) + TangentRules.Sum(before, logDet);
    }
}
