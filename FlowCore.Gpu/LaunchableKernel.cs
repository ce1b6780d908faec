using System.Reflection;
using ILGPU.Runtime;

namespace FlowCore.Gpu;

/// <summary>A kernel with its launcher, which is compiled at the first use.</summary>
/// <typeparam name="TLauncher">The launcher: an action of the queue, the grid, and the arguments of the method.</typeparam>
internal sealed class LaunchableKernel<TLauncher>(MethodInfo method, bool isGrouped) : GpuKernel(method, isGrouped)
    where TLauncher : Delegate
{
    private TLauncher? _launcher;

    /// <summary>The launcher on an accelerator, always the same one, which is made the calling thread's.</summary>
    public TLauncher On(Accelerator accelerator)
    {
        accelerator.Bind();
        return _launcher ??= IsGrouped ? accelerator.LoadKernel<TLauncher>(Method) : accelerator.LoadAutoGroupedKernel<TLauncher>(Method);
    }
}
