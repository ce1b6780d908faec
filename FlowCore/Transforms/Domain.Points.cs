using FlowCore.Random;

namespace FlowCore.Transforms;

/// <content>Points for checks: inside, and outside where there is an outside.</content>
public sealed partial class Domain
{
    /// <summary>Fills rows with points of the domain: normal on the real line, of every size on a half-line, uniform elsewhere.</summary>
    /// <param name="stream">Where the random numbers come from.</param>
    /// <param name="reach">The standard deviation on the real line, and of the logarithm on a half-line.</param>
    /// <param name="rows">Row-major, <see cref="Columns"/> numbers a row.</param>
    internal void Draw(RandomStream stream, double reach, Span<double> rows)
    {
        var normal = new double[rows.Length];
        var uniform = new double[rows.Length];
        stream.Substream(0).FillNormal<double>(normal);
        stream.Substream(1).FillUniform<double>(uniform);
        for (var at = 0; at < rows.Length;)
        {
            foreach (var factor in _factors)
            {
                var point = rows.Slice(at, factor.Columns);
                switch (factor.Manifold)
                {
                    case Manifold.Sphere:
                        normal.AsSpan(at, factor.Columns).CopyTo(point);
                        Divide(point, Math.Sqrt(SumOf(point, value => value * value)));
                        break;
                    case Manifold.Simplex:
                        // Exponential numbers divided by their sum, and one number more, are uniform on the simplex.
                        for (var i = 0; i < point.Length; i++)
                            point[i] = -Math.Log(1 - uniform[at + i]);
                        Divide(point, SumOf(point, value => value) + Math.Abs(normal[at]));
                        break;
                    default:
                        point[0] = Inside(factor.Axis, reach * normal[at], uniform[at]);
                        break;
                }

                at += factor.Columns;
            }
        }
    }

    /// <summary>Moves the first coordinate that has an outside there.</summary>
    /// <param name="point">A point of the domain.</param>
    /// <returns>Whether there is such a coordinate.</returns>
    internal bool MoveOutside(Span<double> point)
    {
        var at = 0;
        foreach (var factor in _factors)
        {
            if (factor.Manifold == Manifold.Axis && !factor.Axis.IsCircle && !factor.Axis.IsReal)
            {
                point[at] = double.IsFinite(factor.Axis.Lower) ? factor.Axis.Lower - 1 : factor.Axis.Upper + 1;
                return true;
            }

            at += factor.Columns;
        }

        return false;
    }

    /// <summary>The axis of each coordinate; null where some coordinates are no axes.</summary>
    internal Axis[]? Axes => Array.TrueForAll(_factors, factor => factor.Manifold == Manifold.Axis) ? Array.ConvertAll(_factors, factor => factor.Axis) : null;

    private static double Inside(Axis axis, double normal, double uniform) => (double.IsFinite(axis.Lower), double.IsFinite(axis.Upper)) switch
    {
        // A little away from the ends, which belong to some domains and not to others.
        (true, true) => axis.Lower + ((0.01 + (0.98 * uniform)) * (axis.Upper - axis.Lower)),
        (true, false) => axis.Lower + Math.Exp(normal),
        (false, true) => axis.Upper - Math.Exp(normal),
        _ => normal,
    };

    private static double SumOf(ReadOnlySpan<double> values, Func<double, double> map)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += map(value);
        return sum;
    }

    private static void Divide(Span<double> values, double divisor)
    {
        foreach (ref var value in values)
            value /= divisor;
    }
}
