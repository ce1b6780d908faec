using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The affine map y = x·e^s + t of every feature, with its own parameters, and log|det J|.</summary>
/// <remarks>
/// Papamakarios, Pavlakou and Murray 2017, equation 4. The parameters of a feature are the shift t and an unconstrained
/// a; the log-scale is s = a / (1 + |a / ln S|) with S the slope, so that e^s stays between S and 1/S. Tangents are those of
/// the same formula unfused.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class AffineOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int ParametersPerFeature = 2;

    private readonly double _slope;
    private readonly int[] _positions;
    private readonly bool _inverse;
    private readonly GatherColumnsOperation<T> _shifts;
    private readonly GatherColumnsOperation<T> _logScales;

    /// <summary>Creates the operation.</summary>
    /// <param name="slope">S in (0, 1), or 0 for s = a without a limit.</param>
    /// <param name="positions">For each feature the position of its 2 parameters among those of the features.</param>
    /// <param name="inverse">Whether to compute (x − t)·e^−s instead.</param>
    /// <exception cref="ArgumentException">The slope or a position is out of range.</exception>
    public AffineOperation(double slope, int[] positions, bool inverse = false)
    {
        ArgumentNullException.ThrowIfNull(positions);
        if (!(slope >= 0 && slope < 1))
            throw new ArgumentException($"Expected a slope of 0 or between 0 and 1, got {slope}.", nameof(slope));
        FeaturePositions.Check(positions);
        _slope = slope;
        _positions = [.. positions];
        _inverse = inverse;
        _shifts = new GatherColumnsOperation<T>(Array.ConvertAll(positions, position => ParametersPerFeature * position));
        _logScales = new GatherColumnsOperation<T>(Array.ConvertAll(positions, position => (ParametersPerFeature * position) + 1));
    }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope => _slope;

    /// <summary>Whether it computes (x − t)·e^−s.</summary>
    public bool IsInverse => _inverse;

    /// <summary>Applies the map.</summary>
    /// <param name="x">[rows, D], a block with a column for each position.</param>
    /// <param name="parameters">[rows, 2P], a block, or [1, 2P], the same for all rows: shift and unconstrained log-scale at each position.</param>
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

    /// <summary>Applies the map and writes to variables that were allocated before.</summary>
    /// <param name="x">As in <see cref="Apply"/>.</param>
    /// <param name="parameters">As in <see cref="Apply"/>.</param>
    /// <param name="y">[rows, D], allocated, not yet written.</param>
    /// <param name="logDet">[rows, 1], allocated; it is written, not added to.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public void ApplyInto(Variable<T> x, Variable<T> parameters, Variable<T> y, Variable<T> logDet)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        FeaturePositions.CheckShapes(_positions, ParametersPerFeature, x, parameters);
        FeaturePositions.CheckOutputs(_positions, y, logDet);
        tape.ApplyInto(this, [x, parameters], [y, logDet]);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Affine(_inverse, _slope, call.Input(0), call.Input(1), _positions, call.Output(0), call.Output(1));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var parameters = call.Input(1);
        var all = parameters.Columns == _positions.Length * ParametersPerFeature;
        var fresh = false;
        var dx = call.InputAdjoint(0);
        var dparameters = all ? call.InputAdjoint(1, out fresh) : call.InputAdjoint(1);
        call.Kernels.AffineAdjoint(
            _inverse, _slope, call.Input(0), parameters, _positions, call.Output(0), call.OutputAdjoint(0), call.OutputAdjoint(1),
            dx, dparameters, fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, parameters) = (call.Input(0), call.Input(1));
        var shift = _shifts.Apply(parameters);
        var logScale = _logScales.Apply(parameters);
        if (_slope > 0)
            logScale /= (logScale.Abs() * T.CreateChecked(-1 / Math.Log(_slope))) + T.One;
        if (_inverse)
            logScale = -logScale;
        var scale = logScale.Exp();
        call.SetOutputTangent(0, call.TangentOf(_inverse ? (x - shift) * scale : (x * scale) + shift));
        if (call.Wants(1))
            call.SetOutputTangent(1, call.TangentOf(logScale.SumColumns()));
    }
}
