using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>The bin of a spline into which an argument falls, as the search along the knots leaves it.</summary>
internal struct SplineBin<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A mask: whether the argument is inside the bound.</summary>
    public V Inside;

    /// <summary>The index of the bin.</summary>
    public int Index;

    /// <summary>2B over the sum of the exponentials, of widths and of heights.</summary>
    public V WidthScale, HeightScale;

    /// <summary>The sum of the exponentials below the bin, and its own.</summary>
    public V WidthSum, Width, HeightSum, Height;

    /// <summary>The raw derivatives at its ends; 0 at the ends of the spline, where the derivative is 1.</summary>
    public V LowDerivative, HighDerivative;

    /// <summary>
    /// The last bin whose lower knot is strictly below the argument: one sweep takes the exponentials' sums, a second one runs
    /// along the knots. Exponentials are taken anew rather than kept, as a thread has few registers.
    /// </summary>
    public static SplineBin<V, T> Find(in SplineConstants<T> constants, V argument, DeviceOperand<T> parameters, int row, int first)
    {
        var bins = constants.Bins;
        var zero = V.Constant(0f, 0.0);
        var rate = V.Create(constants.BinRate);
        var minusBound = V.Create(-constants.Bound);
        var twiceBound = V.Create(constants.Bound + constants.Bound);
        var widths = zero;
        var heights = zero;
        for (var k = 0; k < bins; k++)
        {
            widths += Exponential(parameters, row, first + k, rate);
            heights += Exponential(parameters, row, first + bins + k, rate);
        }

        var bin = new SplineBin<V, T>
        {
            WidthScale = twiceBound / widths,
            HeightScale = twiceBound / heights,
            WidthSum = zero,
            HeightSum = zero,
            Width = Exponential(parameters, row, first, rate),
            Height = Exponential(parameters, row, first + bins, rate),
            LowDerivative = zero,
            HighDerivative = V.Create(parameters[row, first + (2 * bins)]),
        };
        var scale = constants.Inverse != 0 ? bin.HeightScale : bin.WidthScale;
        var runningWidth = bin.Width;
        var runningHeight = bin.Height;
        var previous = bin.HighDerivative;
        for (var k = 1; k < bins; k++)
        {
            var below = V.LessThan(SplineFormula<V, T>.Knot(constants.Inverse != 0 ? runningHeight : runningWidth, scale, minusBound), argument);
            var next = k < bins - 1 ? V.Create(parameters[row, first + (2 * bins) + k]) : zero;
            var width = Exponential(parameters, row, first + k, rate);
            var height = Exponential(parameters, row, first + bins + k, rate);
            bin.WidthSum = V.Select(below, runningWidth, bin.WidthSum);
            bin.HeightSum = V.Select(below, runningHeight, bin.HeightSum);
            bin.Width = V.Select(below, width, bin.Width);
            bin.Height = V.Select(below, height, bin.Height);
            bin.LowDerivative = V.Select(below, previous, bin.LowDerivative);
            bin.HighDerivative = V.Select(below, next, bin.HighDerivative);
            bin.Index = V.IsSet(below) ? k : bin.Index;
            runningWidth += width;
            runningHeight += height;
            previous = next;
        }

        // Not above the last knot rather than below it, so that NaN parameters stay inside and show in the result.
        var above = V.LessThan(SplineFormula<V, T>.Knot(constants.Inverse != 0 ? runningHeight : runningWidth, scale, minusBound), argument);
        bin.Inside = V.Select(above, zero, V.LessThan(minusBound, argument));
        return bin;
    }

    /// <summary>The corner and the size along x, with the size as the difference of the rounded knots.</summary>
    public readonly void AlongX(V minusBound, out V low, out V size)
    {
        low = SplineFormula<V, T>.Knot(WidthSum, WidthScale, minusBound);
        size = SplineFormula<V, T>.Knot(WidthSum + Width, WidthScale, minusBound) - low;
    }

    /// <summary>The corner and the size along y.</summary>
    public readonly void AlongY(V minusBound, out V low, out V size)
    {
        low = SplineFormula<V, T>.Knot(HeightSum, HeightScale, minusBound);
        size = SplineFormula<V, T>.Knot(HeightSum + Height, HeightScale, minusBound) - low;
    }

    private static V Exponential(DeviceOperand<T> parameters, int row, int column, V rate) =>
        V.Exp(SplineFormula<V, T>.Limit(V.Create(parameters[row, column]), rate, out _));
}
