using System.Reflection;

namespace FlowCore.Gpu;

/// <summary>One kernel of a program: the method that is compiled, and how it is launched.</summary>
internal abstract class GpuKernel(MethodInfo method, bool isGrouped)
{
    /// <summary>The method of the kernel.</summary>
    public MethodInfo Method { get; } = method;

    /// <summary>Whether the launch says how threads are grouped (where they share memory), or ILGPU chooses.</summary>
    public bool IsGrouped { get; } = isGrouped;

    /// <summary>What to call it in a message.</summary>
    public string Name => Method.IsGenericMethod
        ? $"{Method.Name}<{string.Join(", ", Method.GetGenericArguments().Select(argument => argument.Name))}>"
        : Method.Name;
}
