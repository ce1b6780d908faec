using FlowCore.Compute;
using FlowCore.Random;

namespace FlowCore.Gpu;

/// <content>Random blocks: a thread makes the number of its row and column from the stream's counter.</content>
internal sealed partial class GpuKernels<V, T>
{
    public override void FillNormal(RandomStream stream, ulong first, in Matrix<T> block) =>
        _program.Normal.On(Accelerator)(Stream, ColumnsOf(block), stream.Seed, stream.Stream, first, Of(block), block.Rows, block.Columns);

    public override void FillUniform(RandomStream stream, ulong first, in Matrix<T> block) =>
        _program.Uniform.On(Accelerator)(Stream, ColumnsOf(block), stream.Seed, stream.Stream, first, Of(block), block.Rows, block.Columns);
}
