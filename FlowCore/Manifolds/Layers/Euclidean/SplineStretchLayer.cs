using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A rotation, then of every feature a rational-quadratic spline of a box onto a box, with straight lines outside: g with <c>rq_splines</c>.</summary>
/// <remarks>
/// Durkan et al. 2019, "Neural Spline Flows". The boxes are [β0, β0 + e^β1 + ½] of the data and [β2, β2 + e^β3 + ½] of the base. Slopes are those between both
/// boxes; the fused spline works on unit boxes, where they are the quotient of the boxes' sizes as large.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class SplineStretchLayer<T> : EuclideanLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double LeastBox = 0.5;
    private const double LeastSlope = 1e-3;

    // Slopes go through the softplus of the fused spline and back; so small a minimum is lost in their rounding.
    private const double NoMinimum = 1e-30;

    private readonly Rotation<T>? _rotation;
    private readonly bool _startsWithAxes;
    private readonly int _bins;
    private readonly SplineOperation<T> _forward;
    private readonly SplineOperation<T> _inverse;
    private readonly GatherColumnsOperation<T> _byFeature;
    private readonly GatherColumnsOperation<T>[] _boundaries;

    /// <summary>Sets the parts.</summary>
    /// <param name="manifold">R^D.</param>
    /// <param name="hasOffset">Whether there is b.</param>
    /// <param name="startsWithAxes">Whether a start from data turns principal axes into the coordinates' axes.</param>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="bins">K, at least 2.</param>
    public SplineStretchLayer(Manifold manifold, bool hasOffset, bool startsWithAxes, Rotation<T>? rotation, int bins)
        : base(
            manifold, hasOffset, rotation?.Array, new LayerArray("log_widths", manifold.Dimension, bins), new LayerArray("log_heights", manifold.Dimension, bins),
            new LayerArray("log_derivatives", manifold.Dimension, bins + 1), new LayerArray("boundary_points", manifold.Dimension, 4))
    {
        _rotation = rotation;
        _startsWithAxes = startsWithAxes;
        _bins = bins;
        var settings = new SplineSettings(bins)
        {
            Lower = 0,
            Upper = 1,
            Parametrization = SplineParametrization.Softmax,
            MinimumSlope = NoMinimum,
            Ends = SplineEnds.Free,
            Tails = SplineTails.Linear,
        };
        var (d, features) = (Dimension, Enumerable.Range(0, Dimension));
        _forward = new SplineOperation<T>(settings, [.. features]);
        _inverse = new SplineOperation<T>(settings, [.. features], inverse: true);
        _byFeature = new GatherColumnsOperation<T>([.. features.SelectMany(
            i => (int[])[.. Enumerable.Range(i * bins, bins), .. Enumerable.Range((d * bins) + (i * bins), bins), .. Enumerable.Range((2 * d * bins) + (i * (bins + 1)), bins + 1)])]);
        _boundaries = [.. Enumerable.Range(0, 4).Select(j => new GatherColumnsOperation<T>([.. features.Select(i => (4 * i) + j)]))];
    }

    private int FirstSpline => FirstOwn + (_rotation is null ? 0 : 1);

    /// <inheritdoc/>
    protected override Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var y = _rotation is null ? x : _rotation.Evaluate(x, parameters[FirstOwn]);
        var numbers = Numbers(parameters, out var source, out var target);
        var unit = _forward.Apply((y - source.Lower) / source.Size, numbers, out var logSlope);
        logDet = logSlope + LogScale(source, target);
        return (unit * target.Size) + target.Lower;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var numbers = Numbers(parameters, out var source, out var target);
        var unit = _inverse.Apply((z - target.Lower) / target.Size, numbers, out var logSlope);
        logDet = LogScale(source, target) - logSlope;
        var y = (unit * source.Size) + source.Lower;
        return _rotation is null ? y : _rotation.Sample(y, parameters[FirstOwn]);
    }

    /// <inheritdoc/>
    protected override void FreshOwn(Span<double> numbers, RandomStream stream)
    {
        _rotation?.Fresh(Part(numbers, FirstOwn), stream);
        Part(numbers, FirstSpline).Fill(1);
        Part(numbers, FirstSpline + 1).Fill(1);
        Part(numbers, FirstSpline + 2).Fill(RawSlope(1));
        var boundary = Part(numbers, FirstSpline + 3);
        for (var i = 0; i < boundary.Length; i++)
            boundary[i] = i % 2 == 0 ? -1 : 1;
    }

    /// <inheritdoc/>
    /// <remarks>A straight line that gives every feature of the turned data the mean 0 and the variance 1, its box from the least to the largest number.</remarks>
    protected override void StartOwn(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream)
    {
        FreshOwn(numbers, stream);
        var turned = DataAxes.Turned(_rotation, _startsWithAxes, rows, _rotation is null ? default : Part(numbers, FirstOwn), stream, Dimension);
        var feature = new double[turned.Length / Dimension];
        var boundary = Part(numbers, FirstSpline + 3);
        for (var d = 0; d < Dimension; d++)
        {
            for (var row = 0; row < feature.Length; row++)
                feature[row] = turned[(row * Dimension) + d];
            Array.Sort(feature);
            var mean = feature.Average();
            var deviation = Math.Sqrt(feature.Average(value => (value - mean) * (value - mean)));
            var scale = deviation > 0 ? 1 / deviation : 1;

            // Both boxes are a little larger than their least size, so that their raw numbers are finite.
            var size = Math.Max(feature[^1] - feature[0], (LeastBox + LeastSlope) * Math.Max(1, 1 / scale));
            boundary[4 * d] = feature[0];
            boundary[(4 * d) + 1] = Math.Log(size - LeastBox);
            boundary[(4 * d) + 2] = (feature[0] - mean) * scale;
            boundary[(4 * d) + 3] = Math.Log((size * scale) - LeastBox);
            Part(numbers, FirstSpline + 2).Slice(d * (_bins + 1), _bins + 1).Fill(RawSlope(scale));
        }
    }

    private static double RawSlope(double slope) => Math.Log(double.ExpM1(Math.Max(slope - LeastSlope, LeastSlope)));

    private static Variable<T> LogScale((Variable<T> Lower, Variable<T> Size) source, (Variable<T> Lower, Variable<T> Size) target) =>
        (target.Size.Log() - source.Size.Log()).SumColumns();

    private Variable<T> Numbers(in LayerParameters<T> parameters, out (Variable<T> Lower, Variable<T> Size) source, out (Variable<T> Lower, Variable<T> Size) target)
    {
        var boundary = parameters[FirstSpline + 3];
        (source, target) = (Box(boundary, 0), Box(boundary, 2));
        var slopes = (parameters[FirstSpline + 2].Softplus() + T.CreateTruncating(LeastSlope)) * (source.Size / target.Size).RepeatColumns(_bins + 1);
        return _byFeature.Apply(VariableFunctions.Concatenate(parameters[FirstSpline], parameters[FirstSpline + 1], slopes + slopes.Log1mexp()));
    }

    private (Variable<T> Lower, Variable<T> Size) Box(Variable<T> boundary, int first) =>
        (_boundaries[first].Apply(boundary), _boundaries[first + 1].Apply(boundary).Exp() + T.CreateTruncating(LeastBox));
}
