using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>y = H_n … H_1 x in every row, of reflections H = 1 − 2 v vᵀ / vᵀv whose vectors all rows share or each row has for itself.</summary>
/// <remarks>
/// Householder 1958. A row costs 6 n D, and no matrix is formed. Where the square of a vector is below 10⁻³⁰, it counts as that: a vector of zeros reflects nothing, and
/// its adjoint is finite. See <see cref="HouseholderProductOperation{T}"/> for the matrix of shared vectors.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ReflectionOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly ReflectionOperation<T> _forwards = new(reversed: false);
    private static readonly ReflectionOperation<T> _backwards = new(reversed: true);

    private ReflectionOperation(bool reversed) => Reversed = reversed;

    /// <summary>Whether the last reflection comes first: then it is the inverse.</summary>
    public bool Reversed { get; }

    /// <summary>The operation of a direction.</summary>
    /// <param name="reversed">Whether the last reflection comes first.</param>
    /// <returns>The one instance.</returns>
    public static ReflectionOperation<T> Of(bool reversed) => reversed ? _backwards : _forwards;

    /// <summary>Reflects.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="vectors">v, [rows, n·D], or shared [1, n·D]: the vector of the first reflection first.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> vectors)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        OperandChecks.TapeOf(vectors, nameof(vectors));
        if (!x.IsBlock)
            throw new ArgumentException($"Expected a block, got {OperandChecks.Shape(x)}.", nameof(x));
        if (vectors.Columns % x.Columns != 0 || (!vectors.IsBlock && vectors.Rows != 1))
            throw new ArgumentException($"Expected vectors of {x.Columns} numbers for every row or shared by all, got {OperandChecks.Shape(vectors)}.", nameof(vectors));
        var y = tape.Allocate(x.Columns);
        if (tape.NeedsAdjoint(x.Id) || tape.NeedsAdjoint(vectors.Id))
            tape.ApplyInto(this, [x, vectors], [y, tape.Allocate(vectors.Columns)]);
        else
            tape.ApplyInto(this, [x, vectors], [y]);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.Reflect(call.Input(0), call.Input(1), Reversed, call.Output(0), call.Outputs > 1 ? call.Output(1) : default);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var adjoint = call.OutputAdjoint(0);
        call.Kernels.ReflectAdjoint(call.Output(1), call.Input(1), Reversed, adjoint, call.InputAdjoint(1));
        var ofArgument = call.InputAdjoint(0, out var fresh);
        if (!ofArgument.IsEmpty)
            call.Kernels.Copy(adjoint, ofArgument, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, vectors) = (call.Input(0), call.Input(1));
        var size = x.Columns;
        var squares = vectors.Square().SumSegments(size).Max(call.Tape.Constant(T.CreateTruncating(Kernels<T>.LeastReflectedSquare)));
        var scaled = vectors * (T.CreateTruncating(2) / squares).RepeatColumns(size);
        for (var step = 0; step < vectors.Columns; step += size)
        {
            var first = Reversed ? vectors.Columns - size - step : step;
            x -= (x * vectors.Slice(first, size)).SumColumns() * scaled.Slice(first, size);
        }

        call.SetOutputTangent(0, call.TangentOf(x));
    }
}
