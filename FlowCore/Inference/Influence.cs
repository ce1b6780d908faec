namespace FlowCore.Inference;

/// <summary>Means in double, with their standard errors, of numbers that are independent or come in pairs of opposite noise.</summary>
internal static class Influence
{
    /// <summary>The mean and its standard error.</summary>
    /// <param name="numbers">One for each draw.</param>
    /// <param name="pairs">Whether the draws 2i and 2i + 1 belong together.</param>
    public static Estimate Mean(ReadOnlySpan<double> numbers, bool pairs)
    {
        if (InfinityIn(numbers) is { } infinity)
            return new Estimate(infinity, double.IsNaN(infinity) ? double.NaN : double.PositiveInfinity);

        // A mean around the first numbers' mean: what is large and common to all cancels before it is summed.
        double shift = 0;
        var few = Math.Min(numbers.Length, 256);
        foreach (var number in numbers[..few])
            shift += number / few;
        double sum = 0;
        foreach (var number in numbers)
            sum += number - shift;
        var mean = shift + (sum / numbers.Length);
        return new Estimate(mean, Error(numbers, mean, pairs));
    }

    // ±∞ where numbers of one sign are infinite, NaN where they are of both or one is no number; null where all are finite.
    private static double? InfinityIn(ReadOnlySpan<double> numbers)
    {
        double? found = null;
        foreach (var number in numbers)
        {
            if (!double.IsFinite(number))
                found = found is { } other && !other.Equals(number) ? double.NaN : number;
        }

        return found;
    }

    /// <summary>The standard error of the mean of numbers whose mean is known.</summary>
    public static double Error(ReadOnlySpan<double> numbers, double mean, bool pairs)
    {
        var step = pairs ? 2 : 1;
        var units = numbers.Length / step;
        double squares = 0;
        for (var i = 0; i < numbers.Length; i += step)
        {
            var deviation = pairs ? ((numbers[i] - mean) + (numbers[i + 1] - mean)) / 2 : numbers[i] - mean;
            squares += deviation * deviation;
        }

        return Math.Sqrt(squares / (units - 1) / units);
    }
}
