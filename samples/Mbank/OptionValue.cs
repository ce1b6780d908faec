using System.Globalization;

namespace Mbank;

/// <summary>Values of options, wherever they stand.</summary>
internal static class OptionValue
{
    private const int Most = 100_000_000;

    /// <summary>A whole number.</summary>
    /// <param name="place">Where it stands: "after --steps".</param>
    /// <param name="value">The text.</param>
    /// <param name="least">The least number.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static int Whole(string place, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= Most
            ? number
            : throw Wrong(place, $"a whole number from {least} to {Most}", value);

    /// <summary>A finite number.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="value">The text.</param>
    /// <param name="expected">What is expected, in words.</param>
    /// <param name="fits">Whether a number is in its range.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static double Real(string place, string value, string expected, Func<double, bool> fits) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && fits(number)
            ? number
            : throw Wrong(place, expected, value);

    /// <summary>A learning rate.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static double Rate(string place, string value) => Real(place, value, "a rate above 0 and at most 1", rate => rate is > 0 and <= 1);

    /// <summary>The sentence about a value that is none.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="expected">What is expected.</param>
    /// <param name="value">What stands there.</param>
    public static ArgumentException Wrong(string place, string expected, string value) => new($"Expected {expected} {place}, got '{value}'.");
}
