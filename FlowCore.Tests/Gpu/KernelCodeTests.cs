using FlowCore.Gpu;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using NUnit.Framework;

namespace FlowCore.Tests.Gpu;

/// <summary>The code of every kernel for every architecture, generated on a machine that has none of them.</summary>
[TestFixture]
internal sealed class KernelCodeTests
{
    private static readonly CudaArchitecture[] _architectures =
        [CudaArchitecture.SM_61, CudaArchitecture.SM_75, CudaArchitecture.SM_80, CudaArchitecture.SM_90];

    private static readonly string[] _approximations = [".approx", "rcp.f32", "sqrt.f32 ", "div.full"];

    [TestCaseSource(nameof(_architectures))]
    public void Every_kernel_has_PTX_without_unresolved_externals_and_approximations(CudaArchitecture architecture)
    {
        Assert.Multiple(() =>
        {
            foreach (var kernel in architecture == CudaArchitecture.SM_80 ? Kernels() : Samples())
            {
                // A kernel that fails to compile poisons its context, so each has one of its own.
                using var context = GpuDevice.CreateContext();
                using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_75, nvvmAPI: null);
                var code = ((PTXCompiledKernel)Compile(backend, kernel)).PTXAssembly;
                Assert.That(code, Does.Contain(".visible .entry"), kernel.Name);
                Assert.That(code, Does.Not.Contain(".extern .func"), kernel.Name);
                foreach (var approximation in _approximations)
                    Assert.That(code, Does.Not.Contain(approximation), kernel.Name);
            }
        });
    }

    [Test]
    public void Every_kernel_has_OpenCL_C_without_unresolved_functions()
    {
        Assert.Multiple(() =>
        {
            foreach (var kernel in Kernels())
            {
                using var context = GpuDevice.CreateContext();
                using var backend = new CLBackend(
                    context, new CLCapabilityContext(float16: false, float64: true, genericAddressSpace: true, int64_Atomics: true, subGroups: false),
                    CLDeviceVendor.Other, CLCVersion.CL30);
                var code = ((CLCompiledKernel)Compile(backend, kernel)).Source;
                Assert.That(code, Does.Contain("kernel void"), kernel.Name);

                // A method that is not known would be called by its name in .NET.
                Assert.That(code, Does.Not.Contain("FusedMultiplyAdd"), kernel.Name);
            }
        });
    }

    [Test]
    public void Fused_multiply_adds_are_instructions()
    {
        using var context = GpuDevice.CreateContext();
        using var backend = new PTXBackend(
            context, new CudaCapabilityContext(CudaArchitecture.SM_80), CudaArchitecture.SM_80, CudaInstructionSet.ISA_75, nvvmAPI: null);
        var program = new GpuProgram<SingleLane, float>();
        Assert.That(((PTXCompiledKernel)Compile(backend, program.Normal)).PTXAssembly, Does.Contain("fma.rn.f32"));
    }

    private static IEnumerable<GpuKernel> Kernels() => [.. new GpuProgram<SingleLane, float>().All, .. new GpuProgram<DoubleLane, double>().All];

    // Kernels that differ in their function alone are the same to an architecture: three of each such kind.
    private static IEnumerable<GpuKernel> Samples() => Kernels()
        .GroupBy(kernel => (kernel.Method.DeclaringType, kernel.Method.IsGenericMethod ? kernel.Method.GetGenericMethodDefinition() : kernel.Method))
        .SelectMany(kernels => kernels.Take(3));

    private static CompiledKernel Compile(Backend backend, GpuKernel kernel) => backend.Compile(
        kernel.IsGrouped ? EntryPointDescription.FromExplicitlyGroupedKernel(kernel.Method) : EntryPointDescription.FromImplicitlyGroupedKernel(kernel.Method),
        KernelSpecialization.Empty);
}
