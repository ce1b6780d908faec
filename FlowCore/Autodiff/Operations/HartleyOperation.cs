using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>
/// The unitary Hartley transform of fields: h_{jk} = (1/√N) Σ_{ab} x_{ab} cas 2π(ja/H + kb/W), cas = cos + sin, N = H W. Real, symmetric and its own inverse.
/// </summary>
/// <remarks>
/// <para>
/// It is the Fourier transform of a real field without its redundancy: with X_k the unitary discrete Fourier transform, h_k = Re X_k − Im X_k and
/// h_k² + h_{−k}² = 2 |X_k|², so a sum over all N modes of |X_k|² f(k) with f(k) = f(−k) is the sum of h_k² f(k), in which no half plane is counted twice
/// (R. N. Bracewell, "Discrete Hartley transform", Journal of the Optical Society of America 73, 1983).
/// </para>
/// <para>
/// Adjoint: x̄ += the transform of ȳ; tangent: ẏ = the transform of ẋ. Work: N log N for sides that are products of small primes, and N p where a side has
/// a prime factor p. Columns are pixels and lanes are events, so a step joins whole columns.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class HartleyOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<(int, int), HartleyOperation<T>> _all = new(static key => new(key.Item1, key.Item2));

    private readonly HartleyStage[] _stages;

    // Cosines and sines of both axes, and ½/√N behind them.
    private readonly T[] _table;

    private HartleyOperation(int height, int width)
    {
        Height = height;
        Width = width;
        _stages = [.. Stages(height, width, 0), .. Stages(width, 1, 2 * height)];
        _table = new T[(2 * (height + width)) + 1];
        Angles(height, _table);
        Angles(width, _table.AsSpan(2 * height));
        _table[^1] = T.CreateTruncating(0.5 / Math.Sqrt((double)height * width));
    }

    /// <summary>H, the rows of a field.</summary>
    public int Height { get; }

    /// <summary>W, the columns of a field.</summary>
    public int Width { get; }

    /// <summary>The operation of a size.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the field has too many pixels.</exception>
    public static HartleyOperation<T> Of(int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)height * width, int.MaxValue / 4, nameof(height));
        return _all[(height, width)];
    }

    /// <summary>Transforms every field.</summary>
    /// <param name="x">[rows, fields · H · W], a block or shared; a field's pixels are its rows one behind the other.</param>
    /// <returns>As many columns: h_{jk} in column j W + k of its field.</returns>
    /// <exception cref="ArgumentException">There is no argument, or its columns are no whole fields.</exception>
    public Variable<T> Apply(Variable<T> x)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (x.Columns % (Height * Width) != 0)
            throw new ArgumentException($"Expected fields of {Height} × {Width} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        var y = OperandChecks.AllocateLike(x, x.Columns);
        var scratch = OperandChecks.AllocateLike(x, x.Columns);
        tape.ApplyInto(this, [x, tape.Constant(_table)], [y, scratch]);
        tape.Release(scratch);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var (from, y, scratch) = (call.Input(0), call.Output(0), call.Output(1));
        for (var i = 0; i < _stages.Length; i++)
        {
            // The last step ends in the scratch memory, so that the planes can be put together from there.
            var to = (_stages.Length - i) % 2 == 1 ? scratch : y;
            call.Kernels.HartleyJoin(_stages[i], from, call.Input(1), to);
            from = to;
        }

        call.Kernels.HartleyPlane(Height, Width, from, call.Input(1), _table.Length - 1, y, accumulate: false);
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        // Both the adjoint of the result and the scratch memory of the forward pass are ours to write to.
        var (from, table) = (call.OutputAdjoint(0), call.Input(1));
        for (var i = 0; i < _stages.Length; i++)
        {
            var to = i % 2 == 0 ? call.Output(1) : call.OutputAdjoint(0);
            call.Kernels.HartleyJoin(_stages[i], from, table, to);
            from = to;
        }

        var adjoint = call.InputAdjoint(0, out var fresh);
        call.Kernels.HartleyPlane(Height, Width, from, table, _table.Length - 1, adjoint, accumulate: !fresh);
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call) => call.SetOutputTangent(0, Apply(call.InputTangent(0)));

    // Fours first, then a two, then the odd primes of what is left.
    private static List<HartleyStage> Stages(int length, int stride, int table)
    {
        var stages = new List<HartleyStage>();
        var done = 1;
        while (done < length)
        {
            var rest = length / done;
            var radix = rest % 4 == 0 ? 4 : 2;
            while (rest % radix != 0)
                radix++;
            stages.Add(new HartleyStage(length, done, radix, stride, table));
            done *= radix;
        }

        return stages;
    }

    private static void Angles(int length, Span<T> table)
    {
        for (var i = 0; i < length; i++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * i / length);
            table[i] = T.CreateTruncating(cosine);
            table[length + i] = T.CreateTruncating(sine);
        }
    }
}
