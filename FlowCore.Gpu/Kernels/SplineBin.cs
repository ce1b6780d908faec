using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>The bin of a spline into which an argument falls, as the search along the knots leaves it.</summary>
internal struct SplineBin<V, T>
    where V : unmanaged, INumberLane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A mask: whether the argument is inside the interval.</summary>
    public V Inside;

    /// <summary>The argument with whole turns of a circle taken off, and how many they were.</summary>
    public V Argument, Turns;

    /// <summary>The index of the bin.</summary>
    public int Index;

    /// <summary>The range over the sum of the exponentials, or of the parts, which is 1, of widths and of heights.</summary>
    public V WidthScale, HeightScale;

    /// <summary>The sum of the exponentials below the bin, and its own.</summary>
    public V WidthSum, Width, HeightSum, Height;

    /// <summary>For softmax alone: the maximum of the raw parameters, and the reciprocal of the sum with what it lacks.</summary>
    public V WidthShift, HeightShift, WidthReciprocal, WidthRest, HeightReciprocal, HeightRest;

    /// <summary>The raw derivatives at its ends; 0 at the ends of the spline where the slope is given.</summary>
    public V LowDerivative, HighDerivative;

    /// <summary>
    /// The last bin whose lower knot is below the argument, strictly for limited parameters: one sweep takes the exponentials' sums, a second one runs
    /// along the knots. Exponentials are taken anew rather than kept, as a thread has few registers.
    /// </summary>
    public static SplineBin<V, T> Find<TKind>(in SplineConstants<T> constants, V argument, DeviceOperand<T> parameters, int row, int first)
        where TKind : struct, ISplineKind
    {
        var bins = constants.Bins;
        var zero = V.Constant(0f, 0.0);
        var lower = V.Create(constants.Inverse != 0 ? constants.LowerY : constants.LowerX);
        var upper = V.Create(constants.Inverse != 0 ? constants.UpperY : constants.UpperX);
        var bin = new SplineBin<V, T> { Argument = argument, Turns = zero, WidthSum = zero, HeightSum = zero };
        if (!TKind.IsPlain && constants.Circular != 0)
        {
            var length = V.Create(constants.Inverse != 0 ? constants.RangeY : constants.RangeX);
            argument = SplineTailFormula<V, T>.Wrap(argument, lower, upper, length, out bin.Turns);
            bin.Argument = argument;
        }

        bin.Sums<TKind>(constants, parameters, row, first);
        bin.Width = bin.WidthPart<TKind>(constants, parameters, row, first);
        bin.Height = bin.HeightPart<TKind>(constants, parameters, row, first + bins);

        // The first column of slopes that belongs to an inner knot.
        var given = TKind.IsPlain || constants.GivenEnds != 0;
        var slopes = first + (2 * bins);
        var firstDerivative = given ? zero : V.Create(parameters[row, slopes]);
        var lastDerivative = firstDerivative;
        if (!TKind.IsPlain && constants.Slopes > bins)
            lastDerivative = V.Create(parameters[row, slopes + bins]);
        var inner = given ? slopes : slopes + 1;
        bin.LowDerivative = firstDerivative;
        bin.HighDerivative = V.Create(parameters[row, inner]);
        var scale = constants.Inverse != 0 ? bin.HeightScale : bin.WidthScale;
        var runningWidth = bin.Width;
        var runningHeight = bin.Height;
        var previous = bin.HighDerivative;
        for (var k = 1; k < bins; k++)
        {
            var knot = SplineFormula<V, T>.Knot(constants.Inverse != 0 ? runningHeight : runningWidth, scale, lower);
            var below = TKind.IsSoftmax ? V.LessThanOrEqual(knot, argument) : V.LessThan(knot, argument);
            var next = k < bins - 1 ? V.Create(parameters[row, inner + k]) : lastDerivative;
            var width = bin.WidthPart<TKind>(constants, parameters, row, first + k);
            var height = bin.HeightPart<TKind>(constants, parameters, row, first + bins + k);
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

        // Not above the last knot rather than below it, so that NaN parameters stay inside and show in the result. Where
        // something else than the identity is outside, the ends are those of the interval and both inside.
        if (TKind.IsPlain)
        {
            var above = V.LessThan(SplineFormula<V, T>.Knot(constants.Inverse != 0 ? runningHeight : runningWidth, scale, lower), argument);
            bin.Inside = V.Select(above, zero, V.LessThan(lower, argument));
        }
        else
        {
            bin.Inside = V.Select(SplineTailFormula<V, T>.Outside(argument, lower, upper), zero, V.Equal(zero, zero));
        }

        return bin;
    }

    /// <summary>The knots and the size along x, with the size as the difference of the rounded knots.</summary>
    public readonly void AlongX<TKind>(in SplineConstants<T> constants, out V low, out V high, out V size)
        where TKind : struct, ISplineKind =>
        Corner<TKind>(constants, WidthSum, Width, WidthScale, V.Create(constants.LowerX), V.Create(constants.UpperX), out low, out high, out size);

    /// <summary>The knots and the size along y.</summary>
    public readonly void AlongY<TKind>(in SplineConstants<T> constants, out V low, out V high, out V size)
        where TKind : struct, ISplineKind =>
        Corner<TKind>(constants, HeightSum, Height, HeightScale, V.Create(constants.LowerY), V.Create(constants.UpperY), out low, out high, out size);

    /// <summary>The slopes at the ends of the bin.</summary>
    public readonly void EndSlopes<TKind>(in SplineConstants<T> constants, out V d0, out V d1, out V factor0, out V factor1)
        where TKind : struct, ISplineKind
    {
        var rate = V.Create(constants.DerivativeRate);
        var minimum = V.Create(constants.MinimumSlope);
        if (TKind.IsSoftmax)
        {
            d0 = SplineTailFormula<V, T>.SoftplusSlope(LowDerivative, minimum, out factor0);
            d1 = SplineTailFormula<V, T>.SoftplusSlope(HighDerivative, minimum, out factor1);
        }
        else
        {
            d0 = SplineTailFormula<V, T>.LimitedSlope(LowDerivative, rate, out factor0);
            d1 = SplineTailFormula<V, T>.LimitedSlope(HighDerivative, rate, out factor1);
        }

        if (TKind.IsPlain || constants.GivenEnds == 0)
            return;
        if (Index == 0)
            d0 = V.Create(constants.LowerSlope);
        if (Index == constants.Bins - 1)
            d1 = V.Create(constants.UpperSlope);
    }

    /// <summary>The part of a bin along x, whose raw parameter is in a column: its exponential, with its floor.</summary>
    public readonly V WidthPart<TKind>(in SplineConstants<T> constants, DeviceOperand<T> parameters, int row, int column)
        where TKind : struct, ISplineKind
    {
        var exponential = Exponential<TKind>(constants, parameters, row, column, WidthShift);
        return TKind.IsSoftmax
            ? V.FusedMultiplyAdd(V.Create(constants.FreeX), SplineFormula<V, T>.Share(exponential, WidthReciprocal, WidthRest), V.Create(constants.FloorX))
            : exponential;
    }

    /// <summary>The same along y.</summary>
    public readonly V HeightPart<TKind>(in SplineConstants<T> constants, DeviceOperand<T> parameters, int row, int column)
        where TKind : struct, ISplineKind
    {
        var exponential = Exponential<TKind>(constants, parameters, row, column, HeightShift);
        return TKind.IsSoftmax
            ? V.FusedMultiplyAdd(V.Create(constants.FreeY), SplineFormula<V, T>.Share(exponential, HeightReciprocal, HeightRest), V.Create(constants.FloorY))
            : exponential;
    }

    // The sums of the exponentials, and what of them the parts need.
    private void Sums<TKind>(in SplineConstants<T> constants, DeviceOperand<T> parameters, int row, int first)
        where TKind : struct, ISplineKind
    {
        var bins = constants.Bins;
        var zero = V.Constant(0f, 0.0);
        var widths = zero;
        var heights = zero;
        if (TKind.IsSoftmax)
        {
            WidthShift = V.Create(parameters[row, first]);
            HeightShift = V.Create(parameters[row, first + bins]);
            for (var k = 1; k < bins; k++)
            {
                var width = V.Create(parameters[row, first + k]);
                var height = V.Create(parameters[row, first + bins + k]);
                WidthShift = V.Select(V.LessThan(WidthShift, width), width, WidthShift);
                HeightShift = V.Select(V.LessThan(HeightShift, height), height, HeightShift);
            }
        }

        var lostWidth = zero;
        var lostHeight = zero;
        for (var k = 0; k < bins; k++)
        {
            var width = Exponential<TKind>(constants, parameters, row, first + k, WidthShift);
            var height = Exponential<TKind>(constants, parameters, row, first + bins + k, HeightShift);
            widths = TKind.IsSoftmax ? SplineFormula<V, T>.Add(widths, width, ref lostWidth) : widths + width;
            heights = TKind.IsSoftmax ? SplineFormula<V, T>.Add(heights, height, ref lostHeight) : heights + height;
        }

        WidthScale = V.Create(constants.RangeX);
        HeightScale = V.Create(constants.RangeY);
        if (TKind.IsSoftmax)
        {
            WidthReciprocal = SplineFormula<V, T>.Reciprocal(widths, lostWidth, out WidthRest);
            HeightReciprocal = SplineFormula<V, T>.Reciprocal(heights, lostHeight, out HeightRest);
            return;
        }

        WidthScale /= widths;
        HeightScale /= heights;
    }

    private readonly void Corner<TKind>(
        in SplineConstants<T> constants, V sum, V part, V scale, V lower, V upper, out V low, out V high, out V size)
        where TKind : struct, ISplineKind
    {
        low = SplineFormula<V, T>.Knot(sum, scale, lower);
        high = SplineFormula<V, T>.Knot(sum + part, scale, lower);
        if (!TKind.IsPlain && Index == constants.Bins - 1)
            high = upper;
        size = high - low;
    }

    private static V Exponential<TKind>(in SplineConstants<T> constants, DeviceOperand<T> parameters, int row, int column, V shift)
        where TKind : struct, ISplineKind
    {
        var raw = V.Create(parameters[row, column]);
        var rate = V.Create(constants.BinRate);
        return V.Exp(TKind.IsSoftmax ? (raw - shift) * rate : SplineFormula<V, T>.Limit(raw, rate, out _));
    }
}
