namespace FactorizableFlow.Generator;

/// <summary>
/// One class of the toy at fixed nuisances, in double: x = Centroid + Map · (two standard normals), and the signed strengths that
/// deform y. See <see cref="ToyTruth"/> for the formulas.
/// </summary>
internal sealed class ClassParameters
{
    private const double BaseShear = 0.10;

    public ClassParameters(GeneratorSettings settings, int label)
    {
        Sign = label == 0 ? -1 : 1;
        var center = label == 0 ? settings.CenterA : settings.CenterB;
        Sigma = label == 0 ? settings.SigmaA : settings.SigmaB;

        // Rotation about the centroid, then the squeeze diag(e^-sa, e^sa) about it (s the class's sign), then the shift.
        var angle = Sign * settings.VariationRotation * settings.RotationScale;
        var cosine = Math.Cos(angle);
        var sine = Math.Sin(angle);
        var squeeze = Math.Exp(-Sign * settings.VariationSqueeze * settings.SqueezeScale);
        Map11 = squeeze * cosine * Sigma.First;
        Map12 = -squeeze * sine * Sigma.Second;
        Map21 = sine * Sigma.First / squeeze;
        Map22 = cosine * Sigma.Second / squeeze;
        var shift = Sign * settings.VariationShift * settings.ShiftScale / settings.ShiftDirection.Length;
        Centroid = new Point2(
            center.First + (shift * settings.ShiftDirection.First),
            center.Second + (shift * settings.ShiftDirection.Second));

        YShift = Sign * settings.VariationShift * settings.YShiftScale;
        YStretch = Math.Exp(Sign * settings.VariationSqueeze * settings.YSqueezeScale);
        Rotation = Sign * (1 + (settings.DistortionShiftScale * settings.VariationShift)) * 2 * settings.DistortionStrength;
        Shear = settings.IsDistorted
            ? Sign * BaseShear * (1 + (settings.DistortionSqueezeScale * settings.VariationSqueeze))
            : 0;
    }

    /// <summary>-1 for class A, +1 for class B.</summary>
    public double Sign { get; }

    /// <summary>Standard deviations of x before rotation and squeeze.</summary>
    public Point2 Sigma { get; }

    /// <summary>Mean of x.</summary>
    public Point2 Centroid { get; }

    /// <summary>Row 1, column 1 of the map from standard normals to x; its determinant is the product of the sigmas.</summary>
    public double Map11 { get; }

    /// <summary>Row 1, column 2.</summary>
    public double Map12 { get; }

    /// <summary>Row 2, column 1.</summary>
    public double Map21 { get; }

    /// <summary>Row 2, column 2.</summary>
    public double Map22 { get; }

    /// <summary>The mean of y moves by this times tanh(x1) times (1, -1).</summary>
    public double YShift { get; }

    /// <summary>Factor of y's first standard deviation; the second has its inverse.</summary>
    public double YStretch { get; }

    /// <summary>The distortion rotates y by this times tanh(x1 / 0.5) / (0.7 |x| + 0.5) radians.</summary>
    public double Rotation { get; }

    /// <summary>The distortion adds this times (y1 - y2, y2 - y1).</summary>
    public double Shear { get; }
}
