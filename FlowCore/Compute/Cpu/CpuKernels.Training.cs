using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The sum of the workers' gradients and the optimiser's sweep. A lane holds one parameter.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    // Row after row: the order of the sum is that of the events.
    public override void WeightedSum(in Matrix<T> values, in Matrix<T> weights, DeviceMemory<double> sums, int at)
    {
        double sum = 0;
        double total = 0;
        for (var row = 0; row < values.Rows; row++)
        {
            var weight = weights.IsEmpty ? 1 : double.CreateTruncating(weights.Pointer[row]);
            sum += weight * double.CreateTruncating(values.Pointer[row]);
            total += weight;
        }

        ((double*)sums.Address)[at] = sum;
        ((double*)sums.Address)[at + 1] = total;
    }

    public override void ReduceGradients(
        DeviceMemory<T>[] slots, int count, DeviceMemory<T> sum, long start, long length, DeviceMemory<double> squares, int at)
    {
        var to = (T*)sum.Address + start;
        for (var slot = 1; slot < count; slot++)
        {
            // The first sum reads slots 0 and 1, the others add to it: the order of the slots.
            var first = slot == 1 ? (T*)slots[0].Address + start : to;
            var second = (T*)slots[slot].Address + start;
            long i = 0;
            for (; i <= length - V.Count; i += V.Count)
                V.Store(V.Load(first + i) + V.Load(second + i), to + i);
            if (i < length)
            {
                var rest = (int)(length - i);
                V.StorePartial(V.LoadPartial(first + i, rest) + V.LoadPartial(second + i, rest), to + i, rest);
            }
        }

        if (count == 1 && !ReferenceEquals(slots[0], sum))
            Buffer.MemoryCopy((T*)slots[0].Address + start, to, length * sizeof(T), length * sizeof(T));
        ((double*)squares.Address)[at] = SquareSum.Of(to, length);
    }

    public override void OptimiserSweep(
        in OptimiserStep step, DeviceMemory<T> parameters, DeviceMemory<T> gradients, DeviceMemory<T> firstMoment, DeviceMemory<T> secondMoment, long start, long length)
    {
        var parameter = (T*)parameters.Address + start;
        var gradient = (T*)gradients.Address + start;
        var first = (T*)firstMoment.Address + start;
        switch (step.Rule)
        {
            case OptimiserRule.Sgd:
                SweepLoop(new SgdUpdate<V, T>(step), parameter, gradient, first, first, length);
                break;
            case OptimiserRule.Adam or OptimiserRule.AdamW:
                SweepLoop(new AdamUpdate<V, T>(step), parameter, gradient, first, (T*)secondMoment.Address + start, length);
                break;
            case OptimiserRule.RAdam:
                SweepLoop(new RAdamUpdate<V, T>(step), parameter, gradient, first, (T*)secondMoment.Address + start, length);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step.Rule, "There is no such rule.");
        }
    }

    private static void SweepLoop<U>(in U update, T* parameter, T* gradient, T* first, T* second, long length)
        where U : struct, IOptimiserUpdate<V>
    {
        long i = 0;
        for (; i <= length - V.Count; i += V.Count)
            SweepRegister<U, WholeAccess<V, T>>(update, parameter + i, gradient + i, first + i, second + i, V.Count);
        if (i < length)
            SweepRegister<U, PartialAccess<V, T>>(update, parameter + i, gradient + i, first + i, second + i, (int)(length - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SweepRegister<U, A>(in U update, T* parameter, T* gradient, T* first, T* second, int count)
        where U : struct, IOptimiserUpdate<V>
        where A : struct, IAccess<V, T>
    {
        var theta = A.Load(parameter, count);
        var m = A.Load(first, count);
        var v = U.HasSecondMoment ? A.Load(second, count) : default;
        update.Apply(ref theta, A.Load(gradient, count), ref m, ref v);
        A.Store(theta, parameter, count);
        A.Store(m, first, count);
        if (U.HasSecondMoment)
            A.Store(v, second, count);
    }
}
