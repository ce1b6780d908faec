using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>Both adjoints in one sweep over the rows of pixels.</content>
/// <remarks>
/// The adjoint behind the activation, p̄ = ȳ ∘ act'(·), is computed where a row of it is packed, for the windows of x̄ and once more for the sums of the weights, and never goes back to memory: what a
/// sweep reads and writes of whole fields is ȳ, y, x and x̄, each once.
/// </remarks>
internal static unsafe partial class Convolution<V, T>
{
    /// <summary>dx (+)= w turned by half a turn ∗ p̄, dw(n, c, a, b) += Σ p̄(n, i, j) x(c, i + a − k/2, j + b − k/2) and db(n) += Σ p̄(n, i, j); dx, dw and db may be null.</summary>
    internal static void Adjoint(
        ConvolutionShape shape, UnaryFunction activation, T* x, nint xStride, T* weight, T* y, T* preActivation, nint yStride, T* dy, nint dyStride, T* dx, nint dxStride,
        bool accumulate, T* dWeight, T* dBias, int rows, T* scratch)
    {
        PackTurnedWeights(shape, weight, scratch);
        if (accumulate)
            Adjoint(shape, activation, x, xStride, y, preActivation, yStride, dy, dyStride, dx, dxStride, false, dWeight, dBias, rows, scratch, default(AddEnds));
        else
            Adjoint(shape, activation, x, xStride, y, preActivation, yStride, dy, dyStride, dx, dxStride, true, dWeight, dBias, rows, scratch, new BiasEnds<ActivationFormulas.Identity>(null));
    }

    private static void Adjoint<TEnds>(
        ConvolutionShape shape, UnaryFunction activation, T* x, nint xStride, T* y, T* preActivation, nint yStride, T* dy, nint dyStride, T* dx, nint dxStride,
        bool overwrites, T* dWeight, T* dBias, int rows, T* scratch, TEnds ends)
        where TEnds : struct, IEnds
    {
        var (source, target) = (new Side(x, xStride, shape.Inputs, shape, shape.Reads), new Side(dx, dxStride, shape.Inputs, shape, shape.Reads));
        var (adjoint, result) = (new Side(dy, dyStride, shape.Outputs, shape, shape.Writes), new Side(y, yStride, shape.Outputs, shape, shape.Writes));
        var argument = new Side(preActivation, yStride, shape.Outputs, shape, shape.Writes);
        var packing = default(Packing);
        activation.Accept(ref packing);
        var (size, reach, width) = (shape.KernelSize, shape.KernelSize / 2, shape.Width);
        var strip = Math.Min(width, LongestStrip);

        // The weights; the sums of weights and biases; a packed row of p̄, the channels one behind the other; the ring of p̄, pixel by pixel; the ring of x, channel by channel.
        var weightSums = shape.WindowLength * shape.Outputs;
        var sums = scratch + RoundUp(weightSums);
        var biasSums = sums + (weightSums * V.Count);
        var packed = biasSums + (shape.Outputs * V.Count);
        var ring = packed + (strip * shape.Outputs * Panel);
        var slotLength = (strip + (2 * reach)) * shape.Outputs * (nint)Panel;
        var arguments = ring + (size * slotLength);
        var channelLength = (strip + (2 * reach)) * Panel;
        var argumentsLength = shape.Inputs * (nint)channelLength;
        new Span<T>(sums, (weightSums + shape.Outputs) * V.Count).Clear();
        for (var r = 0; r < rows; r += Panel)
        {
            for (var first = 0; first < width; first += strip)
            {
                var count = Math.Min(strip, width - first);
                for (var row = -reach; row < reach && dWeight is not null; row++)
                    PackRow(shape, source, r, row, first - reach, count + (2 * reach), arguments + ((row + reach) * argumentsLength), channelLength, Panel);
                for (var row = -reach; row < shape.Height + reach; row++)
                {
                    // Rows beyond an edge count for the windows of x̄ alone.
                    var isInside = row >= 0 && row < shape.Height;
                    var summed = isInside && (dWeight is not null || dBias is not null) ? packed : null;
                    if (isInside || dx is not null)
                        packing.Row(shape, adjoint, result, argument, r, row, first, count, dx is null ? null : ring + ((row + reach) % size * slotLength), summed, strip * Panel, biasSums);
                    if (isInside && dWeight is not null)
                    {
                        PackRow(
                            shape, source, r, row + reach, first - reach, count + (2 * reach), arguments + ((row + (2 * reach)) % size * argumentsLength), channelLength, Panel);
                        AddRow(shape, packed, strip * Panel, arguments, argumentsLength, channelLength, row, count, sums);
                    }

                    // The last row of the windows of row − reach is there.
                    if (row >= reach && dx is not null)
                        CorrelateRow(shape, scratch, shape.Outputs, ring, slotLength, row - reach, first, count, target, r, overwrites, ends);
                }
            }
        }

        for (var i = 0; i < weightSums && dWeight is not null; i++)
            dWeight[i] += V.Sum(V.Load(sums + (i * V.Count)));
        for (var n = 0; n < shape.Outputs && dBias is not null; n++)
            dBias[n] += V.Sum(V.Load(biasSums + (n * V.Count)));
    }

