namespace FlowCore.Fitting;

/// <summary>How the angles of a feature lie about the turn of its circle.</summary>
/// <param name="Outside">How many lie outside of [lower, upper].</param>
/// <param name="Rows">How many there are.</param>
/// <param name="Least">The least angle.</param>
/// <param name="Greatest">The greatest.</param>
internal readonly record struct TurnCount(long Outside, long Rows, double Least, double Greatest)
{
    /// <summary>Counts finite angles.</summary>
    public static TurnCount Of(ReadOnlySpan<double> angles, Support circle)
    {
        var count = new TurnCount(0, angles.Length, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var angle in angles)
        {
            count = count with
            {
                Outside = count.Outside + (IsOutside(angle, circle) ? 1 : 0),
                Least = Math.Min(count.Least, angle),
                Greatest = Math.Max(count.Greatest, angle),
            };
        }

        return count;
    }

    /// <summary>Whether an angle lies outside of [lower, upper] by more than the roundings of single precision, in which 2π is above itself.</summary>
    public static bool IsOutside(double angle, Support circle)
    {
        var slack = Rounding(circle);
        return angle < circle.Lower - slack || angle > circle.Upper + slack;
    }

    /// <summary>Whether no shift of the turn could hold all of them.</summary>
    public bool SpansMoreThanOne(Support circle) => Outside > 0 && Greatest - Least > circle.Upper - circle.Lower + (2 * Rounding(circle));

    private static double Rounding(Support circle) => 1e-6 * (circle.Upper - circle.Lower);
}
