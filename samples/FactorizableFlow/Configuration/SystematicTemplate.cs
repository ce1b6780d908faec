using FactorizableFlow.Generator;

namespace FactorizableFlow.Configuration;

/// <summary>One template a residual is trained on: a generator and the point ν it stands for.</summary>
/// <param name="Name">The generator's section.</param>
/// <param name="Generator">What it draws.</param>
/// <param name="Nuisances">The point ν ("m" in the file).</param>
public sealed record SystematicTemplate(string Name, GeneratorSettings Generator, IReadOnlyList<double> Nuisances);
