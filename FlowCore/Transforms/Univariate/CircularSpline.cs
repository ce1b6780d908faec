using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A rational-quadratic spline that maps a circle onto itself, after a turn: z = f(x + s), both in [−B, B) modulo 2B.</summary>
/// <remarks>
/// <para>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.1.3: the slopes at both ends of the interval are the same, so the
/// density is continuous on the circle. Without a turn the cut would be a fixed point; with a half turn and end slopes of 1 it is zuko's
/// NCSF (<see cref="OfZuko"/>), with tied slopes and a turn of its own for each feature it is universal among the maps of the circle of one turn.
/// </para>
/// <para>
/// Arguments of either direction are taken modulo 2B, and so are results. Both directions are closed and cost what the spline does. The
/// networks of a flow of angles should see sin and cos of the angles rather than the angles.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CircularSpline<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OperationCache<int, SplineOperation<T>> _forward;
    private readonly OperationCache<int, SplineOperation<T>> _inverse;
    private readonly RationalQuadraticSpline<T> _spline;

    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants of the spline; its tails are <see cref="SplineTails.Circular"/>, and it maps its interval onto itself.</param>
    /// <param name="shift">The turn.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or the spline maps no circle onto itself.</exception>
    public CircularSpline(SplineSettings settings, SplineShift shift = SplineShift.Learned)
        : base(Checked(settings).ParametersPerFeature + (shift == SplineShift.Learned ? 1 : 0))
    {
        if (!Enum.IsDefined(shift))
            throw new ArgumentException($"Expected a turn, got {shift}.", nameof(shift));
        Settings = settings;
        Shift = shift;
        _spline = new RationalQuadraticSpline<T>(settings);
        _forward = new OperationCache<int, SplineOperation<T>>(features => new(settings, UnivariateMap<T>.Natural(features)));
        _inverse = new OperationCache<int, SplineOperation<T>>(features => new(settings, UnivariateMap<T>.Natural(features), inverse: true));
    }

    /// <inheritdoc/>
    public static string Kind => "circular-spline";

    /// <summary>The constants of the spline.</summary>
    public SplineSettings Settings { get; }

    /// <summary>The turn.</summary>
    public SplineShift Shift { get; }

    /// <inheritdoc/>
    public override Axis Domain => Axis.Circle(Settings.Lower, Settings.Upper);

    /// <inheritdoc/>
    public override Axis Codomain => Domain;

    /// <inheritdoc/>
    protected internal override string ParameterName => "spline";

    /// <summary>The spline of zuko's NCSF: limited parameters, slopes of 1 at the ends, half a turn; 3K − 1 numbers.</summary>
    /// <param name="bins">K, at least 2.</param>
    /// <param name="bound">B: half of the circle.</param>
    /// <param name="slope">S, the smallest slope.</param>
    /// <returns>τ.</returns>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static CircularSpline<T> OfZuko(int bins, double bound = Math.PI, double slope = 1e-3) =>
        new(new SplineSettings(bins, bound, slope) { Tails = SplineTails.Circular }, SplineShift.HalfTurn);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new CircularSpline<T>(RationalQuadraticSpline<T>.ReadSettings(reader), reader.Enumeration<SplineShift>("shift"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        _spline.Write(writer);
        writer.Write("shift", Shift.ToString());
    }

    /// <inheritdoc/>
    protected internal override void Start(Span<double> raw) => _spline.Start(raw[.._spline.ParametersPerFeature]);

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) =>
        _forward[x.Columns].Apply(Wrap(Turn(x, raw, inverse: false)), raw.Columns(0, _spline.ParametersPerFeature), out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) =>
        Wrap(Turn(_inverse[z.Columns].Apply(z, raw.Columns(0, _spline.ParametersPerFeature), out logSlope), raw, inverse: true));

    private Variable<T> Turn(Variable<T> x, in RawParameters<T> raw, bool inverse)
    {
        if (Shift == SplineShift.None)
            return x;
        if (Shift == SplineShift.HalfTurn)
            return x - T.CreateTruncating(0.5 * (Settings.Upper - Settings.Lower));
        var shift = raw[_spline.ParametersPerFeature];
        return inverse ? x - shift : x + shift;
    }

    private Variable<T> Wrap(Variable<T> x) => CircleWrap.Apply(x, Settings.Lower, Settings.Upper);

    private static SplineSettings Checked(SplineSettings settings)
    {
        settings.Check(nameof(settings));
        if (settings.Tails != SplineTails.Circular)
            throw new ArgumentException($"Expected the tails of a circle, got {settings.Tails}.", nameof(settings));
        if (settings.Lower != settings.LowerImage || settings.Upper != settings.UpperImage)
            throw new ArgumentException($"Expected a circle onto itself, got [{settings.Lower}, {settings.Upper}] onto [{settings.LowerImage}, {settings.UpperImage}].", nameof(settings));
        return settings;
    }
}
