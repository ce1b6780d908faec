using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>The three matrix products of a linear layer, in tiles (see <see cref="ProductTile{V, T}"/>), and its activation's adjoint.</summary>
/// <remarks>
/// A staircase's zeros are skipped tile by tile: the depth of a tile ends, or starts, where its outputs and inputs have no more
/// in common.
/// </remarks>
internal static class LinearKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = act(x Wᵀ + b): a group has 4X rows and 4Y outputs.</summary>
    public static void Forward<F>(
        DeviceMatrix<T> x, DeviceOperand<T> weight, ArrayView<T> bias, int hasBias, ArrayView<int> ends, int hasEnds,
        DeviceMatrix<T> y, DeviceMatrix<T> preActivation, int keepsPreActivation, int rows, int inputs, int outputs)
        where F : struct, IUnaryFormula
    {
        var firstRow = Grid.IdxX * Group.DimX * ProductTile<V, T>.PerThread;
        var firstOutput = Grid.IdxY * Group.DimY * ProductTile<V, T>.PerThread;
        var depth = inputs;
        if (hasEnds != 0)
        {
            var last = firstOutput + (Group.DimY * ProductTile<V, T>.PerThread) - 1;
            var end = ends[last < outputs ? last : outputs - 1];
            depth = end < depth ? end : depth;
        }

        var row = firstRow + Group.IdxX;
        var output = firstOutput + Group.IdxY;
        var tile = ProductTile<V, T>.OfColumns(
            Bias(bias, hasBias, output, outputs),
            Bias(bias, hasBias, output + Group.DimY, outputs),
            Bias(bias, hasBias, output + (2 * Group.DimY), outputs),
            Bias(bias, hasBias, output + (3 * Group.DimY), outputs));
        tile.Add(new DeviceOperand<T>(x.Data, 1, x.Stride), firstRow, rows, weight, firstOutput, outputs, 0, depth);
        Activate<F>(tile.S00, row, output, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S01, row, output + Group.DimY, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S02, row, output + (2 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S03, row, output + (3 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S10, row + Group.DimX, output, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S11, row + Group.DimX, output + Group.DimY, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S12, row + Group.DimX, output + (2 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S13, row + Group.DimX, output + (3 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S20, row + (2 * Group.DimX), output, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S21, row + (2 * Group.DimX), output + Group.DimY, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S22, row + (2 * Group.DimX), output + (2 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S23, row + (2 * Group.DimX), output + (3 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S30, row + (3 * Group.DimX), output, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S31, row + (3 * Group.DimX), output + Group.DimY, y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S32, row + (3 * Group.DimX), output + (2 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
        Activate<F>(tile.S33, row + (3 * Group.DimX), output + (3 * Group.DimY), y, preActivation, keepsPreActivation, rows, outputs);
    }

    /// <summary>dx (+)= dy W: a group has 4X rows and 4Y inputs.</summary>
    public static void InputAdjoint(
        DeviceMatrix<T> dy, DeviceOperand<T> weight, ArrayView<int> starts, int hasStarts, DeviceMatrix<T> dx, int accumulate, int rows, int inputs, int outputs)
    {
        var firstRow = Grid.IdxX * Group.DimX * ProductTile<V, T>.PerThread;
        var firstInput = Grid.IdxY * Group.DimY * ProductTile<V, T>.PerThread;
        var row = firstRow + Group.IdxX;
        var input = firstInput + Group.IdxY;
        var tile = ProductTile<V, T>.Zero;
        tile.Add(
            new DeviceOperand<T>(dy.Data, 1, dy.Stride), firstRow, rows, weight, firstInput, inputs, hasStarts != 0 ? starts[firstInput] : 0, outputs);
        Store(tile.S00, row, input, dx, accumulate, rows, inputs);
        Store(tile.S01, row, input + Group.DimY, dx, accumulate, rows, inputs);
        Store(tile.S02, row, input + (2 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S03, row, input + (3 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S10, row + Group.DimX, input, dx, accumulate, rows, inputs);
        Store(tile.S11, row + Group.DimX, input + Group.DimY, dx, accumulate, rows, inputs);
        Store(tile.S12, row + Group.DimX, input + (2 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S13, row + Group.DimX, input + (3 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S20, row + (2 * Group.DimX), input, dx, accumulate, rows, inputs);
        Store(tile.S21, row + (2 * Group.DimX), input + Group.DimY, dx, accumulate, rows, inputs);
        Store(tile.S22, row + (2 * Group.DimX), input + (2 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S23, row + (2 * Group.DimX), input + (3 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S30, row + (3 * Group.DimX), input, dx, accumulate, rows, inputs);
        Store(tile.S31, row + (3 * Group.DimX), input + Group.DimY, dx, accumulate, rows, inputs);
        Store(tile.S32, row + (3 * Group.DimX), input + (2 * Group.DimY), dx, accumulate, rows, inputs);
        Store(tile.S33, row + (3 * Group.DimX), input + (3 * Group.DimY), dx, accumulate, rows, inputs);
    }

    /// <summary>
    /// The part of dW = dyᵀ x that one segment of the rows gives: a group has 4X outputs and 4Y inputs, and the third index of
    /// the grid is the segment.
    /// </summary>
    public static void WeightAdjoint(
        DeviceMatrix<T> dy, DeviceMatrix<T> x, ArrayView<int> ends, int hasEnds, ArrayView<T> parts, int rows, int rowsOfSegment, int inputs, int outputs)
    {
        var firstOutput = Grid.IdxX * Group.DimX * ProductTile<V, T>.PerThread;
        var firstInput = Grid.IdxY * Group.DimY * ProductTile<V, T>.PerThread;
        var last = firstOutput + (Group.DimX * ProductTile<V, T>.PerThread) - 1;

        // The same for all threads of the group. What is left unset here lies outside the staircase and is not read.
        if (hasEnds != 0 && firstInput >= ends[last < outputs ? last : outputs - 1])
            return;
        var start = Grid.IdxZ * rowsOfSegment;
        var end = start + rowsOfSegment < rows ? start + rowsOfSegment : rows;
        var output = firstOutput + Group.IdxX;
        var input = firstInput + Group.IdxY;
        var tile = ProductTile<V, T>.Zero;
        tile.Add(
            new DeviceOperand<T>(dy.Data, dy.Stride, 1), firstOutput, outputs, new DeviceOperand<T>(x.Data, x.Stride, 1), firstInput, inputs, start, end);
        var part = Grid.IdxZ * outputs * inputs;
        StorePart(tile.S00, output, input, parts, part, outputs, inputs);
        StorePart(tile.S01, output, input + Group.DimY, parts, part, outputs, inputs);
        StorePart(tile.S02, output, input + (2 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S03, output, input + (3 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S10, output + Group.DimX, input, parts, part, outputs, inputs);
        StorePart(tile.S11, output + Group.DimX, input + Group.DimY, parts, part, outputs, inputs);
        StorePart(tile.S12, output + Group.DimX, input + (2 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S13, output + Group.DimX, input + (3 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S20, output + (2 * Group.DimX), input, parts, part, outputs, inputs);
        StorePart(tile.S21, output + (2 * Group.DimX), input + Group.DimY, parts, part, outputs, inputs);
        StorePart(tile.S22, output + (2 * Group.DimX), input + (2 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S23, output + (2 * Group.DimX), input + (3 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S30, output + (3 * Group.DimX), input, parts, part, outputs, inputs);
        StorePart(tile.S31, output + (3 * Group.DimX), input + Group.DimY, parts, part, outputs, inputs);
        StorePart(tile.S32, output + (3 * Group.DimX), input + (2 * Group.DimY), parts, part, outputs, inputs);
        StorePart(tile.S33, output + (3 * Group.DimX), input + (3 * Group.DimY), parts, part, outputs, inputs);
    }

    /// <summary>dW += the sum of the segments' parts, in their order; entries outside the staircase are not touched.</summary>
    public static void AddParts(
        Index2D index, ArrayView<T> parts, int segments, int inputs, int outputs, ArrayView<int> ends, int hasEnds, DeviceMatrix<T> dweight)
    {
        var (input, output) = (index.X, index.Y);
        if (hasEnds != 0 && input >= ends[output])
            return;
        var sum = V.Create(parts[(output * inputs) + input]);
        for (var segment = 1; segment < segments; segment++)
            sum += V.Create(parts[(((segment * outputs) + output) * inputs) + input]);
        dweight[input, output] = V.ToNumber(V.Create(dweight[input, output]) + sum);
    }

    /// <summary>dy ← dy act'(·) and db += Σ_r dy; a group for each output. Padding has dy = 0.</summary>
    public static void ActivationAdjoint<F>(
        DeviceMatrix<T> y, DeviceMatrix<T> preActivation, int hasPreActivation, DeviceMatrix<T> dy, int rows, ArrayView<T> dbias, int wantsBias)
        where F : struct, IUnaryFormula
    {
        var output = Grid.IdxX;
        var sum = V.Constant(0f, 0.0);
        for (var row = Group.IdxX; row < rows; row += Group.DimX)
        {
            // A derivative that needs the argument finds it kept; another does not look at it.
            var result = V.Create(y[row, output]);
            var argument = hasPreActivation != 0 ? V.Create(preActivation[row, output]) : result;
            var adjoint = V.Create(dy[row, output]) * F.Derivative<V, T>(argument, result);
            dy[row, output] = V.ToNumber(adjoint);
            sum += adjoint;
        }

        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX == 0 && wantsBias != 0)
            dbias[output] = V.ToNumber(V.Create(dbias[output]) + sum);
    }

    private static V Bias(ArrayView<T> bias, int hasBias, int output, int outputs) =>
        hasBias != 0 && output < outputs ? V.Create(bias[output]) : V.Constant(0f, 0.0);

    private static void Activate<F>(V sum, int row, int output, DeviceMatrix<T> y, DeviceMatrix<T> preActivation, int keepsPreActivation, int rows, int outputs)
        where F : struct, IUnaryFormula
    {
        if (row >= rows || output >= outputs)
            return;
        if (keepsPreActivation != 0)
            preActivation[row, output] = V.ToNumber(sum);
        y[row, output] = V.ToNumber(F.Value<V, T>(sum));
    }

    private static void Store(V sum, int row, int column, DeviceMatrix<T> target, int accumulate, int rows, int columns)
    {
        if (row >= rows || column >= columns)
            return;
        if (accumulate != 0)
            sum = V.Create(target[row, column]) + sum;
        target[row, column] = V.ToNumber(sum);
    }

    private static void StorePart(V sum, int output, int input, ArrayView<T> parts, int part, int outputs, int inputs)
    {
        if (output < outputs && input < inputs)
            parts[part + (output * inputs) + input] = V.ToNumber(sum);
    }
}
