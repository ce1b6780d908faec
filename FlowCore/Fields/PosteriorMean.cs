using System.Globalization;

namespace FlowCore.Fields;

/// <summary>The mean of fields given what was observed of them, from Hamiltonian chains. Immutable.</summary>
/// <param name="Mean">The mean of each field, row-major [n, pixels].</param>
/// <param name="Deviation">The deviation of every pixel about it, [n, pixels].</param>
/// <param name="Acceptance">The share of kept trajectories that was accepted, of each field.</param>
/// <param name="StepLength">The length of a step of each field, in units of the noise's deviation.</param>
public sealed record PosteriorMean(double[] Mean, double[] Deviation, double[] Acceptance, double[] StepLength)
{
    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Acceptance.Length} fields, mean acceptance {Acceptance.DefaultIfEmpty(double.NaN).Average():f2}");
}
