using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = x·s + t with raw parameters (t, a) and a scale s(a) &gt; 0, of one of several forms: <see cref="AffineSettings"/>.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, "Masked autoregressive flow for density estimation", equation 4; the default form
/// s = e^(a / (1 + |a / ln S|)), so that scales lie between S and 1/S, as in zuko. ln ∂z/∂x = ln s, of each form in one that keeps its digits. Both directions
/// cost a few operations a feature. The default form has a fused operation; the other forms are composed.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Affine<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What the libraries add to the raw number, so that a fresh network makes a scale near 1.
    private const double SigmoidShift = 2;

    /// <summary>Creates the map with an exponential scale.</summary>
    /// <param name="slope">S in (0, 1); 0 for no limit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is out of range.</exception>
    public Affine(double slope = 0)
        : base(parametersPerFeature: 2)
    {
        Settings = new AffineSettings { Slope = slope };
        Settings.Check(nameof(slope));
    }

    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public Affine(AffineSettings settings)
        : base(parametersPerFeature: 2)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check(nameof(settings));
        Settings = settings;
    }

    /// <inheritdoc/>
    public static string Kind => "affine";

    /// <summary>The constants.</summary>
    public AffineSettings Settings { get; }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope => Settings.Slope;

    /// <inheritdoc/>
    protected internal override string ParameterName => "shift_scale";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var slope = reader.Number("slope");
        return !reader.Has("scale") ? new Affine<T>(slope) : new Affine<T>(new AffineSettings
        {
            Slope = slope,
            Scale = reader.Enumeration<AffineScale>("scale"),
            Minimum = reader.Number("minimum"),
            Maximum = reader.Number("maximum"),
            Reach = reader.Number("reach"),
            IsScaleFirst = reader.Flag("scale_first"),
        });
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("slope", Slope);
        if (Settings == new AffineSettings { Slope = Slope })
            return;
        writer.Write("scale", Settings.Scale.ToString());
        writer.Write("minimum", Settings.Minimum);
        writer.Write("maximum", Settings.Maximum);
        writer.Write("reach", Settings.Reach);
        writer.Write("scale_first", Settings.IsScaleFirst);
    }

    /// <summary>The shift 0 and the raw number of the scale 1. The sigmoid forms without a least scale do not reach 1: they start at σ(2) and 1/σ(2), as in normflows.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw) => raw[Settings.IsScaleFirst ? 0 : 1] = Settings.Scale switch
    {
        AffineScale.Softplus => Math.Log(Math.Exp(1 - Settings.Minimum) - 1),
        AffineScale.Sigmoid when Settings.Minimum > 0 => Math.Log((1 - Settings.Minimum) / Settings.Minimum) - SigmoidShift,
        _ => 0,
    };

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var scale = Scale(raw[Settings.IsScaleFirst ? 0 : 1], out logSlope);
        return (x * scale) + raw[Settings.IsScaleFirst ? 1 : 0];
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var scale = Scale(raw[Settings.IsScaleFirst ? 0 : 1], out var logScale);
        logSlope = -logScale;
        return (z - raw[Settings.IsScaleFirst ? 1 : 0]) / scale;
    }

    /// <inheritdoc/>
    protected internal override Operation<T>? Fuse(int[] positions, bool inverse) =>
        Settings is { Scale: AffineScale.Exponential, IsScaleFirst: false } ? new AffineOperation<T>(Slope, positions, inverse) : null;

    private Variable<T> Scale(Variable<T> a, out Variable<T> logScale)
    {
        switch (Settings.Scale)
        {
            case AffineScale.Softplus:
                var scale = a.Softplus() + T.CreateTruncating(Settings.Minimum);
                if (Settings.Maximum > 0)
                    scale = scale.Min(a.Tape!.Constant(T.CreateTruncating(Settings.Maximum)));
                logScale = scale.Log();
                return scale;
            case AffineScale.Sigmoid:
                var shifted = a + T.CreateTruncating(SigmoidShift);
                var sigmoid = shifted.Sigmoid() + T.CreateTruncating(Settings.Minimum);
                logScale = Settings.Minimum == 0 ? shifted.LogSigmoid() : sigmoid.Log();
                return sigmoid;
            case AffineScale.ReciprocalSigmoid:
                var opposite = -(a + T.CreateTruncating(SigmoidShift));
                logScale = opposite.Softplus();
                return opposite.Exp() + T.One;
            case AffineScale.BoundedLog:
                logScale = (a * T.CreateTruncating(0.5)).Tanh() * T.CreateTruncating(Settings.Reach);
                return logScale.Exp();
            default:
                logScale = Slope == 0 ? a : a / ((a.Abs() * T.CreateTruncating(1 / Math.Abs(Math.Log(Slope)))) + T.One);
                return logScale.Exp();
        }
    }
}
