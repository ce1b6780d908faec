using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Splines of [0, 1] in a row, of a stick v and of 1 − v, each to its own full precision.</summary>
/// <remarks>The mirror image of a spline is the spline of its numbers in reverse order: it serves 1 − v as the spline serves v, and the smaller one of both results counts.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class StickSplines<T> : IUnitMap<T>
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

    /// <inheritdoc/>
    public int ParameterCount => _splines * OfOne;

    private int Bins => _spline.Settings.Bins;

    private int OfOne => (2 * Bins) + _spline.Settings.Slopes;

    /// <inheritdoc/>
    /// <remarks>Evaluation goes through the inverse splines from the last to the first, sampling through the splines from the first to the last.</remarks>
    public (Variable<T> U, Variable<T> Remainder) Apply(Variable<T> u, Variable<T> rest, Variable<T> numbers, int start, bool sample, out Variable<T> logSlope)
    {
        logSlope = default;
        for (var step = 0; step < _splines; step++)
        {
            var first = start + ((sample ? step : _splines - 1 - step) * OfOne);
            var (widths, heights) = (numbers.Slice(first, Bins), numbers.Slice(first + Bins, Bins));
            var slopes = numbers.Slice(first + (2 * Bins), _spline.Settings.Slopes);
            var direct = _spline.Apply(u, _spline.Numbers(u.Tape!, widths, heights, slopes), inverse: !sample, out var ofDirect);
            var mirrored = _spline.Apply(
                rest, _spline.Numbers(u.Tape!, _mirrorBins.Apply(widths), _mirrorBins.Apply(heights), _mirrorSlopes.Apply(slopes)), inverse: !sample, out var ofMirrored);
            var ofThis = rest.Less(u).Where(ofMirrored, ofDirect);
            logSlope = TangentRules.Sum(logSlope, sample ? -ofThis : ofThis);
            var isUpper = mirrored.Less(direct);
            (u, rest) = (isUpper.Where(T.One - mirrored, direct), isUpper.Where(mirrored, T.One - direct));
        }

        return (u, rest);
    }

    /// <inheritdoc/>
    /// <remarks>They are those of identities.</remarks>
    public void Fresh(Span<double> numbers, RandomStream stream)
    {
        for (var i = 0; i < _splines; i++)
        {
            var own = numbers.Slice(i * OfOne, OfOne);
            _spline.Fresh(own[..Bins], own.Slice(Bins, Bins), own[(2 * Bins)..]);
        }
    }
}
