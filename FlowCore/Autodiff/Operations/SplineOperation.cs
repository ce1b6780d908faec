using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The monotonic rational-quadratic spline of every feature, with its own parameters, and log|det J|.</summary>
/// <remarks>
/// Durkan et al. 2019, equations 4 to 8, in the parametrisation, with the ends and with the tails of <see cref="SplineSettings"/>.
/// Value and adjoint are one fused kernel each; the inverse direction is differentiated implicitly at its solution.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class SplineOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SplineSettings _settings;
    private readonly int[] _positions;
    private readonly bool _inverse;

    /// <summary>Creates the operation.</summary>
    /// <param name="settings">The constants.</param>
    /// <param name="positions">For each feature the position of its <see cref="SplineSettings.ParametersPerFeature"/> parameters among those of the features.</param>
    /// <param name="inverse">Whether to map from the spline's values back to its arguments.</param>
    /// <exception cref="ArgumentException">A setting or a position is out of range, or the number type does not hold the bound.</exception>
    public SplineOperation(SplineSettings settings, int[] positions, bool inverse = false)
    {
        ArgumentNullException.ThrowIfNull(positions);
        settings.Check(nameof(settings));
        ConstantRange.CheckDivisor<T>(settings.Bound, "The bound", nameof(settings));
        // The kernels multiply by the length of the interval, and by its reciprocal.
        ConstantRange.CheckDivisor<T>(settings.Upper - settings.Lower, "The spline's interval of length", nameof(settings));
        ConstantRange.CheckDivisor<T>(settings.UpperImage - settings.LowerImage, "The spline's interval of values of length", nameof(settings));
        FeaturePositions.Check(positions);
        _settings = settings;
        _positions = [.. positions];
        _inverse = inverse;
    }

    /// <summary>The constants.</summary>
    public SplineSettings Settings => _settings;

    /// <summary>Whether it maps from the spline's values back to its arguments.</summary>
    public bool IsInverse => _inverse;

    /// <summary>Applies the spline.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D], a block with a column for each position.</param>
    /// <param name="parameters">[rows, P·n], a block, or [1, P·n], the same for all rows, with n = <see cref="SplineSettings.ParametersPerFeature"/>: widths, heights, slopes at each position.</param>
    /// <param name="logDet">[rows, 1]: the sum of the log-derivatives in the direction taken.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> parameters, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        FeaturePositions.CheckShapes(_positions, _settings.ParametersPerFeature, x, parameters);
        var y = tape.Allocate(_positions.Length);
        logDet = tape.Allocate(1);
        tape.ApplyInto(this, [x, parameters], [y, logDet]);
        return y;
    }

    /// <summary>Applies the spline and writes to variables that were allocated before.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">As in <see cref="Apply"/>.</param>
    /// <param name="parameters">As in <see cref="Apply"/>.</param>
    /// <param name="y">[rows, D], allocated, not yet written.</param>
    /// <param name="logDet">[rows, 1], allocated; it is written, not added to.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public void ApplyInto(Tape<T> tape, Variable<T> x, Variable<T> parameters, Variable<T> y, Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        FeaturePositions.CheckShapes(_positions, _settings.ParametersPerFeature, x, parameters);
        FeaturePositions.CheckOutputs(_positions, y, logDet);
        tape.ApplyInto(this, [x, parameters], [y, logDet]);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Spline(_inverse, _settings, call.Input(0), call.Input(1), _positions, call.Output(0), call.Output(1));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        // An adjoint that holds nothing yet is written rather than cleared and added to, if every parameter is used.
        var parameters = call.Input(1);
        var all = parameters.Columns == _positions.Length * _settings.ParametersPerFeature;
        var fresh = false;
        var dx = call.InputAdjoint(0);
        var dparameters = all ? call.InputAdjoint(1, out fresh) : call.InputAdjoint(1);
        call.Kernels.SplineAdjoint(
            _inverse, _settings, call.Input(0), parameters, _positions, call.Output(0), call.OutputAdjoint(0), call.OutputAdjoint(1),
            dx, dparameters, fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => throw new NotSupportedException(
        "The rational-quadratic spline has no rule for forward tangents: it is one fused kernel with first derivatives alone. Read its log|det J| instead, or take an affine transform.");
}
