using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <content>Linear layers: the products in tiles, see <see cref="ProductTile{V, T}"/>.</content>
internal sealed partial class GpuKernels<V, T>
{
    // A sum over the rows is cut where one group would take more than so many, as long as there are not groups enough
    // without; the cut depends on the shapes alone.
    private const int RowsOfSegment = 1024;
    private const int GroupsEnough = 256;

    private static readonly int[] _noIntegers = [0];

    public override void Linear(
        in Matrix<T> x, in Matrix<T> weight, in Matrix<T> bias, UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, Staircase? staircase)
    {
        var fused = _program.Of(activation).Linear;
        var product = fused ?? _program.Of(UnaryFunction.Identity).Linear!;
        product.On(Accelerator)(
            Stream, ProductGrid(x.PaddedRows, y.Columns, 1), Of(x), new DeviceOperand<T>(DataOf(weight), weight.Stride, 1), DataOf(bias), Has(bias),
            EndsOf(staircase), staircase is null ? 0 : 1, Of(y), Of(preActivation), Has(preActivation), x.PaddedRows, x.Columns, y.Columns);
        if (fused is null)
            Unary(activation, y, y);
    }

    public override void ActivationAdjoint(UnaryFunction activation, in Matrix<T> y, in Matrix<T> preActivation, in Matrix<T> dy, in Matrix<T> dbias)
    {
        if (activation == UnaryFunction.Identity && dbias.IsEmpty)
            return;
        _program.Of(activation).ActivationAdjoint.On(Accelerator)(
            Stream, GroupFor(dy.Columns), Of(y), Of(preActivation), Has(preActivation), Of(dy), dy.PaddedRows, DataOf(dbias), Has(dbias));
    }

    public override void LinearInputAdjoint(in Matrix<T> weight, in Matrix<T> dy, in Matrix<T> dx, Staircase? staircase, bool accumulate)
    {
        // Here the weight's input is the index that is kept, and the output is summed over.
        _program.InputAdjoint.On(Accelerator)(
            Stream, ProductGrid(dx.PaddedRows, dx.Columns, 1), Of(dy), new DeviceOperand<T>(DataOf(weight), 1, weight.Stride),
            StartsOf(staircase), staircase is null ? 0 : 1, Of(dx), accumulate ? 1 : 0, dx.PaddedRows, dx.Columns, dy.Columns);
    }

    public override void LinearWeightAdjoint(in Matrix<T> dy, in Matrix<T> x, in Matrix<T> dweight, Staircase? staircase)
    {
        var (inputs, outputs, rows) = (x.Columns, dy.Columns, dy.PaddedRows);
        var groups = ProductGrid(outputs, inputs, 1).GridDim.Size;
        var segments = Math.Clamp(Math.Min((rows + RowsOfSegment - 1) / RowsOfSegment, GroupsEnough / groups), 1, 64);
        var rowsOfSegment = ((rows + segments - 1) / segments + ProductTile<V, T>.Depth - 1) / ProductTile<V, T>.Depth * ProductTile<V, T>.Depth;
        segments = (rows + rowsOfSegment - 1) / rowsOfSegment;
        var parts = Scratch((long)segments * inputs * outputs);
        _program.WeightAdjoint.On(Accelerator)(
            Stream, ProductGrid(outputs, inputs, segments), Of(dy), Of(x), EndsOf(staircase), staircase is null ? 0 : 1, parts, rows, rowsOfSegment, inputs, outputs);
        _program.AddParts.On(Accelerator)(
            Stream, new Index2D(inputs, outputs), parts, segments, inputs, outputs, EndsOf(staircase), staircase is null ? 0 : 1, Of(dweight));
    }

    // Enough groups for the rows and columns of a product.
    private KernelConfig ProductGrid(int rows, int columns, int segments)
    {
        var (x, y) = _device.ProductGroupSize;
        var (tallest, widest) = (x * ProductTile<V, T>.PerThread, y * ProductTile<V, T>.PerThread);
        return new KernelConfig(new Index3D((rows + tallest - 1) / tallest, (columns + widest - 1) / widest, segments), new Index3D(x, y, 1));
    }

    private ArrayView<int> EndsOf(Staircase? staircase) => _device.Integers(staircase is null ? _noIntegers : staircase.InputEndArray);

    private ArrayView<int> StartsOf(Staircase? staircase) => _device.Integers(staircase is null ? _noIntegers : staircase.OutputStartArray);
}
