using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A rotation, a <see cref="FisherZoom{T}"/>, and splines of n_z and of the azimuth.</summary>
/// <remarks>
/// <para>
/// With c = n_z of the zoomed point and its azimuth φ the evaluation maps φ by splines whose raw numbers are multiplied by the window 1 − (10a³ − 15a⁴ + 6a⁵), a = |c|, so that they fade
/// to the identity at the poles and the density is continuous there; then c by splines of [−β, β]. The map is triangular, so ld is the sum of the logarithms of both slopes.
/// In the correlated form the raw numbers of the azimuth's splines come from a network of c, and the density may jump at the poles.
/// </para>
/// <para>At the poles azimuth and its derivatives are 0.</para>
/// </remarks>
internal sealed class FisherLayer<T> : SphereLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CorrelatedName = "correlated_flow_params";
    private const int HiddenUnits = 64;

    // What fresh weights of a network inside of a layer are divided by, so that it begins at its last bias.
    private const double FreshNetworkScale = 1e-3;

    private const double LeastRaw = -5;

    private static readonly T _half = T.CreateTruncating(0.5);

    private readonly FisherSettings _settings;
    private readonly LayerChain<T>? _vertical;
    private readonly LayerChain<T>? _circular;
    private readonly AmortizableMlpShape? _network;
    private readonly int _verticalArray;
    private readonly int _circularArray;

    /// <summary>Creates the layer.</summary>
    /// <param name="rotation">The rotation.</param>
    /// <param name="settings">The options.</param>
    /// <param name="vertical">The splines of n_z, on the unit interval; null for none.</param>
    /// <param name="circular">The splines of the azimuth; null for none.</param>
    public FisherLayer(SphereRotation? rotation, FisherSettings settings, LayerChain<T>? vertical, LayerChain<T>? circular)
        : this(rotation, settings, vertical, circular, settings.IsCorrelated ? new AmortizableMlpShape(1, [HiddenUnits], circular!.ParameterCount, [settings.Rank]) : null)
    {
    }

    private FisherLayer(SphereRotation? rotation, FisherSettings settings, LayerChain<T>? vertical, LayerChain<T>? circular, AmortizableMlpShape? network)
        : base(rotation, ListArrays(settings, vertical, circular, network))
    {
        (_settings, _vertical, _circular, _network) = (settings, vertical, circular, network);
        _verticalArray = RotationArrays + (settings.HasOwnKappa ? 1 : 0);
        _circularArray = _verticalArray + (!settings.IsCorrelated && vertical is { ParameterCount: > 0 } ? 1 : 0);
    }

    /// <inheritdoc/>
    protected override double FreshRotation => _settings.HasOwnKappa ? 1 : 0.01;

    private int NetworkStart => _vertical!.ParameterCount;

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        if (_settings.HasOwnKappa)
        {
            var kappa = Part(numbers, RotationArrays);
            stream.Substream(1).FillNormal(kappa);
            kappa[0] -= 3;
        }

        if (_vertical is { ParameterCount: > 0 })
            _vertical.Fresh(Part(numbers, _verticalArray)[.._vertical.ParameterCount], stream.Substream(2));
        if (_network is not null)
        {
            var bias = new double[_circular!.ParameterCount];
            _circular.Fresh(bias, stream.Substream(3));
            _network.Fresh(Part(numbers, _circularArray)[NetworkStart..], stream.Substream(4), scale: FreshNetworkScale, bias);
        }
        else if (_circular is { ParameterCount: > 0 })
        {
            _circular.Fresh(Part(numbers, _circularArray), stream.Substream(3));
        }
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var n = FisherZoom<T>.Evaluate(x, Kappa(parameters), _settings.IsSouth, out logDet);
        if (_settings.HasQuarterTurn)
            n = VariableFunctions.Concatenate(-n.Slice(2, 1), n.Slice(1, 1), n.Slice(0, 1));
        if (_vertical is null && _circular is null)
            return n;
        var mapped = MapSplines(n, parameters, sample: false, out var ofSplines);
        logDet = TangentRules.Sum(logDet, ofSplines);
        return mapped;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        Variable<T> ofSplines = default;
        var n = _vertical is null && _circular is null ? z : MapSplines(z, parameters, sample: true, out ofSplines);
        if (_settings.HasQuarterTurn)
            n = VariableFunctions.Concatenate(n.Slice(2, 1), n.Slice(1, 1), -n.Slice(0, 1));
        var x = FisherZoom<T>.Sample(n, Kappa(parameters), _settings.IsSouth, out logDet);
        logDet = TangentRules.Sum(logDet, ofSplines);
        return x;
    }

    private Variable<T> Kappa(in LayerParameters<T> parameters)
    {
        var raw = parameters[_settings.HasOwnKappa ? RotationArrays : 0];
        var least = T.CreateTruncating(_settings.LeastKappa);
        if (_settings.IsClamped && _settings.Kappa != KappaForm.LogBounded && _settings.HasOwnKappa)
            raw = raw.Max(raw.Tape!.Constant(T.CreateTruncating(LeastRaw)));
        switch (_settings.Kappa)
        {
            case KappaForm.Exponential:
                return raw.Exp() + least;
            case KappaForm.Softplus:
                return raw.Softplus() + least;
            case KappaForm.LogBounded:
                return raw.Softplus().Exp() * least;
            default:
                var isQuaternion = _settings.Kappa is KappaForm.Quaternion or KappaForm.QuaternionSquared;
                var square = raw.Slice(isQuaternion ? 1 : 0, 3).Square().SumColumns();
                return _settings.Kappa is KappaForm.DirectionSquared or KappaForm.QuaternionSquared
                    ? square
                    : square.Max(raw.Tape!.Constant(NumberLimits<T>.SmallestNormal)).Sqrt();
        }
    }

    // The point with its height and azimuth mapped; outside of |c| < β it stays.
    private Variable<T> MapSplines(Variable<T> n, in LayerParameters<T> parameters, bool sample, out Variable<T> logDet)
    {
        var tape = n.Tape!;
        var (one, zero) = (tape.Constant(T.One), tape.Constant(T.Zero));
        var (x, y, z) = (n.Slice(0, 1), n.Slice(1, 1), n.Slice(2, 1));
        var isPole = ManifoldChart<T>.IsPole(x, y);
        (x, y) = (isPole.Where(one, x), isPole.Where(zero, y));
        var rho = x.Hypot(y);
        var (_, v) = BaseChart<T>.Halves(n.Slice(0, 1), n.Slice(1, 1), z);
        var isInside = _settings.Bound < 1 ? z.Abs().Less(tape.Constant(T.CreateTruncating(_settings.Bound))) : default;
        Variable<T> ofHeight = default, ofAzimuth = default;
        var azimuth = default(Variable<T>);
        if (sample)
        {
            var mapped = MapHeight(v, isInside, parameters, sample, out ofHeight);
            azimuth = MapAzimuth(x, y, (mapped + mapped) - T.One, parameters, sample, out ofAzimuth);
            v = mapped;
        }
        else
        {
            azimuth = MapAzimuth(x, y, z, parameters, sample, out ofAzimuth);
            v = MapHeight(v, isInside, parameters, sample, out ofHeight);
        }

        var (cosine, sine) = azimuth.IsNone ? (x / rho, y / rho) : (azimuth.Cos(), azimuth.Sin());
        var u = T.One - v;
        var distance = _vertical is null
            ? isPole.Where(zero, rho)
            : (u * v).Max(tape.Constant(NumberLimits<T>.SmallestNormal)).Sqrt() * T.CreateTruncating(2);
        var result = VariableFunctions.Concatenate(cosine * distance, sine * distance, _vertical is null ? z : SphereHeight<T>.Of(u, v));
        logDet = TangentRules.Sum(ofHeight, ofAzimuth);
        if (isInside.IsNone)
            return result;
        logDet = logDet.IsNone ? logDet : isInside.Where(logDet, zero);
        return isInside.Where(result, n);
    }

    // V = (1 + c)/2; the splines' unit interval is [−β, β].
    private Variable<T> MapHeight(Variable<T> v, Variable<T> isInside, in LayerParameters<T> parameters, bool sample, out Variable<T> logDet)
    {
        logDet = default;
        if (_vertical is null)
            return v;
        var numbers = _vertical.ParameterCount > 0 ? parameters[_verticalArray] : default;
        var part = v;
        if (!isInside.IsNone)
        {
            var inside = isInside.Where(v, v.Tape!.Constant(_half));
            part = ((inside - _half) * T.CreateTruncating(1 / _settings.Bound)) + _half;
        }

        var mapped = sample ? _vertical.Sample(part, null, numbers, 0, out logDet) : _vertical.Evaluate(part, null, numbers, 0, out logDet);
        return isInside.IsNone ? mapped : ((mapped - _half) * T.CreateTruncating(_settings.Bound)) + _half;
    }

    private Variable<T> MapAzimuth(Variable<T> x, Variable<T> y, Variable<T> height, in LayerParameters<T> parameters, bool sample, out Variable<T> logDet)
    {
        logDet = default;
        if (_circular is null)
            return default;
        var numbers = default(Variable<T>);
        if (_network is not null)
            numbers = _network.Apply(height, parameters[_circularArray], NetworkStart);
        else if (_circular.ParameterCount > 0)
            numbers = parameters[_circularArray] * Window(height);
        var azimuth = y.Atan2(x);
        return sample ? _circular.Sample(azimuth, null, numbers, 0, out logDet) : _circular.Evaluate(azimuth, null, numbers, 0, out logDet);
    }

    // 1 − a³ (10 − 15 a + 6 a²).
    private static Variable<T> Window(Variable<T> height)
    {
        var a = height.Abs();
        return T.One - (a.Cube() * ((((a * T.CreateTruncating(6)) - T.CreateTruncating(15)) * a) + T.CreateTruncating(10)));
    }

    private static List<LayerArray> ListArrays(FisherSettings settings, LayerChain<T>? vertical, LayerChain<T>? circular, AmortizableMlpShape? network)
    {
        var arrays = new List<LayerArray>();
        if (settings.HasOwnKappa)
            arrays.Add(new LayerArray("loglike_kappa", 1));
        if (network is not null)
        {
            arrays.Add(new LayerArray(CorrelatedName, vertical!.ParameterCount + network.ParameterCount));
            return arrays;
        }

        if (vertical is { ParameterCount: > 0 })
            arrays.Add(new LayerArray("vertical_flow_params", vertical.ParameterCount));
        if (circular is { ParameterCount: > 0 })
            arrays.Add(new LayerArray("circular_flow_params", circular.ParameterCount));
        return arrays;
    }
}
