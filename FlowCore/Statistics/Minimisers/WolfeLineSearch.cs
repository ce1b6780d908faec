using System.Numerics.Tensors;

namespace FlowCore.Statistics;

/// <summary>A step along a direction of descent that satisfies the strong conditions of Wolfe: J. Nocedal, S. J. Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6.</summary>
/// <remarks>
/// Where differences of the value drown in its rounding, the slope alone judges (the approximate conditions of W. W. Hager and H. Zhang, "A new
/// conjugate gradient method with guaranteed descent and an efficient line search", 2005): so a minimum is found to the precision of the gradient.
/// </remarks>
internal sealed class WolfeLineSearch(double rounding)
{
    private const double Decrease = 1e-4;
    private const double Curvature = 0.9;
    private const int MostTrials = 60;

    /// <summary>Evaluations so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Whether the last search has found an end.</summary>
    public bool Found { get; private set; }

    /// <summary>Searches: hands out the points whose value and gradient it wants to know, and goes on when they are there.</summary>
    /// <param name="from">The start.</param>
    /// <param name="direction">With a negative slope.</param>
    /// <param name="first">The step to try first.</param>
    /// <param name="to">Receives the end.</param>
    /// <returns><paramref name="to"/>, again and again; <see cref="Found"/> says how it ended.</returns>
    public IEnumerable<MinimiserPoint> Search(MinimiserPoint from, double[] direction, double first, MinimiserPoint to)
    {
        Found = false;
        var slope = TensorPrimitives.Dot<double>(from.Gradient, direction);
        if (!(slope < 0))
            yield break;
        var noise = rounding * Math.Max(Math.Abs(from.Value), 1e-300);
        var low = new Trial(0, from.Value, slope);
        Trial? high = null;
        var step = first;
        for (var i = 0; i < MostTrials; i++)
        {
            TensorPrimitives.MultiplyAdd(direction, step, from.X, to.X);
            yield return to;
            Evaluations++;
            var trial = new Trial(step, to.Value, TensorPrimitives.Dot<double>(to.Gradient, direction));
            if (!to.IsFinite)
            {
                // Outside of where the function is defined: nearer to what is known.
                high = trial with { Value = double.PositiveInfinity };
                step = low.Step + (0.1 * (step - low.Step));
                continue;
            }

            var flat = Math.Abs(trial.Value - from.Value) <= noise && trial.Slope <= -(1 - (2 * Decrease)) * slope;
            var falls = trial.Value <= from.Value + (Decrease * step * slope) || flat;
            if (falls && Math.Abs(trial.Slope) <= -Curvature * slope)
            {
                Found = true;
                yield break;
            }

            if (!falls || (trial.Value >= low.Value && low.Step > 0 && !flat))
            {
                high = trial;
            }
            else if (high is { } end)
            {
                // The minimum is between the trial and that end of the interval to which the value falls.
                if (trial.Slope * (end.Step - low.Step) >= 0)
                    high = low;
                low = trial;
            }
            else if (trial.Slope >= 0)
            {
                (low, high) = (trial, low);
            }
            else
            {
                low = trial;
                step *= 4;
                continue;
            }

            step = Between(low, high ?? trial);
            if (step == low.Step || step == high?.Step)
            {
                Found = falls && trial.Value < from.Value;
                yield break;
            }
        }

        Found = to.IsFinite && to.Value < from.Value;
    }

    // The minimum of the cubic through values and slopes of both ends, kept off them; the middle where an end is outside.
    private static double Between(Trial low, Trial high)
    {
        const double margin = 0.1;
        var width = high.Step - low.Step;
        var middle = low.Step + (0.5 * width);
        if (!double.IsFinite(high.Value) || !double.IsFinite(high.Slope))
            return low.Step + (margin * width);
        var d1 = low.Slope + high.Slope - (3 * (low.Value - high.Value) / (low.Step - high.Step));
        var radicand = (d1 * d1) - (low.Slope * high.Slope);
        if (!(radicand >= 0))
            return middle;
        var d2 = Math.Sign(width) * Math.Sqrt(radicand);
        var step = high.Step - (width * (high.Slope + d2 - d1) / (high.Slope - low.Slope + (2 * d2)));
        if (!double.IsFinite(step))
            return middle;
        var share = Math.Clamp((step - low.Step) / width, margin, 1 - margin);
        return low.Step + (share * width);
    }

    private readonly record struct Trial(double Step, double Value, double Slope);
}
