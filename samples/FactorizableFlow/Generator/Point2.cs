namespace FactorizableFlow.Generator;

/// <summary>A pair of doubles: a point, a direction or the widths of the plane's two axes.</summary>
public readonly record struct Point2(double First, double Second)
{
    /// <summary>Euclidean length.</summary>
    public double Length => double.Hypot(First, Second);

    public override string ToString() => FormattableString.Invariant($"({First}, {Second})");
}
