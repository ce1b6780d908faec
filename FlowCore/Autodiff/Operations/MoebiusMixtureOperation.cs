using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The map y = Σ_k π_k 2 atan2(A_k sin(ψ/2) − B_k cos(ψ/2), C_k cos(ψ/2)) of the circle onto itself, or its inverse, and ln of the slope.</summary>
/// <remarks>
/// Rezende et al. 2020, "Normalizing flows on tori and spheres", section 2.1.1: each term is a Möbius map that keeps the point −1 fixed. The slope is the sum of
/// π A C / (p² + q²) with the arguments p and q of atan2. The inverse is found to the full precision of the type in one kernel and differentiated implicitly. Tangents
/// are those of the same formula unfused.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MoebiusMixtureOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly MoebiusMixtureOperation<T> _forward = new(isInverse: false);
    private static readonly MoebiusMixtureOperation<T> _inverse = new(isInverse: true);

    private MoebiusMixtureOperation(bool isInverse) => IsInverse = isInverse;

    /// <summary>Whether it leads from y to ψ.</summary>
    public bool IsInverse { get; }

    /// <summary>The operation of a direction.</summary>
    /// <param name="inverse">Whether it leads from y to ψ.</param>
    /// <returns>The one instance.</returns>
    public static MoebiusMixtureOperation<T> Of(bool inverse) => inverse ? _inverse : _forward;

    /// <summary>Applies the map.</summary>
    /// <param name="angle">ψ, or y, in [−π, π]: [rows, 1], a block.</param>
    /// <param name="numbers">[rows, 4·K], or shared [1, 4·K]: all A &gt; 0, then B, C &gt; 0 and weights π that sum to 1.</param>
    /// <param name="logSlope">ln of the slope in the direction taken, [rows, 1].</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> angle, Variable<T> numbers, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(angle, nameof(angle));
        OperandChecks.TapeOf(numbers, nameof(numbers));
        if (!angle.IsBlock || angle.Columns != 1)
            throw new ArgumentException($"Expected a block of one column, got {OperandChecks.Shape(angle)}.", nameof(angle));
        if (numbers.Columns % 4 != 0 || (!numbers.IsBlock && numbers.Rows != 1))
            throw new ArgumentException($"Expected four numbers of every component, got {OperandChecks.Shape(numbers)}.", nameof(numbers));
        var results = tape.Allocate(2);
        tape.ApplyInto(this, [angle, numbers], [results]);
        logSlope = results.Slice(1, 1);
        return results.Slice(0, 1);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.MoebiusMixture(IsInverse, call.Input(0), call.Input(1), call.Output(0));

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.MoebiusMixtureAdjoint(
        IsInverse, IsInverse ? call.Output(0).Slice(0, 1) : call.Input(0), call.Input(1), call.OutputAdjoint(0), call.InputAdjoint(0), call.InputAdjoint(1));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (angle, numbers) = (call.Input(0), call.Input(1));
        var (image, log) = (call.Output(0).Slice(0, 1), call.Output(0).Slice(1, 1));
        if (!IsInverse)
        {
            var y = Compose(angle, numbers, out var slope);
            call.Tape.SetTangent(image, call.TangentOf(y));
            call.Tape.SetTangent(log, call.TangentOf(slope));
            return;
        }

        // ψ̇ = (ẏ − ∂f/∂θ θ̇) / f': what is composed of ψ has no tangent of ψ before this is set, and then has.
        var ofNumbers = call.TangentOf(Compose(image, numbers, out var logSlope));
        var change = call.InputTangent(0);
        if (!ofNumbers.IsNone)
            change = change.IsNone ? -ofNumbers : change - ofNumbers;
        call.Tape.SetTangent(image, change * (-logSlope).Exp());
        _ = Compose(image, numbers, out var moved);
        call.Tape.SetTangent(log, -call.TangentOf(moved));
    }

    private static Variable<T> Compose(Variable<T> psi, Variable<T> numbers, out Variable<T> logSlope)
    {
        var count = numbers.Columns / 4;
        var (a, b, c, weights) = (numbers.Slice(0, count), numbers.Slice(count, count), numbers.Slice(2 * count, count), numbers.Slice(3 * count, count));
        var half = psi * T.CreateTruncating(0.5);
        var (sine, cosine) = (half.Sin(), half.Cos());
        var (p, q) = ((a * sine) - (b * cosine), c * cosine);
        logSlope = (weights * a * c / (p.Square() + q.Square())).SumColumns().Log();
        return (weights * p.Atan2(q)).SumColumns() * T.CreateTruncating(2);
    }
}
