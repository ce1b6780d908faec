using System.Reflection;
using ILGPU;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Frontend;
using ILGPU.Frontend.Intrinsic;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;
using ILGPU.IR.Values;

namespace FlowCore.Gpu;

/// <summary>
/// What FlowCore's scalar formulas call and ILGPU does not know by itself: the fused multiply-add, rounded once as on the
/// processor, and the bit patterns of unsigned integers.
/// </summary>
/// <remarks>
/// Calls of <see cref="MathF.FusedMultiplyAdd"/> and its fellows in kernels are replaced by calls of the methods here, for
/// which code generators are registered: <c>fma.rn</c> in PTX and <c>fma</c> in OpenCL C. Left alone, ILGPU 1.5.3 makes
/// them unresolved externals without a word.
/// </remarks>
internal static class DeviceMath
{
    private static readonly Type[] _single = [typeof(float), typeof(float), typeof(float)];
    private static readonly Type[] _double = [typeof(double), typeof(double), typeof(double)];

    // The table of replacements is static and not thread-safe; a static constructor runs once.
    static DeviceMath()
    {
        Replace(typeof(MathF), nameof(MathF.FusedMultiplyAdd), nameof(FusedMultiplyAdd), _single);
        Replace(typeof(Math), nameof(Math.FusedMultiplyAdd), nameof(FusedMultiplyAdd), _double);
        Replace(typeof(BitConverter), nameof(BitConverter.SingleToUInt32Bits), nameof(ToBits), typeof(float));
        Replace(typeof(BitConverter), nameof(BitConverter.UInt32BitsToSingle), nameof(FromBits), typeof(uint));
        Replace(typeof(BitConverter), nameof(BitConverter.DoubleToUInt64Bits), nameof(ToBits), typeof(double));
        Replace(typeof(BitConverter), nameof(BitConverter.UInt64BitsToDouble), nameof(FromBits), typeof(ulong));
    }

    /// <summary>a·b + c, rounded once.</summary>
    [IntrinsicImplementation]
    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    /// <inheritdoc cref="FusedMultiplyAdd(float, float, float)"/>
    [IntrinsicImplementation]
    public static double FusedMultiplyAdd(double a, double b, double c) => Math.FusedMultiplyAdd(a, b, c);

    public static uint ToBits(float value) => ILGPU.Interop.FloatAsInt(value);

    public static ulong ToBits(double value) => ILGPU.Interop.FloatAsInt(value);

    public static float FromBits(uint bits) => ILGPU.Interop.IntAsFloat(bits);

    public static double FromBits(ulong bits) => ILGPU.Interop.IntAsFloat(bits);

    /// <summary>Makes the functions known to a context.</summary>
    public static Context.Builder EnableDeviceMath(this Context.Builder builder)
    {
        var manager = builder.GetIntrinsicManager();
        foreach (var types in (Type[][])[_single, _double])
        {
            var method = typeof(DeviceMath).GetMethod(nameof(FusedMultiplyAdd), types)!;
            manager.RegisterMethod(method, new PTXIntrinsic(typeof(DeviceMath), nameof(EmitPtx), IntrinsicImplementationMode.GenerateCode));
            manager.RegisterMethod(method, new CLIntrinsic(typeof(DeviceMath), nameof(EmitOpenCl), IntrinsicImplementationMode.GenerateCode));
        }

        return builder;
    }

    /// <summary>Writes <c>fma.rn</c> for a call of <see cref="FusedMultiplyAdd(float, float, float)"/>; ILGPU calls it by name.</summary>
    public static void EmitPtx(PTXBackend backend, PTXCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var a = generator.LoadPrimitive(call[0]);
        var b = generator.LoadPrimitive(call[1]);
        var c = generator.LoadPrimitive(call[2]);
        var result = generator.AllocateHardware(value);
        using var command = generator.BeginCommand(value.BasicValueType == BasicValueType.Float32 ? "fma.rn.f32" : "fma.rn.f64");
        command.AppendArgument(result);
        command.AppendArgument(a);
        command.AppendArgument(b);
        command.AppendArgument(c);
    }

    /// <summary>Writes <c>fma</c> for a call of <see cref="FusedMultiplyAdd(float, float, float)"/>; ILGPU calls it by name.</summary>
    public static void EmitOpenCl(CLBackend backend, CLCodeGenerator generator, Value value)
    {
        var call = (MethodCall)value;
        var statement = generator.BeginStatement(generator.Allocate(value));
        statement.AppendCommand("fma");
        statement.BeginArguments();
        for (var i = 0; i < 3; i++)
            statement.AppendArgument(generator.Load(call[i]));
        statement.EndArguments();
        statement.Finish();
    }

    private static void Replace(Type type, string name, string by, params Type[] parameters)
    {
        var replacement = typeof(DeviceMath).GetMethod(by, BindingFlags.Public | BindingFlags.Static, parameters)!;
        RemappedIntrinsics.AddRemapping(type.GetMethod(name, parameters)!, (ref InvocationContext context) => context.Method = replacement);
    }
}
