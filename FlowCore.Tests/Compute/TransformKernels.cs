using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The kernels at every register width, and the scalar reference.</summary>
internal static class TransformKernels
{
    public static Kernels<T> Scalar<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new CpuKernels<ScalarLane<T>, T>(Device.Cpu);

    /// <summary>Widths in bits; 0 for the scalar reference.</summary>
    public static Kernels<T> OfWidth<T>(int bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => bits switch
        {
            0 => Scalar<T>(),
            128 => new CpuKernels<Lanes128<T>, T>(Device.Cpu),
            256 => new CpuKernels<Lanes256<T>, T>(Device.Cpu),
            512 => new CpuKernels<Lanes512<T>, T>(Device.Cpu),
            _ => throw new ArgumentOutOfRangeException(nameof(bits), bits, "Expected 0, 128, 256 or 512."),
        };

    /// <summary>Standard normal numbers of a seed, the same on every run.</summary>
    public static Func<int, int, double> Normal(int seed, double scale)
    {
        var random = new System.Random(seed);
        return (_, _) => scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>Uniform numbers of a seed in [−bound, bound).</summary>
    public static Func<int, int, double> Uniform(int seed, double bound)
    {
        var random = new System.Random(seed);
        return (_, _) => bound * ((2 * random.NextDouble()) - 1);
    }
}
