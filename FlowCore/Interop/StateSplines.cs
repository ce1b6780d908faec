using System.Globalization;
using System.Numerics;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The splines of nflows, glasflow and normflows, by the number of their parameters and by what the caller says.</summary>
/// <param name="Settings">What tensors do not say.</param>
/// <param name="UsualBound">The bound that the library has by itself.</param>
/// <param name="BoundRemark">What speaks against it, or null.</param>
/// <param name="HasCircles">Whether the library has circular splines.</param>
internal sealed record StateSplines(StateSettings Settings, double UsualBound, string? BoundRemark, bool HasCircles)
{
    /// <summary>What asks for the kind of splines.</summary>
    public const string SplineFlag = $"--spline rq, linear, quadratic or cubic ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Spline)})";

    /// <summary>What asks for the outside of splines.</summary>
    public const string TailsFlag = $"--tails linear or none ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Tails)})";

    /// <summary>τ of a network that gives a number of parameters for each feature.</summary>
    /// <param name="name">The tensor that says the number.</param>
    /// <param name="perFeature">The number.</param>
    /// <param name="hidden">H where the library divides raw sizes by √H; 0 where it does not.</param>
    /// <param name="evidence">Another spline of the same layer, or null.</param>
    /// <param name="onLine">Whether angles are to go on as straight lines, as a base of the line needs it.</param>
    public Univariate<T> Of<T>(string name, int perFeature, int hidden, Evidence? evidence, bool onLine = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Settings.Spline is { } given && evidence is not null && given != evidence.Kind)
            throw new ModelFormatException($"Expected {given} splines, as the option says, got {evidence.Kind} ones beside '{name}'.");

        var kind = Settings.Spline ?? evidence?.Kind ?? throw new ModelFormatException(
            $"Expected outputs that say what they are for, got {perFeature.ToString(CultureInfo.InvariantCulture)} a feature in '{name}': splines of several kinds have as many; {SplineFlag} decides.");
        var scale = hidden == 0 ? 1 : 1 / Math.Sqrt(hidden);
        return Create<T>(name, kind, perFeature, scale, Settings.Tails ?? evidence?.Tails, onLine);
    }

    /// <summary>The spline of a number of parameters.</summary>
    public Univariate<T> Create<T>(string name, StateSpline kind, int perFeature, double scale, SplineTails? tails, bool onLine = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == StateSpline.RationalQuadratic)
            return Rational<T>(name, perFeature, scale, tails, onLine);

        if (tails is null)
            throw new ModelFormatException($"Expected splines of which is known what is outside of their interval, got {perFeature} outputs a feature in '{name}'; {TailsFlag} decides.");

        if (tails == SplineTails.Circular)
            throw Mismatch(name, perFeature, kind, tails.Value);

        var hasTails = tails == SplineTails.Linear;
        var bins = kind switch
        {
            StateSpline.Linear => perFeature,
            StateSpline.Quadratic when perFeature % 2 == 1 => hasTails ? (perFeature + 1) / 2 : (perFeature - 1) / 2,
            StateSpline.Cubic when perFeature % 2 == 0 => (perFeature - 2) / 2,
            _ => throw Mismatch(name, perFeature, kind, tails.Value),
        };
        return Checked<Univariate<T>>(name, () =>
        {
            var settings = hasTails ? new BinnedSplineSettings(bins, Bound<T>()) : BinnedSplineSettings.Unit(bins);
            return kind switch
            {
                StateSpline.Linear => new LinearSpline<T>(settings),
                StateSpline.Quadratic => new QuadraticSpline<T>(settings with { LogitScale = scale }, EdgeRule.NFlows),
                _ => new CubicSpline<T>(settings with { LogitScale = scale }),
            };
        });
    }

    /// <summary>The settings of a rational-quadratic spline of nflows on [−B, B].</summary>
    public static SplineSettings Softmax(int bins, double bound, double scale) => new(bins, bound) { Parametrization = SplineParametrization.Softmax, LogitScale = scale };

    /// <summary>The same on a circle, or on the line beyond which it goes on as straight lines.</summary>
    public static Univariate<T> Circle<T>(SplineSettings settings, bool onLine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => onLine
            ? new RationalQuadraticSpline<T>(settings with { Ends = SplineEnds.Tied })
            : new CircularSpline<T>(settings with { Ends = SplineEnds.Tied, Tails = SplineTails.Circular }, SplineShift.None);

    /// <summary>The bound that the caller says, or the usual one.</summary>
    public double Bound<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bound = Settings.Bound(UsualBound, BoundRemark);
        return T.IsFinite(T.CreateTruncating(bound))
            ? bound
            : throw new ModelFormatException($"Expected a bound that is a number in the precision that computes, got {bound.ToString("R", CultureInfo.InvariantCulture)}.");
    }

    /// <summary>Makes a part, and names the layer where its constants are out of range.</summary>
    public static TPart Checked<TPart>(string name, Func<TPart> create)
    {
        try
        {
            return create();
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException($"The constants of '{name}' are out of range. {ContentBoundary.Sentence(exception)}", exception);
        }
    }

    private static ModelFormatException Mismatch(string name, int perFeature, StateSpline kind, SplineTails tails) => new(
        $"Expected the outputs of {kind} splines with the tails {tails}, got {perFeature} a feature in '{name}'.");

    private Univariate<T> Rational<T>(string name, int perFeature, double scale, SplineTails? tails, bool onLine)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var found = (perFeature % 3) switch
        {
            2 => SplineTails.Linear,
            1 => SplineTails.None,
            _ => SplineTails.Circular,
        };
        if ((tails is { } known && known != found) || (found == SplineTails.Circular && !HasCircles))
            throw Mismatch(name, perFeature, StateSpline.RationalQuadratic, tails ?? SplineTails.Linear);

        var bins = (perFeature + 1) / 3;
        return Checked<Univariate<T>>(name, () => found switch
        {
            SplineTails.Linear => new RationalQuadraticSpline<T>(Softmax(bins, Bound<T>(), scale)),
            SplineTails.None => new RationalQuadraticSpline<T>(Softmax(bins, 1, scale) with { Lower = 0, Upper = 1, Ends = SplineEnds.Free, Tails = SplineTails.None }),
            _ => Circle<T>(Softmax(bins, Bound<T>(), scale), onLine),
        });
    }

    /// <summary>What the stand-alone splines beside a network tell about those that it gives the parameters of.</summary>
    /// <param name="Kind">Their kind.</param>
    /// <param name="Tails">What is outside, where it shows.</param>
    internal sealed record Evidence(StateSpline Kind, SplineTails? Tails);
}
