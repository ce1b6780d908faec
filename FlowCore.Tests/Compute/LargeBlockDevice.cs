using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The processor with blocks as large as an accelerator's, of which it may be made to have too little memory.</summary>
internal sealed class LargeBlockDevice(int blockRows) : Device
{
    /// <summary>Items that fail for lack of memory before the first one runs.</summary>
    public int Failures { get; set; }

    public override string Name => "large blocks";

    public override int Workers => 1;

    public override int BlockRows => blockRows;

    public override int SweepLength => int.MaxValue;

    public override Kernels<T> CreateKernels<T>() => new CpuKernels<ScalarLane<T>, T>(this);

    public override void Run(IParallelWork work, int count)
    {
        for (var item = 0; item < count; item++)
        {
            if (Failures > 0)
            {
                Failures--;
                throw new DeviceMemoryException(Name, 1, 1);
            }

            work.Run(item, worker: 0);
        }
    }
}
