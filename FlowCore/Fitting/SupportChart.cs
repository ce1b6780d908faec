using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Fitting;

/// <summary>
/// Fixed coordinates in which every feature is a real number of order one without heavy tails, whatever values it can have: the
/// first part of a fitted flow. All constants are its own, nothing is trained.
/// </summary>
/// <remarks>
/// <para>
/// The support comes first: u = x on the real line, u = ln(x − lower) above an end, u = Φ⁻¹((x − lower) / (upper − lower)) on an
/// interval, so that a uniform feature becomes a standard normal one, and the same on a circle that is cut where the data is
/// thinnest. Then t = (u − m) / s.
/// </para>
/// <para>
/// A heavy tail is taken in by z = sign(t) √(ln(1 + κ t²) / κ), one κ = 1/ν on either side of 0. This turns Student's t
/// distribution of ν degrees of freedom into nearly a normal one, its power law into exactly a normal tail (Wallace 1959, "Bounds on normal
/// approximations to Student's and the chi-square distributions", up to a constant factor). Slope and curvature at 0 are those of the
/// identity whatever κ is. At the end y = (z − a) / b.
/// </para>
/// <para>A row with a feature outside its support has log|det J| = −∞.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class SupportChart<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int NumbersPerFeature = 9;

    // Below it the quotients ln(1 + w)/w and (e^w − 1)/w are their series, whose first term left out is a rounding of 1: the derivative of the quotient itself cancels
    // there, and where a feature has no tail it would be 0/0.
    private static readonly T _small = T.CreateTruncating(1e-2);
    private static readonly T[] _log1pSeries = Series(k => (k % 2 == 0 ? 1.0 : -1.0) / (k + 1));
    private static readonly T[] _expm1Series = Series(k => 1 / Enumerable.Range(1, k + 1).Aggregate(1.0, (product, factor) => product * factor));
    private static readonly T _half = T.CreateTruncating(0.5);
    private static readonly T _halfLogTwoPi = T.CreateTruncating(0.5 * Math.Log(2 * Math.PI));

    // The least distance from the ends of (0, 1) at which 1 − w is a number of its own.
    private static readonly T _edge = T.CreateTruncating(typeof(T) == typeof(double) ? 1.1102230246251565e-16 : 5.9604644775390625e-8);

    private readonly FeatureChart[] _features;
    private readonly int[] _real;
    private readonly int[] _positive;
    private readonly int[] _bounded;
    private readonly GatherColumnsOperation<T>? _ordering;
    private readonly GatherColumnsOperation<T>? _reals;
    private readonly GatherColumnsOperation<T>? _positives;
    private readonly GatherColumnsOperation<T>? _boundeds;
    private readonly bool _hasCircle;
    private readonly bool _hasTails;
    private readonly T[] _end;
    private readonly T[] _turnEnd;
    private readonly T[] _lower;
    private readonly T[] _upper;
    private readonly T[] _width;
    private readonly T[] _cut;
    private readonly T[] _location;
    private readonly T[] _scale;
    private readonly T[] _lowerTail;
    private readonly T[] _upperTail;
    private readonly T[] _shift;
    private readonly T[] _stretch;
    private readonly T _logScales;

    /// <summary>Creates the chart.</summary>
    /// <param name="features">The constants of each feature, at least one.</param>
    /// <exception cref="ArgumentException">There is no feature, or a number is out of range.</exception>
    public SupportChart(params IReadOnlyList<FeatureChart> features)
        : base(Checked(features).Count, 0, [])
    {
        _features = [.. features];
        _real = IndicesOf(SupportKind.Real, SupportKind.Integers);
        _positive = IndicesOf(SupportKind.Positive, SupportKind.Positive);
        _bounded = IndicesOf(SupportKind.Interval, SupportKind.Circle);
        int[] grouped = [.. _real, .. _positive, .. _bounded];
        if (grouped.Length != _real.Length)
        {
            var order = new int[grouped.Length];
            for (var i = 0; i < grouped.Length; i++)
                order[grouped[i]] = i;
            (_ordering, _reals, _positives, _boundeds) = (Gather(order), Gather(_real), Gather(_positive), Gather(_bounded));
        }

        _end = Row(_positive, chart => chart.Support.Lower);
        _lower = Row(_bounded, chart => chart.Support.Lower);
        _upper = Row(_bounded, chart => chart.Support.Upper);
        _width = Row(_bounded, chart => chart.Support.Upper - chart.Support.Lower);
        _cut = Row(_bounded, chart => chart.Support.Kind == SupportKind.Circle ? chart.Cut : chart.Support.Lower);

        // Only a circle goes on beyond its end.
        _turnEnd = Row(_bounded, chart => chart.Support.Kind == SupportKind.Circle ? chart.Support.Upper : double.PositiveInfinity);
        int[] all = [.. Enumerable.Range(0, Features)];
        _location = Row(all, chart => chart.Location);
        _scale = Row(all, chart => chart.Scale);
        _lowerTail = Row(all, chart => chart.LowerTail);
        _upperTail = Row(all, chart => chart.UpperTail);
        _shift = Row(all, chart => chart.Shift);
        _stretch = Row(all, chart => chart.Stretch);
        _hasCircle = Array.Exists(_features, chart => chart.Support.Kind == SupportKind.Circle);
        _hasTails = Array.Exists(_features, chart => chart.LowerTail > 0 || chart.UpperTail > 0);
        _logScales = T.CreateTruncating(_features.Sum(chart => Math.Log(chart.Scale) + Math.Log(chart.Stretch))
            + _bounded.Sum(feature => Math.Log(_features[feature].Support.Upper - _features[feature].Support.Lower)));
    }

    /// <inheritdoc/>
    public static string Kind => "support-chart";

    /// <summary>The constants of each feature.</summary>
    public ReadOnlySpan<FeatureChart> Charts => _features;

    /// <inheritdoc/>
    public override Domain Domain => Domain.Of(Array.ConvertAll(_features, chart => chart.Support.Axis));

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var kinds = reader.Integers("supports");
        var numbers = reader.Numbers("numbers");
        if (numbers.Length != NumbersPerFeature * kinds.Length)
            throw new ArgumentException($"Expected {NumbersPerFeature} numbers for each of {kinds.Length} features, got {numbers.Length}.", nameof(reader));
        var charts = new FeatureChart[kinds.Length];
        for (var j = 0; j < charts.Length; j++)
        {
            var n = numbers.AsSpan(j * NumbersPerFeature, NumbersPerFeature);
            var support = (SupportKind)kinds[j] switch
            {
                SupportKind.Real => Support.Real,
                SupportKind.Positive => Support.Above(n[0]),
                SupportKind.Interval => Support.Interval(n[0], n[1]),
                SupportKind.Circle => Support.Circle(n[0], n[1]),
                SupportKind.Integers => Support.Integers,
                _ => throw new ArgumentException($"Expected a kind of support, got {kinds[j]}.", nameof(reader)),
            };
            charts[j] = new FeatureChart(support, n[2], n[3], n[4], n[5], n[6], n[7], n[8]);
        }

        return new SupportChart<T>(charts);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("supports", Array.ConvertAll(_features, chart => (int)chart.Support.Kind));
        var numbers = new List<double>(NumbersPerFeature * Features);
        foreach (var chart in _features)
        {
            numbers.AddRange(
                chart.Support.Lower, chart.Support.Upper, chart.Cut, chart.Location, chart.Scale, chart.LowerTail, chart.UpperTail, chart.Shift, chart.Stretch);
        }

        writer.Write("numbers", [.. numbers]);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        logDet = tape.Fill(1, -_logScales);
        var u = x;
        if (_ordering is not null)
        {
            u = default;
            if (_reals is not null)
                u = _reals.Apply(x);
            if (_positives is not null)
                u = Joined(u, FromPositive(tape, _positives.Apply(x), ref logDet));
            if (_boundeds is not null)
                u = Joined(u, FromBounded(tape, _boundeds.Apply(x), ref logDet));
            u = _ordering.Apply(u);
        }

        var z = (u - tape.Constant(_location)) / tape.Constant(_scale);
        if (_hasTails)
        {
            var w = z.Square() * Tails(tape, z);
            var logarithm = w.Log1p();
            var ratio = Quotient(tape, w, logarithm, _log1pSeries);
            logDet -= ((ratio.Log() * _half) + logarithm).SumColumns();
            z *= ratio.Sqrt();
        }

        return (z - tape.Constant(_shift)) / tape.Constant(_stretch);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        logDet = tape.Fill(1, _logScales);
        var t = (z * tape.Constant(_stretch)) + tape.Constant(_shift);
        if (_hasTails)
        {
            var logarithm = t.Square() * Tails(tape, t);
            var ratio = Quotient(tape, logarithm, logarithm.Expm1(), _expm1Series);
            logDet += (logarithm - (ratio.Log() * _half)).SumColumns();
            t *= ratio.Sqrt();
        }

        var u = (t * tape.Constant(_scale)) + tape.Constant(_location);
        if (_ordering is null)
            return u;
        Variable<T> x = default;
        if (_reals is not null)
            x = _reals.Apply(u);
        if (_positives is not null)
        {
            var logarithm = _positives.Apply(u);
            logDet += logarithm.SumColumns();
            x = Joined(x, logarithm.Exp() + tape.Constant(_end));
        }

        if (_boundeds is not null)
            x = Joined(x, ToBounded(tape, _boundeds.Apply(u), ref logDet));
        return _ordering.Apply(x);
    }

    private static IReadOnlyList<FeatureChart> Checked(IReadOnlyList<FeatureChart> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
            throw new ArgumentException("Expected at least one feature, got none.", nameof(features));
        for (var j = 0; j < features.Count; j++)
        {
            var chart = features[j];
            if (chart.Scale == 0)
                throw new ArgumentException($"Expected numbers that differ on the scale of {chart.Support}, got one and the same place for feature {j}.", nameof(features));
            if (!double.IsFinite(chart.Location) || !double.IsFinite(chart.Shift) || !double.IsFinite(chart.Cut))
                throw new ArgumentException($"Expected finite numbers, got {chart} for feature {j}.", nameof(features));
            if (!(chart.Scale > 0 && double.IsFinite(chart.Scale) && chart.Stretch > 0 && double.IsFinite(chart.Stretch)))
                throw new ArgumentException($"Expected positive, finite scales, got {chart.Scale} and {chart.Stretch} for feature {j}.", nameof(features));
            if (!(chart.LowerTail is >= 0 and < double.PositiveInfinity && chart.UpperTail is >= 0 and < double.PositiveInfinity))
                throw new ArgumentException($"Expected finite tails of at least 0, got {chart.LowerTail} and {chart.UpperTail} for feature {j}.", nameof(features));
            if (chart.Support.Kind == SupportKind.Circle && !(chart.Cut >= chart.Support.Lower && chart.Cut < chart.Support.Upper))
                throw new ArgumentException($"Expected a cut within [{chart.Support.Lower}, {chart.Support.Upper}), got {chart.Cut} for feature {j}.", nameof(features));
            ConstantRange.CheckLarge<T>(chart.Location, "The location", nameof(features));
            ConstantRange.CheckDivisor<T>(chart.Scale, "The scale", nameof(features));
            ConstantRange.CheckDivisor<T>(chart.Stretch, "The stretch", nameof(features));
            ConstantRange.CheckLarge<T>(chart.Support.Lower, "The lower end", nameof(features));
            ConstantRange.CheckLarge<T>(chart.Support.Upper, "The upper end", nameof(features));
        }

        return features;
    }

    private static T[] Series(Func<int, double> coefficient) => [.. Enumerable.Range(0, 8).Select(k => T.CreateTruncating(coefficient(k)))];

    // numerator / w, or its series where w is small; neither is computed of numbers for which it is not meant.
    private static Variable<T> Quotient(Tape<T> tape, Variable<T> w, Variable<T> numerator, T[] series)
    {
        var isSmall = w.Less(tape.Constant(_small));
        var sum = (w * series[^1]) + series[^2];
        for (var k = series.Length - 3; k >= 0; k--)
            sum = (sum * w) + series[k];
        return isSmall.Where(sum, numerator / isSmall.Where(tape.Constant(T.One), w));
    }

    private static GatherColumnsOperation<T>? Gather(int[] indices) => indices.Length == 0 ? null : new GatherColumnsOperation<T>(indices);

    private static Variable<T> Joined(Variable<T> left, Variable<T> right) => left.IsNone ? right : VariableFunctions.Concatenate(left, right);

    // u = ln d with d = x − end; ln ∂u/∂x = −u. What is not above the end has a harmless d, −∞ as its slope's logarithm, and no gradient.
    private Variable<T> FromPositive(Tape<T> tape, Variable<T> x, ref Variable<T> logDet)
    {
        var distance = x - tape.Constant(_end);
        var outside = distance.Less(tape.Constant(NumberLimits<T>.SmallestNormal));
        var logarithm = outside.Where(tape.Constant(T.One), distance).Log();
        logDet -= outside.Where(tape.Constant(T.PositiveInfinity), logarithm).SumColumns();
        return logarithm;
    }

    // u = Φ⁻¹(w), so that ln ∂u/∂w = u²/2 + ½ ln 2π; a circle's w is counted from the cut. What lies outside is put on the lower end.
    private Variable<T> FromBounded(Tape<T> tape, Variable<T> x, ref Variable<T> logDet)
    {
        var lower = tape.Constant(_lower);
        var outside = x.Less(lower) + tape.Constant(_upper).Less(x);
        var turns = (outside.Where(lower, x) - tape.Constant(_cut)) / tape.Constant(_width);
        if (_hasCircle)
            turns += turns.Less(tape.Constant(T.Zero));
        var u = turns.Max(tape.Constant(_edge)).Min(tape.Constant(T.One - _edge)).Probit();
        logDet += outside.Where(tape.Constant(T.NegativeInfinity), (u.Square() * _half) + _halfLogTwoPi).SumColumns();
        return u;
    }

    private Variable<T> ToBounded(Tape<T> tape, Variable<T> u, ref Variable<T> logDet)
    {
        logDet -= ((u.Square() * _half) + _halfLogTwoPi).SumColumns();
        var x = ((u.NormalCdf() * tape.Constant(_width)) + tape.Constant(_cut)).Max(tape.Constant(_lower));
        if (_hasCircle)
            x -= tape.Constant(_turnEnd).LessOrEqual(x) * tape.Constant(_width);
        return x.Max(tape.Constant(_lower)).Min(tape.Constant(_upper));
    }

    private Variable<T> Tails(Tape<T> tape, Variable<T> t) => t.Less(tape.Constant(T.Zero)).Where(tape.Constant(_lowerTail), tape.Constant(_upperTail));

    private int[] IndicesOf(SupportKind kind, SupportKind other) =>
        [.. Enumerable.Range(0, Features).Where(feature => _features[feature].Support.Kind == kind || _features[feature].Support.Kind == other)];

    private T[] Row(int[] indices, Func<FeatureChart, double> number) => Array.ConvertAll(indices, feature => T.CreateTruncating(number(_features[feature])));
}
