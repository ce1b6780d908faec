using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The Gaussianization z = Φ⁻¹(q/2 + (1 − q)/K Σ_k Φ(e^{a_k} x + b_k)) of every feature, with its own parameters, and log|det J|.</summary>
/// <remarks>
/// Chen and Gopinath 2000, "Gaussianization", section 3. Value and adjoint are one fused kernel each; the inverse direction is solved for in the kernel and differentiated
/// implicitly at its solution. Tangents are those of the same formula unfused.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class GaussianizationOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The logistic function of this times t is Φ(t) to a hundredth: enough to see which tail is the smaller one.
    private const double LogisticScale = 1.702;

    private readonly int _components;
    private readonly double _squeeze;
    private readonly int[] _positions;
    private readonly bool _inverse;
    private readonly GatherColumnsOperation<T> _shifts;
    private readonly GatherColumnsOperation<T> _logScales;

    /// <summary>Creates the operation.</summary>
    /// <param name="components">K, at least 1.</param>
    /// <param name="squeeze">q in [0, 1), 0 for none.</param>
    /// <param name="positions">For each feature the position of its 2K parameters among those of the features.</param>
    /// <param name="inverse">Whether to map from z back to x; where |z| is beyond the squeeze, the log-derivative is −∞.</param>
    /// <exception cref="ArgumentException">A number or a position is out of range.</exception>
    public GaussianizationOperation(int components, double squeeze, int[] positions, bool inverse = false)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        if (squeeze is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(squeeze), squeeze, $"Expected a squeeze in [0, 1), got {squeeze}.");
        FeaturePositions.Check(positions);
        _components = components;
        _squeeze = squeeze;
        _positions = [.. positions];
        _inverse = inverse;
        _shifts = new GatherColumnsOperation<T>(Columns(0));
        _logScales = new GatherColumnsOperation<T>(Columns(components));
    }

    /// <summary>K.</summary>
    public int Components => _components;

    /// <summary>q, 0 for none.</summary>
    public double Squeeze => _squeeze;

    /// <summary>Whether it maps from z back to x.</summary>
    public bool IsInverse => _inverse;

    private int ParametersPerFeature => 2 * _components;

    /// <summary>Applies the map.</summary>
    /// <param name="x">[rows, D], a block with a column for each position.</param>
    /// <param name="parameters">[rows, 2K P], a block, or [1, 2K P], the same for all rows: K shifts, then K log-scales at each position.</param>
    /// <param name="logDet">[rows, 1]: the sum of the log-derivatives in the direction taken.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> parameters, out Variable<T> logDet)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        FeaturePositions.CheckShapes(_positions, ParametersPerFeature, x, parameters);
        var y = tape.Allocate(_positions.Length);
        logDet = tape.Allocate(1);
        tape.ApplyInto(this, [x, parameters], [y, logDet]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Gaussianization(_inverse, _components, _squeeze, call.Input(0), call.Input(1), _positions, call.Output(0), call.Output(1));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var parameters = call.Input(1);
        var all = parameters.Columns == _positions.Length * ParametersPerFeature;
        var fresh = false;
        var dx = call.InputAdjoint(0);
        var dparameters = all ? call.InputAdjoint(1, out fresh) : call.InputAdjoint(1);
        call.Kernels.GaussianizationAdjoint(
            _inverse, _components, _squeeze, call.Input(0), parameters, _positions, call.Output(0), call.OutputAdjoint(0), call.OutputAdjoint(1),
            dx, dparameters, fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var parameters = call.Input(1);
        var shifts = _shifts.Apply(parameters);
        var logScales = _logScales.Apply(parameters);
        if (!_inverse)
        {
            var z = Compose(call.Input(0), shifts, logScales, _components, _squeeze, out var logSlope);
            call.SetOutputTangent(0, call.TangentOf(z));
            if (call.Wants(1))
                call.SetOutputTangent(1, call.TangentOf(logSlope.SumColumns()));
            return;
        }

        // ẋ = (ż − ∂z/∂θ θ̇) / z′: what is composed of x has no tangent of x before this is set.
        var x = call.Output(0);
        var ofParameters = call.TangentOf(Compose(x, shifts, logScales, _components, _squeeze, out var slope));
        var change = call.InputTangent(0);
        if (!ofParameters.IsNone)
            change = change.IsNone ? -ofParameters : change - ofParameters;
        change *= (-slope).Exp();
        if (_squeeze > 0)
            change = HasOrigin(call.Input(0), _squeeze).Where(change, call.Tape.Constant(T.Zero));

        // Also where only the log-derivative is wanted: it moves with x.
        call.Tape.SetTangent(x, change);
        if (!call.Wants(1))
            return;
        _ = Compose(x, shifts, logScales, _components, _squeeze, out var logDerivative);
        call.SetOutputTangent(1, call.TangentOf(-logDerivative.SumColumns()));
    }

    /// <summary>The map composed of operations on the tape.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="shifts">b, [rows, D K] or shared.</param>
    /// <param name="logScales">a, the same.</param>
    /// <param name="components">K.</param>
    /// <param name="squeeze">q.</param>
    /// <param name="logSlope">[rows, D].</param>
    /// <returns>[rows, D].</returns>
    internal static Variable<T> Compose(Variable<T> x, Variable<T> shifts, Variable<T> logScales, int components, double squeeze, out Variable<T> logSlope)
    {
        var tape = x.Tape!;
        var t = (x.RepeatColumns(components) * logScales.Exp()) + shifts;

        // In the upper half all signs are turned, so that the tail that is averaged is the smaller one, or nearly.
        var side = (tape.StopGradient(t) * T.CreateTruncating(LogisticScale)).Sigmoid().SumSegments(components);
        var isUpper = tape.Constant(T.CreateTruncating(0.5 * components)).Less(side);
        var sign = T.One - (isUpper * T.CreateTruncating(2));
        var logTail = (t * sign.RepeatColumns(components)).LogNormalCdf().LogSumExpSegments(components) - T.CreateTruncating(Math.Log(components));
        var constant = -Math.Log(components);
        if (squeeze > 0)
        {
            // ln(q/2 + (1 − q) P), of its larger term where that is P.
            var kept = double.LogP1(-squeeze);
            logTail += T.CreateTruncating(kept);
            logTail += (T.CreateTruncating(Math.Log(0.5 * squeeze)) - logTail).Softplus();
            constant += kept;
        }

        var z = sign * logTail.ProbitOfLog();
        var half = T.CreateTruncating(0.5);
        logSlope = (logScales - (t.Square() * half)).LogSumExpSegments(components) + (z.Square() * half) + T.CreateTruncating(constant);
        return z;
    }

    /// <summary>1 where |z| is within the squeeze, so that there is an x, else 0.</summary>
    internal static Variable<T> HasOrigin(Variable<T> z, double squeeze)
    {
        var tape = z.Tape!;
        return tape.StopGradient(z).Abs().Less(tape.Constant(new GaussianizationConstants<T>(1, squeeze, inverse: true).Limit));
    }

    private int[] Columns(int first)
    {
        var indices = new int[_positions.Length * _components];
        for (var j = 0; j < _positions.Length; j++)
        {
            for (var k = 0; k < _components; k++)
                indices[(j * _components) + k] = (_positions[j] * ParametersPerFeature) + first + k;
        }

        return indices;
    }
}
