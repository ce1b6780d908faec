using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>The sums of a training step, in double, and the optimiser's sweep.</summary>
internal static class TrainingKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>sums[at] = Σ w v and sums[at + 1] = Σ w over the rows; one group.</summary>
    public static void WeightedSum(DeviceMatrix<T> values, DeviceMatrix<T> weights, int hasWeights, int rows, ArrayView<double> sums, int at)
    {
        var sum = 0.0;
        var total = 0.0;
        for (var row = Group.IdxX; row < rows; row += Group.DimX)
        {
            var weight = hasWeights != 0 ? V.ToDouble(V.Create(weights[row, 0])) : 1.0;
            sum += weight * V.ToDouble(V.Create(values[row, 0]));
            total += weight;
        }

        var allSum = GroupSum.Of<DoubleLane, double>(DoubleLane.Create(sum));
        var allTotal = GroupSum.Of<DoubleLane, double>(DoubleLane.Create(total));
        if (Group.IdxX != 0)
            return;
        sums[at] = allSum.Value;
        sums[at + 1] = allTotal.Value;
    }

    /// <summary>sum = a + b, number by number.</summary>
    public static void Add(Index1D index, ArrayView<T> a, ArrayView<T> b, ArrayView<T> sum) =>
        sum[index] = V.ToNumber(V.Create(a[index]) + V.Create(b[index]));

    /// <summary>partial[g] = Σ x² over the numbers that group g takes in turn with the others.</summary>
    public static void Squares(ArrayView<T> x, int length, ArrayView<double> partial)
    {
        var sum = 0.0;
        for (var i = (Grid.IdxX * Group.DimX) + Group.IdxX; i < length; i += Grid.DimX * Group.DimX)
        {
            var value = V.ToDouble(V.Create(x[i]));
            sum += value * value;
        }

        var all = GroupSum.Of<DoubleLane, double>(DoubleLane.Create(sum));
        if (Group.IdxX == 0)
            partial[Grid.IdxX] = all.Value;
    }

    /// <summary>sums[at] = Σ partial; one group.</summary>
    public static void AddUp(ArrayView<double> partial, int count, ArrayView<double> sums, int at)
    {
        var sum = 0.0;
        for (var i = Group.IdxX; i < count; i += Group.DimX)
            sum += partial[i];
        var all = GroupSum.Of<DoubleLane, double>(DoubleLane.Create(sum));
        if (Group.IdxX == 0)
            sums[at] = all.Value;
    }

    /// <summary>One optimiser update of one parameter.</summary>
    public static void Sweep<U>(
        Index1D index, U update, ArrayView<T> parameters, ArrayView<T> gradients, ArrayView<T> firstMoment, ArrayView<T> secondMoment)
        where U : unmanaged, IOptimiserUpdate<V>
    {
        var theta = V.Create(parameters[index]);
        var first = V.Create(firstMoment[index]);
        var second = U.HasSecondMoment ? V.Create(secondMoment[index]) : V.Constant(0f, 0.0);
        update.Apply(ref theta, V.Create(gradients[index]), ref first, ref second);
        parameters[index] = V.ToNumber(theta);
        firstMoment[index] = V.ToNumber(first);
        if (U.HasSecondMoment)
            secondMoment[index] = V.ToNumber(second);
    }
}
