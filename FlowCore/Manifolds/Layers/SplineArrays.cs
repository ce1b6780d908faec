using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>The arrays of raw numbers of a spline among those of its layer; one of no number is left out, as in state dictionaries.</summary>
internal sealed class SplineArrays
{
    private readonly int _widths = -1;
    private readonly int _heights = -1;
    private readonly int _slopes = -1;

    /// <summary>Lists the arrays.</summary>
    /// <param name="settings">The constants of the spline.</param>
    /// <param name="before">The arrays of the layer that stand before them.</param>
    public SplineArrays(BoxSplineSettings settings, params IReadOnlyList<LayerArray> before)
    {
        settings.Checked();
        var all = new List<LayerArray>(before);
        _widths = Add(all, "rel_log_widths", settings.Widths);
        _heights = Add(all, "rel_log_heights", settings.Heights);

        // A mirrored spline has one slope for both ends, of which jammy_flows stores both.
        _slopes = Add(all, "rel_log_derivatives", settings.Slopes, settings is { IsMirrored: true, HasEndSlope: false } ? 2 : 1);
        All = all;
    }

    /// <summary>All arrays of the layer.</summary>
    public IReadOnlyList<LayerArray> All { get; }

    public Variable<T> Widths<T>(in LayerParameters<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(parameters, _widths);

    public Variable<T> Heights<T>(in LayerParameters<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(parameters, _heights);

    public Variable<T> Slopes<T>(in LayerParameters<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Of(parameters, _slopes);

    /// <summary>Sets the numbers of the identity.</summary>
    public void Fresh<T>(BoxSpline<T> spline, Span<double> numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        spline.Fresh(Part(numbers, _widths), Part(numbers, _heights), Part(numbers, _slopes));

    private Span<double> Part(Span<double> numbers, int array)
    {
        if (array < 0)
            return default;
        var start = 0;
        for (var i = 0; i < array; i++)
            start += All[i].Count;
        return numbers.Slice(start, All[array].Count);
    }

    private static Variable<T> Of<T>(in LayerParameters<T> parameters, int array)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => array < 0 ? default : parameters[array];

    private static int Add(List<LayerArray> all, string name, int count, int copies = 1)
    {
        if (count == 0)
            return -1;
        all.Add(new LayerArray(name, count) { Copies = copies });
        return all.Count - 1;
    }
}
