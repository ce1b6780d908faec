using System.Numerics.Tensors;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.ExceptionServices;
using FlowCore.Distributions;

namespace FlowCore.Tests.Reliability;

/// <summary>Calls any public instance method, those with spans too, which reflection alone cannot pass.</summary>
internal static class SurfaceCall
{
    private delegate void Caller(object target, object?[] arguments);

    /// <summary>The public members of a type as methods: properties as their getters, generic methods in double.</summary>
    public static IEnumerable<MethodInfo> MethodsOf(Type type) => type
        .GetMethods(BindingFlags.Public | BindingFlags.Instance)
        .Where(method => method.DeclaringType != typeof(object) && method.DeclaringType != typeof(ValueType) && method.Name != nameof(IDisposable.Dispose))
        .Where(method => !method.IsSpecialName || method.Name.StartsWith("get_", StringComparison.Ordinal))
        .Where(method => method.GetBaseDefinition().DeclaringType != typeof(object))
        .Select(method => method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(double)) : method);

    /// <summary>Calls a method.</summary>
    /// <param name="target">The object.</param>
    /// <param name="method">The method.</param>
    /// <param name="argument">Gives the argument of a parameter; for a span the array that it is of.</param>
    /// <returns>What was thrown, or null.</returns>
    public static Exception? Throws(object target, MethodInfo method, Func<ParameterInfo, object?> argument)
    {
        var parameters = method.GetParameters();
        var arguments = Array.ConvertAll(parameters, parameter => parameter.IsOut ? null : argument(parameter));
        var caller = Compile(method, parameters);
        try
        {
            caller(target, arguments);
            return null;
        }
        catch (Exception problem)
        {
            return ExceptionDispatchInfo.Capture(problem).SourceException;
        }
    }

    private static ReadOnlyTensorSpan<double> OneRow(double[] numbers) => numbers.Length == 0 ? default : new(numbers, [1, numbers.Length]);

    private static Conditions<double> ConditionsOf(double[] nuisances) => new(default, nuisances);

    private static Caller Compile(MethodInfo method, ParameterInfo[] parameters)
    {
        var dynamic = new DynamicMethod(method.Name, typeof(void), [typeof(object), typeof(object?[])], typeof(SurfaceCall).Module, skipVisibility: true);
        var code = dynamic.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        var owner = method.DeclaringType!;
        code.Emit(owner.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, owner);
        for (var i = 0; i < parameters.Length; i++)
        {
            var type = parameters[i].ParameterType.IsByRef ? parameters[i].ParameterType.GetElementType()! : parameters[i].ParameterType;
            var local = code.DeclareLocal(type);
            if (!parameters[i].IsOut && (!type.IsByRefLike || type.IsGenericType))
            {
                code.Emit(OpCodes.Ldarg_1);
                code.Emit(OpCodes.Ldc_I4, i);
                code.Emit(OpCodes.Ldelem_Ref);
                if (type.IsByRefLike)
                {
                    var array = type.GetGenericArguments()[0].MakeArrayType();
                    code.Emit(OpCodes.Castclass, array);
                    if (type == typeof(ReadOnlyTensorSpan<double>))
                        code.Emit(OpCodes.Call, typeof(SurfaceCall).GetMethod(nameof(OneRow), BindingFlags.NonPublic | BindingFlags.Static)!);
                    else if (type == typeof(Conditions<double>))
                        code.Emit(OpCodes.Call, typeof(SurfaceCall).GetMethod(nameof(ConditionsOf), BindingFlags.NonPublic | BindingFlags.Static)!);
                    else
                        code.Emit(OpCodes.Newobj, type.GetConstructor([array])!);
                }
                else
                {
                    code.Emit(OpCodes.Unbox_Any, type);
                }

                code.Emit(OpCodes.Stloc, local);
            }

            code.Emit(parameters[i].ParameterType.IsByRef ? OpCodes.Ldloca : OpCodes.Ldloc, local);
        }

        code.Emit(method.IsVirtual ? OpCodes.Callvirt : OpCodes.Call, method);
        if (method.ReturnType != typeof(void))
            code.Emit(OpCodes.Pop);
        code.Emit(OpCodes.Ret);
        return dynamic.CreateDelegate<Caller>();
    }
}
