using FlowCore.Manifolds;

namespace ManifoldsSample;

/// <summary>One coordinate of a pdf as figures show it: as it is, but of a zenith its cosine, so that equal areas are equal; angles are turned until the draws do not lie across the ends.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsCosine">Whether the coordinate is a zenith angle.</param>
/// <param name="IsAngle">Whether it is an angle of whole turns.</param>
/// <param name="IsCircular">Whether its ends are the same place, and both are seen.</param>
/// <param name="Min">The lower end of what is shown.</param>
/// <param name="Max">The upper end.</param>
internal sealed record JointAxis(string Name, bool IsCosine, bool IsAngle, bool IsCircular, double Min, double Max)
{
    // The share of draws on either side that a range leaves out, and the air beside the others.
    private const double Tail = 0.001;
    private const double Air = 0.1;

    /// <summary>The axes of a pdf.</summary>
    /// <param name="definition">Its strings.</param>
    /// <param name="names">A name for each column of its intrinsic coordinates.</param>
    /// <param name="draws">Draws in these coordinates, row-major.</param>
    /// <returns>One axis for each column.</returns>
    public static JointAxis[] Of(PdfDefinition definition, IReadOnlyList<string> names, float[] draws)
    {
        var axes = new List<JointAxis>();
        foreach (var factor in definition.Factors)
        {
            for (var j = 0; j < factor.IntrinsicColumns; j++)
            {
                var isCosine = factor.Kind == ManifoldKind.Sphere && j == 0;
                var isAngle = factor.Kind == ManifoldKind.Circle || (factor.Kind == ManifoldKind.Sphere && j == 1);
                var own = Column(draws, names.Count, axes.Count, isCosine);
                var centre = isAngle ? Math.Atan2(own.Sum(Math.Sin), own.Sum(Math.Cos)) : 0;
                if (isAngle)
                    own = Array.ConvertAll(own, angle => Turned(angle, centre));
                Array.Sort(own);
                var (low, high) = (own[(int)(Tail * own.Length)], own[^(1 + (int)(Tail * own.Length))]);
                var air = Air * Math.Max(high - low, 1e-6);
                var (least, most) = (factor.Kind, isAngle) switch
                {
                    (_, true) => (centre - Math.PI, centre + Math.PI),
                    (ManifoldKind.Euclidean, _) => (double.NegativeInfinity, double.PositiveInfinity),
                    (ManifoldKind.Sphere, _) => (-1, 1),
                    (ManifoldKind.Interval, _) => (factor.Lower, factor.Upper),
                    _ => (0, 1),
                };
                axes.Add(new JointAxis(
                    names[axes.Count], isCosine, isAngle, isAngle && high - low + (2 * air) >= Math.Tau, Math.Max(least, low - air), Math.Min(most, high + air)));
            }
        }

        return [.. axes];
    }

    /// <summary>One column of rows as it is shown.</summary>
    public double[] Shown(float[] rows, int columns, int column)
    {
        var own = Column(rows, columns, column, IsCosine);
        return IsAngle ? Array.ConvertAll(own, angle => Turned(angle, Centre)) : own;
    }

    /// <summary>The coordinate of a number as it is shown.</summary>
    public float Intrinsic(double shown) => (float)(IsCosine ? Math.Acos(Math.Clamp(shown, -1, 1)) : shown);

    /// <summary>ln of what makes a density per coordinate one per number as it is shown.</summary>
    public double LogMeasure(double shown) => IsCosine ? -0.5 * Math.Log(Math.Max((1 - shown) * (1 + shown), 1e-30)) : 0;

    private double Centre => 0.5 * (Min + Max);

    private static double[] Column(float[] rows, int columns, int column, bool isCosine)
    {
        var own = new double[rows.Length / columns];
        for (var i = 0; i < own.Length; i++)
            own[i] = isCosine ? Math.Cos(rows[(i * columns) + column]) : rows[(i * columns) + column];
        return own;
    }

    // The same angle within half a turn of a centre.
    private static double Turned(double angle, double centre) => centre + Math.IEEERemainder(angle - centre, Math.Tau);
}
