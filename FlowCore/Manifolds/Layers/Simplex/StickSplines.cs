using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Splines of [0, 1] in a row, of a stick v and of 1 − v, each to its own full precision.</summary>
/// <remarks>The mirror image of a spline is the spline of its numbers in reverse order: it serves 1 − v as the spline serves v, and the smaller one of both results counts.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class StickSplines<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BoxSpline<T> _spline;
    private readonly int _splines;
    private readonly GatherColumnsOperation<T> _mirrorBins;
    private readonly GatherColumnsOperation<T> _mirrorSlopes;

    /// <summary>Sets the splines.</summary>
    /// <param name="splines">How many.</param>
    /// <param name="settings">Their constants.</param>
    public StickSplines(int splines, BoxSplineSettings settings)
    {
        _splines = splines;
        _spline = new BoxSpline<T>(settings);
        _mirrorBins = new GatherColumnsOperation<T>([.. Enumerable.Range(1, settings.Bins).Select(k => settings.Bins - k)]);
        _mirrorSlopes = new GatherColumnsOperation<T>([.. Enumerable.Range(0, settings.Slopes).Select(k => settings.Slopes - 1 - k)]);
    }

    /// <summary>How many raw numbers there are.</summary>
    public int ParameterCount => _splines * OfOne;

    private int Bins => _spline.Settings.Bins;

    private int OfOne => (2 * Bins) + _spline.Settings.Slopes;

    /// <summary>Evaluation, the inverse splines from the last to the first, or sampling, the splines from the first to the last.</summary>
    /// <param name="stick">v, [rows, 1].</param>
    /// <param name="rest">1 − v, [rows, 1].</param>
    /// <param name="numbers">The raw numbers, [rows, columns] or shared.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="sample">The direction.</param>
    /// <param name="logSlope">ln of the slope in the direction taken, [rows, 1].</param>
    /// <returns>v' and 1 − v'.</returns>
    public (Variable<T> Stick, Variable<T> Remainder) Apply(
        Variable<T> stick, Variable<T> rest, Variable<T> numbers, int start, bool sample, out Variable<T> logSlope)
    {
        logSlope = default;
        for (var step = 0; step < _splines; step++)
        {
            var first = start + ((sample ? step : _splines - 1 - step) * OfOne);
            var (widths, heights) = (numbers.Slice(first, Bins), numbers.Slice(first + Bins, Bins));
            var slopes = numbers.Slice(first + (2 * Bins), _spline.Settings.Slopes);
            var direct = _spline.Apply(stick, _spline.Numbers(stick.Tape!, widths, heights, slopes), inverse: !sample, out var ofDirect);
            var mirrored = _spline.Apply(
                rest, _spline.Numbers(stick.Tape!, _mirrorBins.Apply(widths), _mirrorBins.Apply(heights), _mirrorSlopes.Apply(slopes)), inverse: !sample, out var ofMirrored);
            logSlope = TangentRules.Sum(logSlope, rest.Less(stick).Where(ofMirrored, ofDirect));
            var isUpper = mirrored.Less(direct);
            (stick, rest) = (isUpper.Where(T.One - mirrored, direct), isUpper.Where(mirrored, T.One - direct));
        }

        return (stick, rest);
    }

    /// <summary>Sets the numbers of identities.</summary>
    /// <param name="numbers">Receives <see cref="ParameterCount"/> numbers.</param>
    public void Fresh(Span<double> numbers)
    {
        for (var i = 0; i < _splines; i++)
        {
            var own = numbers.Slice(i * OfOne, OfOne);
            _spline.Fresh(own[..Bins], own.Slice(Bins, Bins), own[(2 * Bins)..]);
        }
    }
}
