namespace FactorizableFlow.Generator;

/// <summary>
/// What the toy generator draws: the geometry of the two classes, the nuisances ("variations") and how far each moves the
/// distributions. The defaults are the study's nominal point except for the y systematics, which are off as in a config that
/// does not name them. Immutable.
/// </summary>
public sealed record GeneratorSettings
{
    /// <summary>Centre of x in class A.</summary>
    public Point2 CenterA { get; init; } = new(-0.5, 0);

    /// <summary>Centre of x in class B.</summary>
    public Point2 CenterB { get; init; } = new(0.5, 0);

    /// <summary>Standard deviations of x in class A; positive.</summary>
    public Point2 SigmaA { get; init; } = new(0.9, 0.6);

    /// <summary>Standard deviations of x in class B; positive.</summary>
    public Point2 SigmaB { get; init; } = new(0.6, 0.4);

    /// <summary>Direction in which ν_shift moves the centroids; any length but zero, used as a unit vector.</summary>
    public Point2 ShiftDirection { get; init; } = new(1, 0);

    /// <summary>ν_shift.</summary>
    public double VariationShift { get; init; }

    /// <summary>ν_rot.</summary>
    public double VariationRotation { get; init; }

    /// <summary>ν_squeeze.</summary>
    public double VariationSqueeze { get; init; }

    /// <summary>Displacement of each centroid at ν_shift = 1.</summary>
    public double ShiftScale { get; init; } = 0.3;

    /// <summary>Rotation of x about each centroid at ν_rot = 1, in radians.</summary>
    public double RotationScale { get; init; } = 0.3;

    /// <summary>Logarithm of the stretch of x at ν_squeeze = 1.</summary>
    public double SqueezeScale { get; init; } = 0.2;

    /// <summary>Displacement of the mean of y at ν_shift = 1 and |x1| large.</summary>
    public double YShiftScale { get; init; }

    /// <summary>Logarithm of the stretch of y's standard deviations at ν_squeeze = 1.</summary>
    public double YSqueezeScale { get; init; }

    /// <summary>Strength of the distortion of y that no nuisance describes; 0 switches it off.</summary>
    public double DistortionStrength { get; init; }

    /// <summary>How much ν_shift changes the distortion's rotation.</summary>
    public double DistortionShiftScale { get; init; }

    /// <summary>How much ν_squeeze changes the distortion's shear.</summary>
    public double DistortionSqueezeScale { get; init; }

    /// <summary>Whether y is mapped into (0, 1)² by the logistic function.</summary>
    public bool SigmoidY { get; init; } = true;

    /// <summary>Whether y is distorted.</summary>
    public bool IsDistorted => DistortionStrength != 0;

    /// <summary>The nominal point of the study: y unbounded, with both y systematics.</summary>
    public static GeneratorSettings Study { get; } = new() { YShiftScale = 0.3, YSqueezeScale = 0.2, SigmoidY = false };

    /// <summary>The same generator at other values of the study's two nuisances, with no rotation.</summary>
    /// <param name="shift">ν_shift.</param>
    /// <param name="squeeze">ν_squeeze.</param>
    public GeneratorSettings At(double shift, double squeeze) =>
        this with { VariationShift = shift, VariationRotation = 0, VariationSqueeze = squeeze };

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">A value is not finite, a width not positive, or the direction zero.</exception>
    public void Validate()
    {
        Finite(CenterA, "center_A");
        Finite(CenterB, "center_B");
        Widths(SigmaA, "sigma_A");
        Widths(SigmaB, "sigma_B");
        Finite(ShiftDirection, "shift_dir");
        if (ShiftDirection.Length == 0)
            throw new ArgumentException("shift_dir must be a direction, but it is (0, 0).");

        Finite(VariationShift, "variation_shift");
        Finite(VariationRotation, "variation_rot");
        Finite(VariationSqueeze, "variation_squeeze");
        Finite(ShiftScale, "shift_scale");
        Finite(RotationScale, "rot_scale");
        Finite(SqueezeScale, "squeeze_scale");
        Finite(YShiftScale, "y_shift_scale");
        Finite(YSqueezeScale, "y_squeeze_scale");
        Finite(DistortionStrength, "distortion_strength");
        Finite(DistortionShiftScale, "distortion_shift_scale");
        Finite(DistortionSqueezeScale, "distortion_squeeze_scale");

        // The shear (1 + 2 sign k) must not fold the plane, or y would have no density that a Jacobian gives.
        var shear = 0.2 * Math.Abs(1 + (DistortionSqueezeScale * VariationSqueeze));
        if (IsDistorted && shear >= 1)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"distortion_squeeze_scale times variation_squeeze must lie between -6 and 4, but it is {DistortionSqueezeScale * VariationSqueeze}: the shear would fold the plane."));
        }
    }

    private static void Finite(double value, string key)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException(FormattableString.Invariant($"{key} must be finite, but it is {value}."));
    }

    private static void Finite(Point2 value, string key)
    {
        if (!double.IsFinite(value.First) || !double.IsFinite(value.Second))
            throw new ArgumentException($"{key} must be finite, but it is {value}.");
    }

    private static void Widths(Point2 value, string key)
    {
        Finite(value, key);
        if (value.First <= 0 || value.Second <= 0)
            throw new ArgumentException($"{key} must be positive, but it is {value}.");
    }
}
