using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// A monotonic rational-quadratic spline of K bins with θ = K widths, K heights and the slopes at the knots that are free. By
/// default it acts on (−B, B], is the identity outside, and takes 3K − 1 numbers.
/// </summary>
/// <remarks>
/// Durkan, Bekasov, Murray and Papamakarios 2019, "Neural spline flows", equations 4 to 8; bounds, ends, tails and the two
/// parametrisations, zuko's and nflows', are in <see cref="SplineSettings"/>. Zeros are the identity where the ends are given with
/// slope 1.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class RationalQuadraticSpline<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or two contradict each other.</exception>
    public RationalQuadraticSpline(SplineSettings settings)
        : base(Checked(settings).ParametersPerFeature) => Settings = settings;

    /// <inheritdoc/>
    public static string Kind => "rational-quadratic-spline";

    /// <summary>The constants.</summary>
    public SplineSettings Settings { get; }

    /// <inheritdoc/>
    public override Axis Domain => AxisOf(Settings.Lower, Settings.Upper);

    /// <inheritdoc/>
    public override Axis Codomain => AxisOf(Settings.LowerImage, Settings.UpperImage);

    /// <inheritdoc/>
    protected internal override string ParameterName => "spline";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new RationalQuadraticSpline<T>(ReadSettings(reader));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("bins", Settings.Bins);
        writer.Write("bound", Settings.Bound);
        writer.Write("slope", Settings.Slope);
        if (Settings == new SplineSettings(Settings.Bins, Settings.Bound, Settings.Slope))
            return;
        writer.Write("parametrization", Settings.Parametrization.ToString());
        writer.Write("ends", Settings.Ends.ToString());
        writer.Write("tails", Settings.Tails.ToString());
        writer.Write("lower", Settings.Lower);
        writer.Write("upper", Settings.Upper);
        writer.Write("lower_image", Settings.LowerImage);
        writer.Write("upper_image", Settings.UpperImage);
        writer.Write("lower_slope", Settings.LowerSlope);
        writer.Write("upper_slope", Settings.UpperSlope);
        writer.Write("minimum_width", Settings.MinimumWidth);
        writer.Write("minimum_height", Settings.MinimumHeight);
        writer.Write("minimum_slope", Settings.MinimumSlope);
        if (Settings.LogitScale != 1)
            writer.Write("logit_scale", Settings.LogitScale);
    }

    /// <summary>The raw slopes of 1 where the ends are free: zeros in the limited parametrisation, ln(e^(1 − m) − 1) in the other.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw)
    {
        if (Settings.Parametrization == SplineParametrization.Softmax)
            raw[(2 * Settings.Bins)..].Fill(Math.Log(Math.Exp(1 - Settings.MinimumSlope) - 1));
    }

    /// <inheritdoc/>
    protected internal override Operation<T>? Fuse(int[] positions, bool inverse) => new SplineOperation<T>(Settings, positions, inverse);

    internal static SplineSettings ReadSettings(PartReader<T> reader)
    {
        var plain = new SplineSettings(reader.Size("bins"), reader.Number("bound"), reader.Number("slope"));
        return !reader.Has("tails") ? plain : plain with
        {
            Parametrization = reader.Enumeration<SplineParametrization>("parametrization"),
            Ends = reader.Enumeration<SplineEnds>("ends"),
            Tails = reader.Enumeration<SplineTails>("tails"),
            Lower = reader.Number("lower"),
            Upper = reader.Number("upper"),
            LowerImage = reader.Number("lower_image"),
            UpperImage = reader.Number("upper_image"),
            LowerSlope = reader.Number("lower_slope"),
            UpperSlope = reader.Number("upper_slope"),
            MinimumWidth = reader.Number("minimum_width"),
            MinimumHeight = reader.Number("minimum_height"),
            MinimumSlope = reader.Number("minimum_slope"),
            LogitScale = reader.Has("logit_scale") ? reader.Number("logit_scale") : 1,
        };
    }

    internal static SplineSettings Checked(SplineSettings settings)
    {
        settings.Check(nameof(settings));
        return settings;
    }

    private Axis AxisOf(double lower, double upper) => Settings.Tails switch
    {
        SplineTails.None => Axis.Interval(lower, upper),
        SplineTails.Circular => Axis.Circle(lower, upper),
        _ => Axis.Real,
    };
}
