using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The functions of two arguments.</summary>
internal static class ArithmeticFunctions<V, T>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a + b.</summary>
    internal readonly struct Add : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => Constant<V, T>.One;
    }

    /// <summary>a − b.</summary>
    internal readonly struct Subtract : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => a - b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => Constant<V, T>.Of(-1);
    }

    /// <summary>a · b.</summary>
    internal readonly struct Multiply : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => a;
    }

    /// <summary>a / b; 1 / b and −a / b².</summary>
    internal readonly struct Divide : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => a / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => Constant<V, T>.One / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => -(a / (b * b));
    }

    /// <summary>The larger; where they are equal the derivative goes to a.</summary>
    internal readonly struct Max : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => V.Select(V.LessThan(a, b), b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => V.Select(V.LessThan(a, b), Constant<V, T>.Zero, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => V.Select(V.LessThan(a, b), Constant<V, T>.One, Constant<V, T>.Zero);
    }

    /// <summary>The smaller; where they are equal the derivative goes to a.</summary>
    internal readonly struct Min : IBinaryFunction<V>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Value(V a, V b) => V.Select(V.LessThan(b, a), b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V ByFirst(V a, V b) => V.Select(V.LessThan(b, a), Constant<V, T>.Zero, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V BySecond(V a, V b) => V.Select(V.LessThan(b, a), Constant<V, T>.One, Constant<V, T>.Zero);
    }
}
