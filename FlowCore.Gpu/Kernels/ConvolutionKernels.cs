using System.Numerics;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>Convolution and its adjoints. Tables say for each pixel and place of the window which pixel is there: −1 for none, −2 at the first place where the pixel does not count at all.</summary>
internal static class ConvolutionKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = w ∗ x + b; a thread for each event and column of the result.</summary>
    public static void Forward(
        Index2D index, ConvolutionSizes sizes, DeviceMatrix<T> x, ArrayView<T> weight, ArrayView<T> bias, int hasBias, ArrayView<int> sources, DeviceMatrix<T> y)
    {
        var (row, column) = (index.X, index.Y);
        var (output, pixel) = (sizes.Channel(column, sizes.Outputs), sizes.Pixel(column, sizes.Outputs));
        var sum = V.Constant(0f, 0.0);
        if (sources[pixel * sizes.Places] != -2)
        {
            if (hasBias != 0)
                sum = V.Create(bias[output]);
            for (var place = 0; place < sizes.Places; place++)
            {
                var source = sources[(pixel * sizes.Places) + place];
                if (source < 0)
                    continue;
                for (var input = 0; input < sizes.Inputs; input++)
                {
                    var factor = V.Create(weight[(((output * sizes.Inputs) + input) * sizes.Places) + place]);
                    sum = V.FusedMultiplyAdd(factor, V.Create(x[row, sizes.Column(input, source, sizes.Inputs)]), sum);
                }
            }
        }

        y[row, column] = V.ToNumber(sum);
    }

    /// <summary>dx (+)= the sum over the pixels that read it; a thread for each event and column of the argument.</summary>
    public static void InputAdjoint(
        Index2D index, ConvolutionSizes sizes, DeviceMatrix<T> dy, ArrayView<T> weight, ArrayView<int> targets, DeviceMatrix<T> dx, int accumulate)
    {
        var (row, column) = (index.X, index.Y);
        var (input, pixel) = (sizes.Channel(column, sizes.Inputs), sizes.Pixel(column, sizes.Inputs));
        var sum = accumulate != 0 ? V.Create(dx[row, column]) : V.Constant(0f, 0.0);
        if (targets[pixel * sizes.Places] != -2)
        {
            for (var place = 0; place < sizes.Places; place++)
            {
                var target = targets[(pixel * sizes.Places) + place];
                if (target < 0)
                    continue;
                for (var output = 0; output < sizes.Outputs; output++)
                {
                    var factor = V.Create(weight[(((output * sizes.Inputs) + input) * sizes.Places) + sizes.Places - 1 - place]);
                    sum = V.FusedMultiplyAdd(factor, V.Create(dy[row, sizes.Column(output, target, sizes.Outputs)]), sum);
                }
            }
        }

        dx[row, column] = V.ToNumber(sum);
    }

    /// <summary>dw and db: a group for each weight, and for each bias behind the weights of its output; padding has dy = 0.</summary>
    public static void WeightAdjoint(
        ConvolutionSizes sizes, DeviceMatrix<T> dy, DeviceMatrix<T> x, int rows, ArrayView<int> sources, ArrayView<T> dweight, int wantsWeight, ArrayView<T> dbias, int wantsBias)
    {
        var length = sizes.Inputs * sizes.Places;
        var (output, at) = (Grid.IdxX / (length + 1), Grid.IdxX % (length + 1));
        var isBias = at == length;
        var (input, place) = (at / sizes.Places, isBias ? 0 : at % sizes.Places);
        var sum = V.Constant(0f, 0.0);
        for (var i = Group.IdxX; i < rows * sizes.Pixels; i += Group.DimX)
        {
            var (row, pixel) = (i % rows, i / rows);
            var source = sources[(pixel * sizes.Places) + place];
            if (sources[pixel * sizes.Places] == -2 || (!isBias && source < 0))
                continue;
            var adjoint = V.Create(dy[row, sizes.Column(output, pixel, sizes.Outputs)]);
            sum = isBias ? sum + adjoint : V.FusedMultiplyAdd(adjoint, V.Create(x[row, sizes.Column(input, source, sizes.Inputs)]), sum);
        }

        sum = GroupSum.Of<V, T>(sum);
        if (Group.IdxX != 0)
            return;
        if (isBias && wantsBias != 0)
            dbias[output] = V.ToNumber(V.Create(dbias[output]) + sum);
        if (!isBias && wantsWeight != 0)
            dweight[(output * length) + at] = V.ToNumber(V.Create(dweight[(output * length) + at]) + sum);
    }
}
