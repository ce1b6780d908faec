using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A Bernstein polynomial with increasing coefficients on [−B, B], the identity or straight lines outside.</summary>
/// <remarks>
/// <para>
/// Ramasinghe, Fernando, Khan and Barnes 2021, "Robust normalizing flows using Bernstein-type polynomials"; the parameters are zuko's. With
/// t = (x + B)/2B and degree M, f(t) = Σ_i C(M, i) t^i (1 − t)^(M − i) c_i, and f' > 0 as the steps Δ_i = c_{i+1} − c_i are positive.
/// Bounded: c_0 = −B and Δ = (δ, δ, (2B − 4δ) softmax(θ), δ, δ) with δ = 2B/M, M = n + 4. Free: c_0 = θ_0 − ½ n ln 2 and
/// Δ = ln(1 + e^θ) of θ_1, θ_1, θ_2, …, θ_{n−1}, θ_{n−1}, M = n + 1.
/// </para>
/// <para>
/// Evaluated with b_i = C(M − 1, i) t^i (1 − t)^(M − 1 − i): f' = M Σ Δ_i b_i and f = c_0 + t Σ (M/(i + 1)) (c_{i+1} − c_0) b_i. All
/// terms are positive, so nothing cancels. The inverse is solved for. A polynomial of degree M → ∞ comes near any increasing map of the
/// interval, slowly: a spline needs fewer parameters for detail, this one is smooth. Cost: a few operations on M columns a feature.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BernsteinPolynomial<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Nobody's t: a number whose logarithm stays finite and whose square does, for the ends.
    private static readonly T _tiny = T.CreateTruncating(1e-18);

    private readonly int _degree;

    // The exponents i and M − 1 − i, ln C(M − 1, i), M/(i + 1), and for the bounded form the constant steps and which ones they are.
    private readonly T[] _up;
    private readonly T[] _down;
    private readonly T[] _logChoices;
    private readonly T[] _elevations;
    private readonly T[] _constantSteps;
    private readonly T[] _isConstant;
    private readonly SegmentGather<T> _steps;

    /// <summary>Creates the map.</summary>
    /// <param name="settings">The constants.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public BernsteinPolynomial(BernsteinSettings settings)
        : base(Checked(settings).Coefficients)
    {
        ConstantRange.CheckDivisor<T>(2 * settings.Bound, "The polynomial's interval of length", nameof(settings));
        Settings = settings;
        _degree = settings.Degree;
        _up = new T[_degree];
        _down = new T[_degree];
        _logChoices = new T[_degree];
        _elevations = new T[_degree];
        _constantSteps = new T[_degree];
        _isConstant = new T[_degree];
        var logChoice = 0.0;
        for (var i = 0; i < _degree; i++)
        {
            _up[i] = T.CreateTruncating(i);
            _down[i] = T.CreateTruncating(_degree - 1 - i);
            _logChoices[i] = T.CreateTruncating(logChoice);
            _elevations[i] = T.CreateTruncating(_degree / (i + 1.0));
            logChoice += Math.Log((_degree - 1.0 - i) / (i + 1));
            if (settings.IsBounded && (i < 2 || i >= _degree - 2))
                (_constantSteps[i], _isConstant[i]) = (T.CreateTruncating(2 * settings.Bound / _degree), T.One);
        }

        var n = settings.Coefficients;
        _steps = settings.IsBounded
            ? new SegmentGather<T>(n, [0, 0, .. Enumerable.Range(0, n), 0, 0])
            : new SegmentGather<T>(n - 1, [0, .. Enumerable.Range(0, n - 1), n - 2]);
    }

    /// <inheritdoc/>
    public static string Kind => "bernstein-polynomial";

    /// <summary>The constants.</summary>
    public BernsteinSettings Settings { get; }

    /// <inheritdoc/>
    protected internal override string ParameterName => "bernstein";

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new BernsteinPolynomial<T>(new BernsteinSettings(reader.Size("coefficients"), reader.Number("bound"))
        {
            IsBounded = reader.Flag("bounded"),
            TailOffset = reader.Number("tail_offset"),
        });
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("coefficients", Settings.Coefficients);
        writer.Write("bound", Settings.Bound);
        writer.Write("bounded", Settings.IsBounded);
        writer.Write("tail_offset", Settings.TailOffset);
    }

    /// <summary>The bounded form is nearest to the identity at zeros, as equal steps are; the free one is it with steps of 2B/M and its lower end at −B.</summary>
    /// <param name="raw">Receives the parameters.</param>
    protected internal override void Start(Span<double> raw)
    {
        if (Settings.IsBounded)
            return;
        raw.Fill(Math.Log(Math.Exp(2 * Settings.Bound / _degree) - 1));
        raw[0] = (0.5 * Settings.Coefficients * Math.Log(2)) - Settings.Bound;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var (bound, offset) = (T.CreateTruncating(Settings.Bound), T.CreateTruncating(Settings.TailOffset));
        var twice = bound + bound;
        var t = (x + bound) * (T.One / twice);
        var place = t.StopGradient();
        var (lower, upper) = (tape.Constant(offset), tape.Constant(T.One - offset));

        // At an end the constant counts: the line that begins there has the derivative.
        var inside = upper.Min(lower.Max(t));
        var steps = Steps(raw);
        Evaluate(inside, steps, out var sum, out var slope);

        // Straight lines with the slopes where they begin; at a point inside they have no length.
        var value = (inside * sum) + (slope * (t - inside));
        if (!Settings.IsBounded)
        {
            logSlope = slope.Log() - T.Log(twice);
            return value + raw[0] - T.CreateTruncating(0.5 * Settings.Coefficients * Math.Log(2));
        }

        var (below, above) = (place.LessOrEqual(lower), upper.LessOrEqual(place));
        logSlope = (below + above).Where(tape.Constant(T.Zero), slope.Log() - T.Log(twice));
        var outside = offset == T.Zero ? x : x + ((above - below) * (twice * offset));
        return (below + above).Where(outside, value - bound);
    }

    // Σ (M/(i + 1)) (c_{i+1} − c_0) b_i(t), and f'(t).
    private void Evaluate(Variable<T> t, Variable<T> steps, out Variable<T> sum, out Variable<T> slope)
    {
        var tape = t.Tape!;
        var features = t.Columns;
        var tiny = tape.Constant(_tiny);
        var logarithm = t.Max(tiny).Log().RepeatColumns(_degree);
        var complement = (T.One - t).Max(tiny).Log().RepeatColumns(_degree);
        var basis = ((logarithm * Tiled(_up)) + (complement * Tiled(_down)) + Tiled(_logChoices)).Exp();
        sum = (steps.CumulativeSum(_degree) * Tiled(_elevations) * basis).SumSegments(_degree);
        slope = (steps * basis).SumSegments(_degree) * T.CreateTruncating(_degree);

        Variable<T> Tiled(T[] numbers) => tape.Constant(numbers).TileColumns(features);
    }

    private Variable<T> Steps(in RawParameters<T> raw)
    {
        var n = Settings.Coefficients;
        if (!Settings.IsBounded)
            return _steps.Apply(raw.Columns(1, n - 1).Softplus());
        var free = raw.Columns(0, n).SoftmaxSegments(n) * T.CreateTruncating(2 * Settings.Bound * n / _degree);
        var tape = free.Tape!;
        return tape.Constant(_isConstant).TileColumns(raw.Features).Where(tape.Constant(_constantSteps).TileColumns(raw.Features), _steps.Apply(free));
    }

    private static BernsteinSettings Checked(BernsteinSettings settings)
    {
        settings.Check(nameof(settings));
        return settings;
    }
}
