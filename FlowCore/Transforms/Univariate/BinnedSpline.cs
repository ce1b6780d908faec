using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// What the linear, the quadratic and the cubic spline have in common: an interval that is mapped onto itself by a function of [0, 1],
/// and what is outside of it.
/// </summary>
/// <remarks>
/// With identity tails a point outside keeps its place, with ln ∂z/∂x = 0. Without tails it has ln ∂z/∂x = −∞, the value is the nearer
/// end, and it gets no adjoint. Both ends are inside.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public abstract class BinnedSpline<T> : Univariate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _numbers;
    private readonly T _lower;
    private readonly T _upper;
    private readonly T _range;
    private readonly T _overRange;
    private readonly T _logitScale;

    private protected BinnedSpline(BinnedSplineSettings settings, int parametersPerFeature)
        : base(parametersPerFeature)
    {
        ConstantRange.CheckDivisor<T>(settings.Upper - settings.Lower, "The spline's interval of length", nameof(settings));
        Settings = settings;
        _numbers = [.. Enumerable.Range(0, settings.Bins).Select(T.CreateTruncating)];
        (_lower, _upper) = (T.CreateTruncating(settings.Lower), T.CreateTruncating(settings.Upper));
        _range = T.CreateTruncating(settings.Upper - settings.Lower);
        _overRange = T.CreateTruncating(1 / (settings.Upper - settings.Lower));
        _logitScale = T.CreateTruncating(settings.LogitScale);
    }

    /// <summary>The constants.</summary>
    public BinnedSplineSettings Settings { get; }

    /// <inheritdoc/>
    public override Axis Domain => Settings.Tails == SplineTails.None ? Axis.Interval(Settings.Lower, Settings.Upper) : Axis.Real;

    /// <inheritdoc/>
    public override Axis Codomain => Domain;

    /// <inheritdoc/>
    protected internal override string ParameterName => "spline";

    /// <summary>K.</summary>
    private protected int Bins => Settings.Bins;

    /// <summary>0, 1, ..., K − 1.</summary>
    private protected ReadOnlySpan<T> Numbers => _numbers;

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("bins", Settings.Bins);
        writer.Write("bound", Settings.Bound);
        writer.Write("lower", Settings.Lower);
        writer.Write("upper", Settings.Upper);
        writer.Write("tails", Settings.Tails.ToString());
        writer.Write("minimum_size", Settings.MinimumSize);
        writer.Write("logit_scale", Settings.LogitScale);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) => Map(x, raw, inverse: false, out logSlope);

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) => Map(z, raw, inverse: true, out logSlope);

    internal static BinnedSplineSettings Checked(BinnedSplineSettings settings)
    {
        settings.Check(nameof(settings));
        return settings;
    }

    internal static BinnedSplineSettings ReadSettings(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new BinnedSplineSettings(reader.Size("bins"), reader.Number("bound"))
        {
            Lower = reader.Number("lower"),
            Upper = reader.Number("upper"),
            Tails = reader.Enumeration<SplineTails>("tails"),
            MinimumSize = reader.Number("minimum_size"),
            LogitScale = reader.Number("logit_scale"),
        };
    }

    /// <summary>The function on [0, 1], or its inverse.</summary>
    /// <param name="u">[rows, D], a block of numbers in [0, 1].</param>
    /// <param name="raw">The raw parameters.</param>
    /// <param name="inverse">Which direction.</param>
    /// <param name="logSlope">The logarithm of the derivative in that direction.</param>
    private protected abstract Variable<T> MapUnit(Variable<T> u, in RawParameters<T> raw, bool inverse, out Variable<T> logSlope);

    /// <summary>The sizes that all kinds have: m + (1 − K m) softmax(a) of K raw numbers a of every feature.</summary>
    private protected Variable<T> Sizes(Variable<T> raw)
    {
        var least = Settings.MinimumSize;
        return (Scaled(raw).SoftmaxSegments(Bins) * T.CreateTruncating(1 - (Bins * least))) + T.CreateTruncating(least);
    }

    /// <summary>Raw sizes times the scale of the logits.</summary>
    private protected Variable<T> Scaled(Variable<T> raw) => _logitScale == T.One ? raw : raw * _logitScale;

    /// <summary>The bin of every number, from 0: the last one whose lower knot is not above it. No adjoint passes.</summary>
    /// <param name="u">[rows, D], not negative.</param>
    /// <param name="sizes">K sizes of every feature.</param>
    private protected Variable<T> BinOf(Variable<T> u, Variable<T> sizes)
    {
        var knots = sizes.StopGradient().CumulativeSum(Bins, exclusive: true);
        return knots.LessOrEqual(u.StopGradient().RepeatColumns(Bins)).SumSegments(Bins) - T.One;
    }

    /// <summary>A number that only rounding may have taken beyond an end goes to the end; the adjoint passes.</summary>
    private protected static Variable<T> Within(Variable<T> x, Variable<T> lower, Variable<T> upper)
    {
        var place = x.StopGradient();
        return x + (place.Max(lower).Min(upper) - place);
    }

    /// <summary>The position in a bin, in [0, 1].</summary>
    private protected static Variable<T> Position(Variable<T> x)
    {
        var tape = x.Tape!;
        return Within(x, tape.Constant(T.Zero), tape.Constant(T.One));
    }

    private Variable<T> Map(Variable<T> x, in RawParameters<T> raw, bool inverse, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var lower = tape.Constant(_lower);
        var upper = tape.Constant(_upper);

        // Outside an end is mapped instead, without an adjoint; a NaN is inside and shows.
        var place = x.StopGradient();
        var outside = place.Less(lower) + upper.Less(place);
        var u = Within((outside.Where(lower, x) - lower) * _overRange, tape.Constant(T.Zero), tape.Constant(T.One));
        var unit = MapUnit(u, raw, inverse, out var slope);
        var inside = Within((unit * _range) + lower, lower, upper);
        var hasTails = Settings.Tails == SplineTails.Linear;
        logSlope = outside.Where(tape.Constant(hasTails ? T.Zero : T.NegativeInfinity), slope);
        return outside.Where(hasTails ? x : place.Max(lower).Min(upper), inside);
    }
}
