using System.Numerics;
using FlowCore.Random;

namespace FlowCore.Compute;

/// <content>Random blocks: drawn row-major, as the stream counts, and then brought into columns.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void FillNormal(RandomStream stream, ulong first, in Matrix<T> block)
    {
        var rows = new Span<T>(Scratch(block.Rows * block.Columns), block.Rows * block.Columns);
        stream.FillNormal(rows, first);
        LoadRows(rows, block);
    }

    public override void FillUniform(RandomStream stream, ulong first, in Matrix<T> block)
    {
        var rows = new Span<T>(Scratch(block.Rows * block.Columns), block.Rows * block.Columns);
        stream.FillUniform(rows, first);
        LoadRows(rows, block);
    }
}
