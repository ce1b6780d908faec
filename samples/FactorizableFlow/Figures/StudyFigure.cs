using Plotting;

namespace FactorizableFlow.Figures;

/// <summary>A figure of the study. Immutable but for the figure itself.</summary>
/// <param name="Name">The base name of its file: "val_kin_2d".</param>
/// <param name="Figure">What to draw.</param>
/// <param name="Caption">One sentence: what to see.</param>
internal sealed record StudyFigure(string Name, Figure Figure, string Caption);
