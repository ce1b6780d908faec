using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The inverse of <see cref="LogisticMixtureOperation{T}"/>: x with given log odds ln F − ln S of every feature, and ln f − ln F − ln S there.</summary>
/// <remarks>
/// Found to the full precision of the type in one kernel, each number by itself, and differentiated implicitly: dx = (dζ − ∂g/∂θ dθ) / g' with the log odds g.
/// Tangents are those of the same equation unfused.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogisticMixtureQuantileOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, LogisticMixtureQuantileOperation<T>> _all = new(static components => new(components));

    private readonly LogisticMixtureOperation<T> _mixture;

    private LogisticMixtureQuantileOperation(int components) => _mixture = LogisticMixtureOperation<T>.Of(components);

    /// <summary>K.</summary>
    public int Components => _mixture.Components;

    /// <summary>The operation of a number of components.</summary>
    /// <param name="components">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static LogisticMixtureQuantileOperation<T> Of(int components)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        return _all[components];
    }

    /// <summary>Applies the operation.</summary>
    /// <param name="logOdds">ζ, [rows, D], a block.</param>
    /// <param name="parameters">As in <see cref="LogisticMixtureOperation{T}.Apply"/>.</param>
    /// <param name="logSlope">ln f − ln F − ln S, [rows, D].</param>
    /// <returns>x, [rows, D]; NaN where ζ is.</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> logOdds, Variable<T> parameters, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(logOdds, nameof(logOdds));
        _mixture.CheckShapes(logOdds, nameof(logOdds), parameters);
        var features = logOdds.Columns;
        var (x, slopes) = (tape.Allocate(features), tape.Allocate(2 * features));

        // The others are for the backward pass: the mixture at the x that was found, what it keeps, and its adjoint.
        if (tape.NeedsAdjoint(logOdds.Id) || tape.NeedsAdjoint(parameters.Id))
        {
            var kept = tape.Allocate(Kernels<T>.KeptByLogisticMixture(Components, features));
            tape.ApplyInto(this, [logOdds, parameters], [x, slopes, tape.Allocate(3 * features), kept, tape.Allocate(3 * features)]);
        }
        else
        {
            tape.ApplyInto(this, [logOdds, parameters], [x, slopes]);
        }

        logSlope = slopes.Slice(0, features);
        return x;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.LogisticMixtureQuantile(call.Input(0), call.Input(1), Components, call.Output(0), call.Output(1));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var (x, slopes, adjoint) = (call.Output(0), call.Output(1), call.Output(4));
        call.Kernels.LogisticMixtureQuantileAdjoint(slopes, call.OutputAdjoint(0), call.OutputAdjoint(1), adjoint);
        var ofLogOdds = call.InputAdjoint(0, out var fresh);
        if (!ofLogOdds.IsEmpty)
            call.Kernels.Copy(adjoint.Slice(x.Columns, x.Columns), ofLogOdds, accumulate: !fresh);
        if (!call.Needs(1))
            return;
        call.Kernels.LogisticMixture(x, call.Input(1), Components, call.Output(2), call.Output(3));
        call.Kernels.LogisticMixtureAdjoint(call.Output(3), call.Input(1), Components, adjoint, default, call.InputAdjoint(1));
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        // ẋ = (ζ̇ − ∂g/∂θ θ̇) / g': what is composed of x has no tangent of x before this is set, and then has.
        var (x, parameters) = (call.Output(0), call.Input(1));
        var lower = _mixture.Apply(x, parameters, out var upper, out var slope);
        var ofParameters = call.TangentOf(lower - upper);
        var change = call.InputTangent(0);
        if (!ofParameters.IsNone)
            change = change.IsNone ? -ofParameters : change - ofParameters;
        call.Tape.SetTangent(x, change * (-slope).Exp());
        if (!call.Wants(1))
            return;
        _ = _mixture.Apply(x, parameters, out _, out var moved);
        call.SetOutputTangent(1, VariableFunctions.Concatenate(call.TangentOf(moved), call.Tape.Zeros(x.Columns)));
    }
}
