namespace FactorizableFlow.Generator;

/// <summary>
/// The toy's densities in closed form, in double: log p(x | c) and log p(y | x, c) at any value of the nuisances, with distortion
/// and logistic map included through their Jacobians.
/// </summary>
/// <remarks>
/// With sign s = -1 for class A (label 0) and +1 for class B (label 1):
/// x = centroid + S R diag(σ) n, n standard normal, R the rotation by s ν_rot rot_scale, S = diag(e^-sa, e^sa) with
/// a = ν_squeeze squeeze_scale, centroid = centre + s ν_shift shift_scale shift_dir.
/// y is normal with mean (sin(1.5 x1) + 0.3 x2, 0.3 x1² - 1.2 + 0.5 sin x2) + s d tanh(x1) (1, -1), d = ν_shift y_shift_scale;
/// standard deviations (softplus(0.4 x1 + 0.1) e^sb, softplus(-0.2 x1 + 0.4) e^-sb), b = ν_squeeze y_squeeze_scale;
/// correlation 0.8 tanh((x1 + x2) / 2). The distortion rotates y by an angle that depends on x alone (Jacobian 1) and shears it
/// (Jacobian 1 + 2k); the logistic map comes last. Immutable; safe from any thread.
/// </remarks>
public sealed class ToyTruth
{
    private static readonly double _logTwoPi = Math.Log(2 * Math.PI);

    private readonly ClassParameters[] _classes;

    /// <summary>The truth at the settings' nuisances.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ToyTruth(GeneratorSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        Settings = settings;
        _classes = [new ClassParameters(settings, 0), new ClassParameters(settings, 1)];
    }

    /// <summary>The settings, nuisances included.</summary>
    public GeneratorSettings Settings { get; }

    /// <summary>
    /// Entropy of x given the class, averaged over the two equally likely classes, in nats: 1 + ln 2π + ½ ln(σ_A1 σ_A2 σ_B1 σ_B2).
    /// Shift, rotation and squeeze preserve volume, so it is the same at every ν.
    /// </summary>
    public double EntropyX =>
        1 + _logTwoPi + (0.5 * (LogVolume(_classes[0]) + LogVolume(_classes[1])));

    /// <summary>log p(x | class) in nats.</summary>
    /// <param name="x1">First coordinate.</param>
    /// <param name="x2">Second coordinate.</param>
    /// <param name="label">0 for class A, 1 for class B.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is neither 0 nor 1.</exception>
    public double LogDensityX(double x1, double x2, int label)
    {
        var c = Class(label);
        var d1 = x1 - c.Centroid.First;
        var d2 = x2 - c.Centroid.Second;
        var determinant = c.Sigma.First * c.Sigma.Second;
        var n1 = ((c.Map22 * d1) - (c.Map12 * d2)) / determinant;
        var n2 = ((c.Map11 * d2) - (c.Map21 * d1)) / determinant;
        return -_logTwoPi - LogVolume(c) - (0.5 * ((n1 * n1) + (n2 * n2)));
    }

    /// <summary>log p(y | x, class) in nats; -∞ where a logistic y lies outside (0, 1).</summary>
    /// <param name="y1">First coordinate of y.</param>
    /// <param name="y2">Second coordinate of y.</param>
    /// <param name="x1">First coordinate of x.</param>
    /// <param name="x2">Second coordinate of x.</param>
    /// <param name="label">0 for class A, 1 for class B.</param>
    /// <exception cref="ArgumentOutOfRangeException">The label is neither 0 nor 1.</exception>
    public double LogDensityY(double y1, double y2, double x1, double x2, int label)
    {
        var c = Class(label);
        double logJacobian = 0;
        if (Settings.SigmoidY)
        {
            if (!(y1 > 0 && y1 < 1 && y2 > 0 && y2 < 1))
                return double.NegativeInfinity;

            logJacobian -= Math.Log(y1 * (1 - y1)) + Math.Log(y2 * (1 - y2));
            y1 = Math.Log(y1 / (1 - y1));
            y2 = Math.Log(y2 / (1 - y2));
        }

        if (Settings.IsDistorted)
        {
            // The shear leaves y1 + y2 and multiplies y1 - y2 by 1 + 2k.
            var stretch = 1 + (2 * c.Shear);
            logJacobian -= Math.Log(stretch);
            var sum = y1 + y2;
            var difference = (y1 - y2) / stretch;
            (var sine, var cosine) = Math.SinCos(RotationAngle(c, x1, x2));
            var u1 = 0.5 * (sum + difference);
            var u2 = 0.5 * (sum - difference);
            y1 = (cosine * u1) + (sine * u2);
            y2 = (cosine * u2) - (sine * u1);
        }

        var y = Conditional(c, x1, x2);
        var t1 = (y1 - y.Mean.First) / y.Sigma.First;
        var t2 = (y2 - y.Mean.Second) / y.Sigma.Second;
        var rest = 1 - (y.Correlation * y.Correlation);
        var quadratic = ((t1 * t1) - (2 * y.Correlation * t1 * t2) + (t2 * t2)) / rest;
        return logJacobian - _logTwoPi - Math.Log(y.Sigma.First * y.Sigma.Second) - (0.5 * Math.Log(rest)) - (0.5 * quadratic);
    }

    /// <summary>Mean of x given the class.</summary>
    /// <param name="label">0 for class A, 1 for class B.</param>
    public Point2 MeanX(int label) => Class(label).Centroid;

    /// <summary>Standard deviations of x1 and x2 given the class.</summary>
    /// <param name="label">0 for class A, 1 for class B.</param>
    public Point2 StandardDeviationX(int label)
    {
        var c = Class(label);
        return new Point2(double.Hypot(c.Map11, c.Map12), double.Hypot(c.Map21, c.Map22));
    }

    /// <summary>The normal distribution of y given x and class, before distortion and logistic map.</summary>
    /// <param name="x1">First coordinate of x.</param>
    /// <param name="x2">Second coordinate of x.</param>
    /// <param name="label">0 for class A, 1 for class B.</param>
    public ConditionalNormal ConditionalY(double x1, double x2, int label) => Conditional(Class(label), x1, x2);

    internal ClassParameters Class(int label) =>
        label is 0 or 1
            ? _classes[label]
            : throw new ArgumentOutOfRangeException(nameof(label), label, "The class label must be 0 (A) or 1 (B).");

    internal static ConditionalNormal Conditional(ClassParameters c, double x1, double x2)
    {
        var shift = c.YShift == 0 ? 0 : c.YShift * Math.Tanh(x1);
        return new ConditionalNormal(
            new Point2(
                Math.Sin(1.5 * x1) + (0.3 * x2) + shift,
                (0.3 * x1 * x1) - 1.2 + (0.5 * Math.Sin(x2)) - shift),
            new Point2(
                Softplus((0.4 * x1) + 0.1) * c.YStretch,
                Softplus((-0.2 * x1) + 0.4) / c.YStretch),
            0.8 * Math.Tanh(0.5 * (x1 + x2)));
    }

    internal static double RotationAngle(ClassParameters c, double x1, double x2) =>
        c.Rotation / ((0.7 * double.Hypot(x1, x2)) + 0.5) * Math.Tanh(x1 / 0.5);

    private static double Softplus(double value) => Math.Max(value, 0) + double.LogP1(Math.Exp(-Math.Abs(value)));

    private static double LogVolume(ClassParameters c) => Math.Log(c.Sigma.First * c.Sigma.Second);
}
