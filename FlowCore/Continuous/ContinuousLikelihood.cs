using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Continuous;

/// <summary>Maximum likelihood of a continuous flow with its paths kept short and smooth: −ln q(x) + λ_K ∫|v|² dt + λ_J ∫‖∂v/∂x‖² dt.</summary>
/// <remarks>
/// <para>
/// Finlay et al. 2020, "How to train your neural ODE". The divergence is that of <see cref="ContinuousSettings.Divergence"/>: where it is estimated, each row draws its signs once for the whole
/// solve, −ln q is right in the mean, and so is ‖∂v/∂x‖² by |(∂v/∂x) ε|². Without penalties and with an exact divergence it is the negative log-density, to which a training without
/// objective comes as well.
/// </para>
/// <para>On the sphere ∂v/∂x is that of the field before its tangent part is taken. Thread-safe.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ContinuousLikelihood<T> : IRandomObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _kinetic;
    private readonly T _jacobian;

    /// <summary>Makes the objective.</summary>
    /// <param name="kinetic">λ_K, at least 0.</param>
    /// <param name="jacobian">λ_J, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public ContinuousLikelihood(double kinetic = 1e-2, double jacobian = 1e-2)
    {
        (Kinetic, Jacobian) = (Checked(kinetic, nameof(kinetic)), Checked(jacobian, nameof(jacobian)));
        (_kinetic, _jacobian) = (T.CreateTruncating(kinetic), T.CreateTruncating(jacobian));
    }

    /// <summary>λ_K.</summary>
    public double Kinetic { get; }

    /// <summary>λ_J.</summary>
    public double Jacobian { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The model is no flow that ends with a <see cref="ContinuousTransform{T}"/>.</exception>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions, RandomStream stream, ulong firstRow)
    {
        var epsilon = ContinuousPaths.Of(model).DrawDirections(x.Tape!, stream, firstRow);
        var integrals = Kinetic > 0 || Jacobian > 0 ? 3 : 1;
        var loss = -ContinuousPaths.LogDensity((Flow<T>)model, x, conditions, epsilon, integrals, out var squares);
        return squares.IsNone ? loss : loss + (squares.Slice(0, 1) * _kinetic) + (squares.Slice(1, 1) * _jacobian);
    }

    private static double Checked(double weight, string name) => weight >= 0 && double.IsFinite(weight)
        ? weight
        : throw new ArgumentOutOfRangeException(name, weight, "Expected a finite weight of at least 0.");
}
