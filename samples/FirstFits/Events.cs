namespace FirstFits;

/// <summary>Events of a problem, row-major.</summary>
/// <param name="X">[rows, features].</param>
/// <param name="Context">[rows, context features]; empty without context.</param>
/// <param name="Weights">[rows]; empty for ones.</param>
internal sealed record Events(float[] X, float[] Context, float[] Weights);
