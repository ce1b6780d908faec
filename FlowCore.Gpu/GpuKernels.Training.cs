using FlowCore.Compute;
using ILGPU;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <content>The sums of a step, the sum of the gradients and the optimiser's sweep.</content>
internal sealed partial class GpuKernels<V, T>
{
    private const int GroupsOfSquares = 64;

    public override void WeightedSum(in Matrix<T> values, in Matrix<T> weights, DeviceMemory<double> sums, int at) =>
        _program.WeightedSum.On(Accelerator)(Stream, GroupFor(1), Of(values), Of(weights), Has(weights), values.Rows, SumsOf(sums), at);

    public override void ReduceGradients(
        DeviceMemory<T>[] slots, int count, DeviceMemory<T> sum, long start, long length, DeviceMemory<double> squares, int at)
    {
        var total = ViewOf(sum).SubView(start, length);
        for (var slot = 1; slot < count; slot++)
        {
            // The first sum reads slots 0 and 1, the others add to it: the order of the slots.
            var first = slot == 1 ? ViewOf(slots[0]).SubView(start, length) : total;
            _program.Add.On(Accelerator)(Stream, (int)length, first, ViewOf(slots[slot]).SubView(start, length), total);
        }

        if (count == 1 && !ReferenceEquals(slots[0], sum))
            _program.Copy.On(Accelerator)(Stream, new Index2D((int)length, 1), new DeviceOperand<T>(ViewOf(slots[0]).SubView(start, length), 1, 0), new DeviceMatrix<T>(total, (int)length), 0);
        ObjectDisposedException.ThrowIf(_disposed, this);
        _partialSums ??= _device.Allocate<double>(GroupsOfSquares);
        _program.Squares.On(Accelerator)(Stream, GroupFor(GroupsOfSquares), total, (int)length, _partialSums.View);
        _program.AddUp.On(Accelerator)(Stream, GroupFor(1), _partialSums.View, GroupsOfSquares, SumsOf(squares), at);
    }

    public override void OptimiserSweep(
        in OptimiserStep step, DeviceMemory<T> parameters, DeviceMemory<T> gradients, DeviceMemory<T> firstMoment, DeviceMemory<T> secondMoment, long start, long length)
    {
        var (theta, gradient) = (ViewOf(parameters).SubView(start, length), ViewOf(gradients).SubView(start, length));
        var (first, second) = (ViewOf(firstMoment).SubView(start, length), ViewOf(secondMoment).SubView(start, length));
        var grid = new Index1D((int)length);
        switch (step.Rule)
        {
            case OptimiserRule.Sgd:
                _program.Sgd.On(Accelerator)(Stream, grid, new SgdUpdate<V, T>(step), theta, gradient, first, second);
                break;
            case OptimiserRule.Adam or OptimiserRule.AdamW:
                _program.Adam.On(Accelerator)(Stream, grid, new AdamUpdate<V, T>(step), theta, gradient, first, second);
                break;
            case OptimiserRule.RAdam:
                _program.RAdam.On(Accelerator)(Stream, grid, new RAdamUpdate<V, T>(step), theta, gradient, first, second);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Rule, "There is no such rule.");
        }
    }
}
