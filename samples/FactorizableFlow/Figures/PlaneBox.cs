using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>A rectangle of the plane that a panel shows; not empty and finite. Immutable.</summary>
internal readonly record struct PlaneBox(double XMin, double XMax, double YMin, double YMax)
{
    /// <summary>The rectangle that holds both.</summary>
    public PlaneBox Union(PlaneBox other) =>
        new(Math.Min(XMin, other.XMin), Math.Max(XMax, other.XMax), Math.Min(YMin, other.YMin), Math.Max(YMax, other.YMax));

    /// <summary>This rectangle with a share of its sizes added on every side.</summary>
    public PlaneBox Widened(double share)
    {
        (var width, var height) = (share * (XMax - XMin), share * (YMax - YMin));
        return new PlaneBox(XMin - width, XMax + width, YMin - height, YMax + height);
    }

    /// <summary>A rectangle around most of a sample, and around something where the sample is empty or a point.</summary>
    /// <param name="first">First coordinates.</param>
    /// <param name="second">Second coordinates.</param>
    public static PlaneBox Around(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        (var xMin, var xMax) = Range(first);
        (var yMin, var yMax) = Range(second);
        return new PlaneBox(xMin, xMax, yMin, yMax);
    }

    /// <summary>A range with 99.8 % of a sample and some air.</summary>
    /// <param name="values">The sample; what is not finite is passed over.</param>
    public static (double Min, double Max) Range(ReadOnlySpan<double> values)
    {
        // Sums and widths of a histogram must stay finite, too.
        const double largest = 1e100;
        List<double> finite = new(values.Length);
        foreach (var value in values)
        {
            if (Math.Abs(value) < largest)
                finite.Add(value);
        }

        var ends = SampleStatistics.Quantiles(finite.ToArray(), 0.001, 0.999);
        (var min, var max) = SampleStatistics.Range(ends);
        var air = 0.06 * (max - min);
        return (min - air, max + air);
    }
}
