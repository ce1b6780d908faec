using System.Globalization;

namespace Plotting;

/// <summary>Places ticks at round numbers. Thread-safe.</summary>
public static class TickLocator
{
    /// <summary>Ticks at multiples of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="min">Lower end of the axis; finite.</param>
    /// <param name="max">Upper end; finite and above <paramref name="min"/>.</param>
    /// <param name="maxCount">The largest number of major ticks wanted, at least 2.</param>
    /// <returns>Major ticks with labels, and minor ticks that divide them in four or five.</returns>
    /// <exception cref="ArgumentException">The range or the count is invalid.</exception>
    public static AxisTicks Linear(double min, double max, int maxCount)
    {
        Check(min, max, maxCount);
        var span = max - min;
        var raw = span / maxCount;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = 0;
        var divisions = 5;
        // The first of 1, 2, 5, 10, 20, … times the power that gives few enough ticks.
        for (var k = 0; k < 9; k++)
        {
            var digit = (k % 3) switch { 0 => 1, 1 => 2, _ => 5 };
            step = power * digit * Math.Pow(10, k / 3);
            divisions = digit == 2 ? 4 : 5;
            if (Math.Floor(max / step + 1e-9) - Math.Ceiling(min / step - 1e-9) + 1 <= maxCount)
                break;
        }
        var tolerance = 1e-9 * span;
        var major = new List<(double, string)>();
        double first = Math.Ceiling((min - tolerance) / step), last = Math.Floor((max + tolerance) / step);
        var largest = Math.Max(Math.Abs(min), Math.Abs(max));
        for (var k = first; k <= last; k++)
        {
            var value = k * step;
            major.Add((value, Label(value, step, largest)));
            if (major.Count > 1000 || k + 1 == k)
                break;
        }
        var minor = new List<double>();
        var fine = step / divisions;
        double from = Math.Ceiling((min - tolerance) / fine), to = Math.Floor((max + tolerance) / fine);
        for (var k = from; k <= to && minor.Count < 1000 && k + 1 != k; k++)
        {
            if (Math.Abs(k % divisions) > 0.5)
                minor.Add(k * fine);
        }
        return new AxisTicks(major, minor);
    }

    /// <summary>Ticks of a logarithmic axis: powers of ten with 2 to 9 between them; over less than a decade and a half also 2 and 5 are labelled.</summary>
    /// <param name="min">Lower end of the axis; positive.</param>
    /// <param name="max">Upper end; finite and above <paramref name="min"/>.</param>
    /// <param name="maxCount">The largest number of major ticks wanted, at least 2.</param>
    /// <returns>Major ticks with labels, and minor ticks.</returns>
    /// <exception cref="ArgumentException">The range or the count is invalid.</exception>
    public static AxisTicks Logarithmic(double min, double max, int maxCount)
    {
        Check(min, max, maxCount);
        if (!(min > 0))
            throw new ArgumentException($"A logarithmic axis must begin above zero, but it begins at {min}.", nameof(min));
        double low = Math.Log10(min), high = Math.Log10(max);
        int first = (int)Math.Ceiling(low - 1e-9), last = (int)Math.Floor(high + 1e-9);
        var decades = last - first + 1;
        var major = new List<(double, string)>();
        var minor = new List<double>();
        if (decades < 2)
        {
            for (var exponent = (int)Math.Floor(low) - 1; exponent <= last + 1; exponent++)
            {
                for (var digit = 1; digit <= 9; digit++)
                {
                    var value = Power(exponent) * digit;
                    if (!Inside(value))
                        continue;
                    if (digit is 1 or 2 or 5)
                        major.Add((value, Label(value, value, value)));
                    else
                        minor.Add(value);
                }
            }
            if (major.Count >= 2 && major.Count <= maxCount)
                return new AxisTicks(major, minor);
            if (high - low < 1)
                return Linear(min, max, maxCount);
            major.Clear();
            minor.Clear();
        }
        var stride = Math.Max(1, (int)Math.Ceiling(decades / (double)maxCount));
        for (var exponent = first; exponent <= last; exponent++)
        {
            // Strides count from 10⁰, so that the labels do not depend on where the axis begins.
            if (exponent % stride == 0)
                major.Add((Power(exponent), exponent == 0 ? "1" : exponent == 1 ? "10" : $"10^{{{Signed(exponent)}}}"));
            else
                minor.Add(Power(exponent));
        }
        if (stride == 1 && decades <= 12)
        {
            for (var exponent = first - 1; exponent <= last; exponent++)
            {
                for (var digit = 2; digit <= 9; digit++)
                {
                    if (Inside(Power(exponent) * digit))
                        minor.Add(Power(exponent) * digit);
                }
            }
        }
        minor.Sort();
        return new AxisTicks(major, minor);

        bool Inside(double value) => value >= min * (1 - 1e-9) && value <= max * (1 + 1e-9);
    }

    /// <summary>A number as a label: decimals where short, otherwise mantissa and power of ten; the minus is a true minus.</summary>
    internal static string Label(double value, double step, double largest)
    {
        if (Math.Abs(value) < step * 1e-6)
            return "0";
        if (largest < 1e5 && step >= 0.9999e-4)
        {
            var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-6));
            return Minus(value.ToString("F" + decimals, CultureInfo.InvariantCulture));
        }
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
        var digits = Math.Clamp(exponent - (int)Math.Floor(Math.Log10(step) + 1e-6), 0, 15);
        var mantissa = Math.Round(value / Power(exponent), digits);
        if (Math.Abs(mantissa) >= 10)
            (mantissa, exponent) = (mantissa / 10, exponent + 1);
        var power = $"10^{{{Signed(exponent)}}}";
        return digits == 0 && Math.Abs(mantissa) == 1
            ? (mantissa < 0 ? "−" : "") + power
            : Minus(mantissa.ToString("F" + digits, CultureInfo.InvariantCulture)) + "·" + power;
    }

    private static string Signed(int exponent) => Minus(exponent.ToString(CultureInfo.InvariantCulture));

    private static string Minus(string number) => number.Replace('-', '−');

    private static double Power(int exponent) => double.Parse("1e" + exponent.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static void Check(double min, double max, int maxCount)
    {
        if (!(double.IsFinite(min) && double.IsFinite(max) && min < max && double.IsFinite(max - min)))
            throw new ArgumentException($"An axis must have a finite, ascending range, but it is [{min}, {max}].", nameof(max));
        if (maxCount < 2)
            throw new ArgumentOutOfRangeException(nameof(maxCount), maxCount, "An axis needs room for at least two ticks.");
    }
}
