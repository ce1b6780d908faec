using System.Numerics;
using System.Runtime.Intrinsics;

namespace FlowCore.Compute;

/// <summary>Sums of squares in double, whatever the type of the numbers.</summary>
internal static unsafe class SquareSum
{
    /// <summary>Σ x².</summary>
    /// <remarks>
    /// Floats are widened before they are squared, so that a large finite gradient does not pass for an infinite one.
    /// Four registers of 4 doubles take the numbers in turn, the rest follows one by one: the order, and so the bits,
    /// depend on the length alone and not on the register width of the machine.
    /// </remarks>
    internal static double Of<T>(T* x, long length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sum0 = Vector256<double>.Zero;
        var sum1 = Vector256<double>.Zero;
        var sum2 = Vector256<double>.Zero;
        var sum3 = Vector256<double>.Zero;
        long i = 0;
        for (; i <= length - 16; i += 16)
        {
            Vector256<double> a, b, c, d;
            if (typeof(T) == typeof(float))
            {
                (a, b) = Vector256.Widen(Vector256.Load((float*)(x + i)));
                (c, d) = Vector256.Widen(Vector256.Load((float*)(x + i + 8)));
            }
            else
            {
                a = Vector256.Load((double*)(x + i));
                b = Vector256.Load((double*)(x + i + 4));
                c = Vector256.Load((double*)(x + i + 8));
                d = Vector256.Load((double*)(x + i + 12));
            }

            sum0 += a * a;
            sum1 += b * b;
            sum2 += c * c;
            sum3 += d * d;
        }

        var sum = Vector256.Sum(sum0 + sum1 + (sum2 + sum3));
        for (; i < length; i++)
        {
            var value = double.CreateTruncating(x[i]);
            sum += value * value;
        }

        return sum;
    }
}
