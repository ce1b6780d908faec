namespace FlowCore.Statistics;

/// <summary>Newton's method on a log-concave tail.</summary>
/// <remarks>
/// The tangent of a concave function lies above it: whatever the start, one step leads to the far side of the root, where the tail is smaller, and
/// from there all steps go the same way, never beyond. Only a first step from where the tail is flat has to be bounded.
/// </remarks>
internal static class LogTailSolver
{
    private const int MostSteps = 400;

    /// <summary>Solves ln tail(t) = target.</summary>
    /// <param name="tail">The tail.</param>
    /// <param name="target">The logarithm of a probability.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="longestStep">The longest step to the right.</param>
    /// <returns>t.</returns>
    internal static double Solve<TTail>(in TTail tail, double target, double start, double longestStep)
        where TTail : struct, ILogTail
    {
        var t = start;
        for (var i = 0; i < MostSteps; i++)
        {
            var step = (target - tail.At(t, out var slope)) / slope;
            if (double.IsNaN(step))
                return t;
            var next = t + Math.Min(step, longestStep);
            if (Math.Abs(next - t) <= 4e-16 * Math.Max(1, Math.Abs(t)))
                return next;
            t = next;
        }

        return t;
    }
}
