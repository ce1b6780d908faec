using System.Numerics;
using System.Text;
using System.Text.Json;
using FlowCore.Continuous;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>What this library states beside the tensors it writes, so that reading them again changes no density.</summary>
internal static class StateStatement
{
    /// <summary>The kinds of univariate maps, as the statement calls them.</summary>
    public const string Spline = "spline";

    /// <inheritdoc cref="Spline"/>
    public const string Bernstein = "bernstein";

    /// <inheritdoc cref="Spline"/>
    public const string SumOfSquares = "sum-of-squares";

    /// <inheritdoc cref="Spline"/>
    public const string Gaussianization = "gaussianization";

    /// <summary>The statement, as JSON: for each module what its tensors do not say, and the same of a residual.</summary>
    public static KeyValuePair<string, string> Of<T>(IReadOnlyList<Transform<T>> parts, PolynomialResidual<T>? residual)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("transforms");
            foreach (var part in parts)
                Write(json, part);

            json.WriteEndArray();
            if (residual is not null)
            {
                var settings = residual.Settings;
                json.WriteStartObject("residual");
                json.WriteString("activation", settings.Activation.ToString());
                json.WriteNumber("quadratic_damping", settings.QuadraticDamping);
                json.WriteNumber("cross_term_damping", settings.CrossTermDamping);
                json.WriteNumber("log_det_sign", settings.LogDetSign);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return new(StateSettings.Key, Encoding.UTF8.GetString(buffer.ToArray()));
    }

    /// <summary>The statement of a mixture whose parameters a network gives.</summary>
    public static KeyValuePair<string, string> Of<T>(NormalMixture<T> mixture)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(StateSettings.Mixture);
            json.WriteNumber("components", mixture.Components);
            json.WriteString("covariance", ZukoMixture.CovarianceOf(mixture).ToString());
            if (mixture.Conditioner is Mlp<T> network)
                json.WriteString("activation", network.Activation.ToString());
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new(StateSettings.Key, Encoding.UTF8.GetString(buffer.ToArray()));
    }

    private static void Write<T>(Utf8JsonWriter json, Transform<T> part)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (univariate, activation) = part switch
        {
            MaskedAutoregressive<T> masked => ((Univariate<T>?)masked.Univariate, (masked.Conditioner as MaskedMlp<T>)?.Activation ?? (masked.Conditioner as MaskedResidualMlp<T>)?.Activation),
            Conditional<T> { Conditioner: Mlp<T> network } conditional => (conditional.Univariate, network.Activation),
            Coupling<T> { Conditioner: Mlp<T> network } coupling => (coupling.Univariate, network.Activation),
            Elementwise<T> elementwise => (elementwise.Univariate, null),
            ContinuousTransform<T> { Field: VelocityNetwork<T> velocity } => (null, velocity.Network.Activation),
            _ => (null, null),
        };
        json.WriteStartObject();
        switch (univariate)
        {
            case RationalQuadraticSpline<T> spline:
                json.WriteString("kind", Spline);
                json.WriteNumber("bound", spline.Settings.Bound);
                json.WriteNumber("slope", spline.Settings.Slope);
                break;
            case CircularSpline<T> circle:
                json.WriteString("kind", Spline);
                json.WriteNumber("slope", circle.Settings.Slope);
                break;
            case BernsteinPolynomial<T> polynomial:
                json.WriteString("kind", Bernstein);
                json.WriteNumber("bound", polynomial.Settings.Bound);
                break;
            case SumOfSquares<T> sum:
                json.WriteString("kind", SumOfSquares);
                json.WriteNumber("degree", sum.Degree);
                break;
            case Gaussianization<T> mixture:
                json.WriteString("kind", Gaussianization);
                json.WriteNumber("squeeze", mixture.Squeeze);
                break;
            case Softclip<T> clip:
                json.WriteString("kind", "softclip");
                json.WriteNumber("bound", clip.Bound);
                break;
            case Affine<T> affine:
                json.WriteString("kind", "affine");
                json.WriteNumber("slope", affine.Slope);
                break;
        }

        if (activation is { } name)
            json.WriteString("activation", name.ToString());

        json.WriteEndObject();
    }
}