    // p̄ of one row of pixels, edges added, into a slot of the ring where there is one; what is no edge goes to the packed row and the sums of the biases, where there is a packed row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackAdjointRow<F>(
        ConvolutionShape shape, Side dy, Side y, Side argument, int r, int row, int first, int count, T* slot, T* packed, nint packedLength, T* biasSums)
        where F : struct, IUnaryFormula
    {
        var (reach, sourceRow) = (shape.KernelSize / 2, shape.Within(row, shape.Height));
        var nextRow = NextRow(shape, dy, sourceRow);
        for (var n = 0; n < dy.Channels; n++)
        {
            var to = slot + (n * Panel);
            V leftSum = default, rightSum = default;
            for (var j = -reach; j < count + reach; j++, to += dy.Channels * Panel)
            {
                var column = shape.Within(first + j, shape.Width);
                V left = default, right = default;
                if (sourceRow >= 0 && column >= 0 && ConvolutionShape.Has(dy.Parity, sourceRow, column))
                {
                    var pixel = (sourceRow * shape.Width) + column;
                    var from = dy.At(pixel) + (n * dy.Channel) + r;
                    Foresee(from + nextRow);
                    left = V.Load(from);
                    right = V.Load(from + V.Count);
                    if (typeof(F) != typeof(ActivationFormulas.Identity))
                    {
                        var value = y.At(pixel) + (n * y.Channel) + r;
                        Foresee(value + nextRow);
                        var at = F.DerivativeNeedsArgument ? argument.At(pixel) + (n * argument.Channel) + r : value;
                        left *= F.Derivative<V, T>(V.Load(at), V.Load(value));
                        right *= F.Derivative<V, T>(V.Load(at + V.Count), V.Load(value + V.Count));
                    }
                }

                if (slot is not null)
                {
                    V.Store(left, to);
                    V.Store(right, to + V.Count);
                }

                if (packed is null || j < 0 || j >= count)
                    continue;
                V.Store(left, packed + (n * packedLength) + (j * Panel));
                V.Store(right, packed + (n * packedLength) + (j * Panel) + V.Count);
                leftSum += left;
                rightSum += right;
            }

            if (packed is not null)
                V.Store(V.Load(biasSums + (n * V.Count)) + (leftSum + rightSum), biasSums + (n * V.Count));
        }
    }

    // The packing of an activation.
    private struct Packing : IUnaryVisitor
    {
        public delegate*<ConvolutionShape, Side, Side, Side, int, int, int, int, T*, T*, nint, T*, void> Row;

        public void Visit<F>()
            where F : struct, IUnaryFormula => Row = &PackAdjointRow<F>;
    }
}
