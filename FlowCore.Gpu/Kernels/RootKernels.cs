using System.Numerics;
using FlowCore.Compute;
using ILGPU;

namespace FlowCore.Gpu;

/// <summary>The bracketed Newton iteration: a thread has one number.</summary>
internal static class RootKernels<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>One step, see <see cref="RootFormula{V, T}"/>.</summary>
    public static void Step(
        Index2D index, DeviceMatrix<T> target, DeviceMatrix<T> value, DeviceMatrix<T> logSlope, DeviceMatrix<T> x, DeviceMatrix<T> lower,
        DeviceMatrix<T> upper, DeviceMatrix<T> length, DeviceMatrix<T> done)
    {
        var xs = V.Create(x[index.X, index.Y]);
        var lowers = V.Create(lower[index.X, index.Y]);
        var uppers = V.Create(upper[index.X, index.Y]);
        var lengths = V.Create(length[index.X, index.Y]);
        var dones = V.Create(done[index.X, index.Y]);
        RootFormula<V, T>.Step(
            V.Create(target[index.X, index.Y]), V.Create(value[index.X, index.Y]), V.Create(logSlope[index.X, index.Y]),
            ref xs, ref lowers, ref uppers, ref lengths, ref dones);
        x[index.X, index.Y] = V.ToNumber(xs);
        lower[index.X, index.Y] = V.ToNumber(lowers);
        upper[index.X, index.Y] = V.ToNumber(uppers);
        length[index.X, index.Y] = V.ToNumber(lengths);
        done[index.X, index.Y] = V.ToNumber(dones);
    }
}
