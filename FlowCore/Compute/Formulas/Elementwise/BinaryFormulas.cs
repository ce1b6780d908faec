using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>The functions of two arguments, each followed by its derivatives by the first and the second.</summary>
internal static class BinaryFormulas
{
    /// <summary>a + b; 1; 1.</summary>
    internal readonly struct Add : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => a + b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.One;
    }

    /// <summary>a − b; 1; −1.</summary>
    internal readonly struct Subtract : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => a - b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.One;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.Of(-1);
    }

    /// <summary>a · b; b; a.</summary>
    internal readonly struct Multiply : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => a * b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => a;
    }

    /// <summary>a / b; 1 / b; −a / b².</summary>
    internal readonly struct Divide : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => a / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.One / b;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => -(a / (b * b));
    }

    /// <summary>The larger; where they are equal the derivative goes to a.</summary>
    internal readonly struct Max : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => V.Select(V.LessThan(a, b), b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => V.Select(V.LessThan(a, b), Constant<V, T>.Zero, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => V.Select(V.LessThan(a, b), Constant<V, T>.One, Constant<V, T>.Zero);
    }

    /// <summary>The smaller; where they are equal the derivative goes to a.</summary>
    internal readonly struct Min : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => V.Select(V.LessThan(b, a), b, a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => V.Select(V.LessThan(b, a), Constant<V, T>.Zero, Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => V.Select(V.LessThan(b, a), Constant<V, T>.One, Constant<V, T>.Zero);
    }

    /// <summary>a^b; b a^(b − 1); a^b ln a, 0 where a^b is.</summary>
    internal readonly struct Power : IBinaryFormula
    {
        public static double Lowest => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => LaneMath<V, T>.Power(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => b * LaneMath<V, T>.Power(a, b - Constant<V, T>.One);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b)
        {
            var value = LaneMath<V, T>.Power(a, b);
            return V.Select(V.Equal(value, Constant<V, T>.Zero), Constant<V, T>.Zero, value * V.Log(a));
        }
    }

    /// <summary>The angle of (b, a); b / (a² + b²); −a / (a² + b²).</summary>
    internal readonly struct Atan2 : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => LaneMath<V, T>.Atan2(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b)
        {
            var length = LaneMath<V, T>.Hypot(a, b);
            return b / length / length;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b)
        {
            var length = LaneMath<V, T>.Hypot(a, b);
            return -(a / length / length);
        }
    }

    /// <summary>√(a² + b²); a / y and b / y, 0 at the origin.</summary>
    internal readonly struct Hypot : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => LaneMath<V, T>.Hypot(a, b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => V.Select(V.Equal(a, Constant<V, T>.Zero), Constant<V, T>.Zero, a / LaneMath<V, T>.Hypot(a, b));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => V.Select(V.Equal(b, Constant<V, T>.Zero), Constant<V, T>.Zero, b / LaneMath<V, T>.Hypot(a, b));
    }

    /// <summary>The magnitude of a with the sign of b; ±1, 0 where a = 0; 0.</summary>
    internal readonly struct CopySign : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b)
        {
            var magnitude = V.Abs(a);
            return V.Select(LaneMath<V, T>.IsNegative(b), -magnitude, magnitude);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b)
        {
            var sign = V.Select(V.LessThan(a, Constant<V, T>.Zero), Constant<V, T>.Of(-1), V.Select(V.Equal(a, Constant<V, T>.Zero), Constant<V, T>.Zero, Constant<V, T>.One));
            return V.Select(LaneMath<V, T>.IsNegative(b), -sign, sign);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.Zero;
    }

    /// <summary>1 where a &lt; b, else 0; 0; 0.</summary>
    internal readonly struct Less : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => V.Select(V.LessThan(a, b), Constant<V, T>.One, Constant<V, T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.Zero;
    }

    /// <summary>1 where a ≤ b, else 0; 0; 0.</summary>
    internal readonly struct LessOrEqual : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => V.Select(V.LessThanOrEqual(a, b), Constant<V, T>.One, Constant<V, T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.Zero;
    }

    /// <summary>1 where a = b, else 0; 0; 0.</summary>
    internal readonly struct Equal : IBinaryFormula
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.Value<V, T>(V a, V b) => V.Select(V.Equal(a, b), Constant<V, T>.One, Constant<V, T>.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.ByFirst<V, T>(V a, V b) => Constant<V, T>.Zero;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V IBinaryFormula.BySecond<V, T>(V a, V b) => Constant<V, T>.Zero;
    }
}
