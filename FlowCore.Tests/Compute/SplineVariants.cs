using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>Splines with other ends, tails, bounds and parameters than the plain one.</summary>
internal static class SplineVariants
{
    public static readonly string[] Names =
    [
        "free ends", "given slopes", "given slopes of a softmax", "shifted", "tied ends", "circle", "circle of given slopes", "box", "softmax", "softmax with free ends",
        "softmax box", "softmax of scaled sizes", "softmax circle",
    ];

    public static SplineSettings Settings(string name) => name switch
    {
        "free ends" => new(6, 4) { Ends = SplineEnds.Free },
        "given slopes" => new(5, 3) { LowerSlope = 0.5, UpperSlope = 2 },
        "given slopes of a softmax" => new(5, 3) { Parametrization = SplineParametrization.Softmax, LowerSlope = 0.5, UpperSlope = 2, Tails = SplineTails.None },
        "shifted" => new(4) { Lower = -1, Upper = 3, LowerImage = 0, UpperImage = 2 },
        "tied ends" => new(2, 3) { Ends = SplineEnds.Tied },
        "circle" => new(7, Math.PI) { Ends = SplineEnds.Tied, Tails = SplineTails.Circular },
        "circle of given slopes" => new(4, 3) { Tails = SplineTails.Circular, LowerImage = 0, UpperImage = 1 },
        "box" => new(6) { Ends = SplineEnds.Free, Tails = SplineTails.None, Lower = 0, Upper = 1, LowerImage = -2, UpperImage = 3 },
        "softmax" => new(8, 3) { Parametrization = SplineParametrization.Softmax },
        "softmax with free ends" => new(3, 2)
        {
            Parametrization = SplineParametrization.Softmax,
            Ends = SplineEnds.Free,
            MinimumWidth = 1e-2,
            MinimumHeight = 2e-2,
            MinimumSlope = 1e-4,
        },
        "softmax box" => new(5) { Parametrization = SplineParametrization.Softmax, Ends = SplineEnds.Free, Tails = SplineTails.None, Lower = 0, Upper = 1 },
        "softmax of scaled sizes" => new(5, 3) { Parametrization = SplineParametrization.Softmax, LogitScale = 0.3 },
        _ => new(6, Math.PI) { Parametrization = SplineParametrization.Softmax, Ends = SplineEnds.Tied, Tails = SplineTails.Circular },
    };

    /// <summary>Arguments of a direction: inside where nothing is outside, else a third more than the interval.</summary>
    public static Func<int, int, double> Arguments(SplineSettings settings, bool inverse, int seed)
    {
        var (lower, upper) = inverse ? (settings.LowerImage, settings.UpperImage) : (settings.Lower, settings.Upper);
        var uniform = TransformKernels.Uniform(seed, settings.Tails == SplineTails.None ? 0.5 : 0.66);
        return (row, column) => (0.5 * (lower + upper)) + ((upper - lower) * uniform(row, column));
    }
}
