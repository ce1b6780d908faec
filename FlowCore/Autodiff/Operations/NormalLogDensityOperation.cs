using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y_r = Σ_j ln N(x_rj; μ_j, σ_j): the log-density of a diagonal normal distribution.</summary>
/// <remarks>
/// With z = (x − μ)/σ: y = −Σ_j (z²/2 + ln σ + ln(2π)/2). Adjoint: x̄ −= ȳ z/σ, μ̄ += Σ_r ȳ z/σ, σ̄ += Σ_r ȳ (z² − 1)/σ.
/// Tangent: ẏ = Σ_j (−z (ẋ − μ̇) + (z² − 1) σ̇) / σ.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class NormalLogDensityOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private NormalLogDensityOperation()
    {
    }

    /// <summary>The one instance.</summary>
    public static NormalLogDensityOperation<T> Instance { get; } = new();

    /// <summary>Applies the operation.</summary>
    /// <param name="x">A block [rows, D].</param>
    /// <param name="location">μ, shared [1, D]; "no variable" for zeros.</param>
    /// <param name="scale">σ, shared [1, D], positive; "no variable" for ones.</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> location = default, Variable<T> scale = default)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (!x.IsBlock)
            throw new ArgumentException($"Expected a block, got {OperandChecks.Shape(x)}.", nameof(x));
        if (!location.IsNone && (location.IsBlock || location.Rows != 1 || location.Columns != x.Columns))
            throw new ArgumentException($"Expected a shared row of {x.Columns} numbers, got {OperandChecks.Shape(location)}.", nameof(location));
        if (!scale.IsNone && (scale.IsBlock || scale.Rows != 1 || scale.Columns != x.Columns))
            throw new ArgumentException($"Expected a shared row of {x.Columns} numbers, got {OperandChecks.Shape(scale)}.", nameof(scale));
        return tape.Apply(this, [x, location, scale], columns: 1);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) => call.Kernels.NormalLogDensity(call.Input(0), call.Input(1), call.Input(2), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.NormalLogDensityAdjoint(
        call.Input(0), call.Input(1), call.Input(2), call.OutputAdjoint(0), call.InputAdjoint(0), call.InputAdjoint(1), call.InputAdjoint(2));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (location, scale) = (call.Input(1), call.Input(2));
        var (dx, dlocation, dscale) = (call.InputTangent(0), call.InputTangent(1), call.InputTangent(2));
        var z = call.Input(0);
        if (!location.IsNone)
            z -= location;
        if (!scale.IsNone)
            z /= scale;

        var tangent = dlocation.IsNone ? dx : dx.IsNone ? -dlocation : dx - dlocation;
        if (!tangent.IsNone)
            tangent = -(z * tangent);
        if (!dscale.IsNone)
            tangent = TangentRules.Sum(tangent, (z.Square() - T.One) * dscale);
        call.SetOutputTangent(0, (scale.IsNone ? tangent : tangent / scale).SumColumns());
    }
}
