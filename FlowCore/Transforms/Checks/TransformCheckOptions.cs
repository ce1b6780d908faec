namespace FlowCore.Transforms;

/// <summary>With which numbers laws are checked, and how well they must hold.</summary>
/// <remarks>
/// Deviations are measured in units that the arithmetic gives. A number y = f(x) cannot be better than the rounding of y and of
/// x carried through f, so the unit of y_i is 1 + |y_i| + Σ_j |∂y_i/∂x_j| (1 + |x_j|), and one rounding is 1.1·10⁻¹⁶ of it.
/// </remarks>
public sealed record TransformCheckOptions
{
    /// <summary>How many rows, at least 3: more than a register holds and no multiple of it.</summary>
    public int Rows { get; init; } = 19;

    /// <summary>How many of the rows gradients are checked on, at least 1: differences cost four evaluations a number.</summary>
    public int GradientRows { get; init; } = 3;

    /// <summary>The seed of the rows and of the parameters.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The standard deviation of drawn numbers on the real line.</summary>
    public double Reach { get; init; } = 1.5;

    /// <summary>
    /// By how much, at most, each trained number is moved for the time of the check: a fresh transform is the identity, which hides
    /// faults. 0 leaves the parameters as they are.
    /// </summary>
    public double ParameterReach { get; init; } = 0.25;

    /// <summary>Row-major [rows, features], in place of points drawn from the domain; then <see cref="Rows"/> is not read.</summary>
    public ReadOnlyMemory<double> Inputs { get; init; }

    /// <summary>Row-major [rows, condition columns], for the rows of the inputs, in place of normal numbers.</summary>
    public ReadOnlyMemory<double> Conditions { get; init; }

    /// <summary>
    /// For f⁻¹(f(x)) = x, f(f⁻¹(z)) = z, for ℓ and ℓ⁻¹ that cancel, and for tangents against adjoints: six digits for the roundings
    /// in between. An inverse by an iteration that stops early has 10⁻⁸.
    /// </summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>For ℓ against ln |det J|, relative to 1 + |ℓ|: the elimination loses a digit more.</summary>
    public double JacobianTolerance { get; init; } = 1e-9;

    /// <summary>For gradients against central differences, relative: the smallest step of 10⁻⁶ leaves 10⁻¹⁰ of the function.</summary>
    public double GradientTolerance { get; init; } = 1e-6;

    /// <summary>For single against double precision, whose rounding is 6·10⁻⁸: three digits for the roundings in between.</summary>
    public double SingleTolerance { get; init; } = 1e-4;

    /// <summary>How near to 1 the integral of a density must come, in one and two dimensions.</summary>
    public double IntegralTolerance { get; init; } = 1e-6;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Rows, 3);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(GradientRows);
        ArgumentOutOfRangeException.ThrowIfNegative(ParameterReach);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Reach);
    }
}
