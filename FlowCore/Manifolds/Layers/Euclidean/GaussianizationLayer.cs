using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A rotation, then of every feature the distribution function of a mixture of logistic distributions and a quantile function.</summary>
/// <remarks>
/// Chen and Gopinath 2000, "Gaussianization"; Meng et al. 2020, "Gaussianization flows". Sampling solves for the log odds between bounds in closed form, to the full
/// precision of the type.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class GaussianizationLayer<T> : EuclideanLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MixtureSettings _settings;
    private readonly Rotation<T>? _rotation;
    private readonly QuantileMap<T> _quantile;
    private readonly GatherColumnsOperation<T> _byFeature;
    private readonly GatherColumnsOperation<T>? _allButLast;
    private readonly GatherColumnsOperation<T>? _firstWeights;
    private readonly GatherColumnsOperation<T>? _lastWeight;
    private readonly GatherColumnsOperation<T>? _together;
    private readonly T[] _equalWeights;
    private readonly T[] _noCentres;
    private readonly bool _startsWithAxes;
    private readonly int _centres;
    private readonly int _widths;
    private readonly int _norms;
    private readonly int _skews;

    /// <summary>Sets the parts.</summary>
    /// <param name="manifold">R^D.</param>
    /// <param name="hasOffset">Whether there is b.</param>
    /// <param name="startsWithAxes">Whether a start from data turns principal axes into the coordinates' axes.</param>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="settings">The mixture.</param>
    /// <param name="names">The names of its arrays.</param>
    /// <param name="quantile">The quantile function.</param>
    public GaussianizationLayer(
        Manifold manifold, bool hasOffset, bool startsWithAxes, Rotation<T>? rotation, MixtureSettings settings, MixtureNames names, QuantileMap<T> quantile)
        : base(manifold, hasOffset, [rotation?.Array, .. MixtureArrays(manifold.Dimension, settings, names)])
    {
        _settings = settings;
        _rotation = rotation;
        _quantile = quantile;
        _startsWithAxes = startsWithAxes;
        _byFeature = Gather(settings.Components);
        _equalWeights = [.. Enumerable.Repeat(T.One / T.CreateTruncating(settings.Components), settings.Norms.IsFitted ? 0 : checked(Dimension * settings.Components))];
        _noCentres = new T[Dimension];
        if (settings.IsCentred && settings.Components > 1)
        {
            var (d, all) = (Dimension, settings.Components);
            _allButLast = Gather(all - 1);
            _firstWeights = Where(d * (all - 1), i => (i / (all - 1) * all) + (i % (all - 1)));
            _lastWeight = Where(d, i => (i * all) + all - 1);
            _together = Where(d * all, i => i % all < all - 1 ? (i / all * (all - 1)) + (i % all) : (d * (all - 1)) + (i / all));
        }

        // Arrays that are not there have no index.
        var next = FirstOwn + (rotation is null ? 0 : 1);
        _centres = settings.IsCentred && settings.Components == 1 ? -1 : next++;
        _widths = next++;
        _norms = settings.Norms.IsFitted ? next++ : -1;
        _skews = settings.IsSkewed ? next : -1;
    }

    private int Components => _settings.Components;

    /// <inheritdoc/>
    protected override Variable<T> EvaluateCentred(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var y = _rotation is null ? x : _rotation.Evaluate(x, parameters[FirstOwn]);
        var logLower = MixtureOf(y.Tape!, parameters).Tails(y, out var logUpper, out var logSlope);
        var z = _quantile.Evaluate(logLower, logUpper, out var ofQuantile);
        logDet = (ofQuantile.IsNone ? logSlope : logSlope + ofQuantile).SumColumns();
        return z;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleCentred(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var logOdds = _quantile.LogOdds(z);
        var y = MixtureOf(z.Tape!, parameters).Quantile(logOdds, out var logSlope);
        _quantile.Evaluate(-(-logOdds).Softplus(), -logOdds.Softplus(), out var ofQuantile);
        logDet = (ofQuantile.IsNone ? logSlope : logSlope + ofQuantile).SumColumns();
        return _rotation is null ? y : _rotation.Sample(y, parameters[FirstOwn]);
    }

    /// <inheritdoc/>
    protected override void FreshOwn(Span<double> numbers, RandomStream stream)
    {
        _rotation?.Fresh(Part(numbers, FirstOwn), stream.Substream(0));
        if (_centres >= 0)
            stream.Substream(1).FillNormal(Part(numbers, _centres));
        Part(numbers, _widths).Fill(0.2 * Math.Log(4 * Math.Sqrt(Math.PI) / (Math.Pow(Math.PI, 4) * Components)));
        if (_norms >= 0)
            Part(numbers, _norms).Fill(1);
    }

    /// <inheritdoc/>
    /// <remarks>Centres at percentiles of the turned data, from the least to the largest, as wide as one and a half of the smallest gap.</remarks>
    protected override void StartOwn(ReadOnlySpan<double> rows, Span<double> numbers, RandomStream stream)
    {
        FreshOwn(numbers, stream);
        var turned = DataAxes.Turned(_rotation, _startsWithAxes, rows, _rotation is null ? default : Part(numbers, FirstOwn), stream.Substream(0), Dimension);
        var feature = new double[turned.Length / Dimension];
        var centres = new double[Components];
        for (var d = 0; d < Dimension; d++)
        {
            for (var row = 0; row < feature.Length; row++)
                feature[row] = turned[(row * Dimension) + d];
            Array.Sort(feature);
            for (var k = 0; k < Components; k++)
                centres[k] = DataAxes.Percentile(feature, Components == 1 ? 0.5 : (double)k / (Components - 1));
            var gap = Components == 1 ? feature[^1] - feature[0] : double.PositiveInfinity;
            for (var k = 1; k < Components; k++)
                gap = Math.Min(gap, centres[k] - centres[k - 1]);

            // Repeated values leave no gap.
            gap = Math.Max(gap, 1e-3 * (feature[^1] - feature[0]) / Components);
            var width = _settings.Widths.Invert(1.5 * gap);
            for (var k = 0; k < Components; k++)
            {
                Part(numbers, _widths)[(k * Dimension) + d] = width;
                if (_centres >= 0 && (_allButLast is null || k < Components - 1))
                    Part(numbers, _centres)[(k * Dimension) + d] = centres[k];
            }
        }
    }

    private static LayerArray?[] MixtureArrays(int dimension, MixtureSettings settings, MixtureNames names)
    {
        var centres = settings.Components - (settings.IsCentred ? 1 : 0);
        return
        [
            centres > 0 ? new LayerArray(names.Centres, centres, dimension) : null,
            new LayerArray(names.Widths, settings.Components, dimension),
            settings.Norms.IsFitted ? new LayerArray(names.Norms, settings.Components, dimension) : null,
            settings.IsSkewed ? new LayerArray(names.Skews, settings.Components, dimension) : null,
        ];
    }

    private static GatherColumnsOperation<T> Where(int count, Func<int, int> source) => new([.. Enumerable.Range(0, count).Select(source)]);

    // From arrays [K, D] to columns feature by feature.
    private GatherColumnsOperation<T> Gather(int components) => Where(Dimension * components, i => (i % components * Dimension) + (i / components));

    private Mixture<T> MixtureOf(Tape<T> tape, in LayerParameters<T> parameters)
    {
        var widths = _settings.Widths.Apply(_byFeature.Apply(parameters[_widths]));
        var weights = _norms >= 0 ? _settings.Norms.Weights(_byFeature.Apply(parameters[_norms]), Components) : tape.Constant(_equalWeights);
        var skews = _skews >= 0 ? _byFeature.Apply(parameters[_skews]) : default;
        return new Mixture<T>(Components, Centres(tape, parameters, weights), widths, weights, skews);
    }

    private Variable<T> Centres(Tape<T> tape, in LayerParameters<T> parameters, Variable<T> weights)
    {
        if (_centres < 0)
            return tape.Constant(_noCentres);
        if (_allButLast is null)
            return _byFeature.Apply(parameters[_centres]);

        // The last centre makes the mean 0.
        var centres = _allButLast.Apply(parameters[_centres]);
        var byFeature = _firstWeights!.Apply(weights);
        var last = -(centres * byFeature).SumSegments(Components - 1) / _lastWeight!.Apply(weights);
        return _together!.Apply(VariableFunctions.Concatenate(centres, last));
    }
}
