using FactorizableFlow.Training;
using FlowCore.Distributions;

namespace FactorizableFlow.Validation;

/// <summary>A trained model of the study, and the generator whose density it is to be. Immutable.</summary>
/// <param name="Name">"kin", "score", "kin_residual" or "score_residual".</param>
/// <param name="Sector">Which density.</param>
/// <param name="Model">The model.</param>
/// <param name="File">Where it came from.</param>
/// <param name="Generator">The generator at any ν; for a base flow its nominal point is what the flow describes.</param>
/// <param name="Points">Where to measure closure.</param>
internal sealed record StudyModel(
    string Name, Sector Sector, DensityModel<float> Model, string File, GeneratorPoints Generator, IReadOnlyList<double[]> Points)
{
    /// <summary>Whether it is a density at the nominal point alone.</summary>
    public bool IsBase => Model.Nuisances == 0;
}
