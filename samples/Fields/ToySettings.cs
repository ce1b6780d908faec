namespace LognormalFields;

/// <summary>Which fields there are.</summary>
/// <param name="Side">Pixels along a side.</param>
/// <param name="Sigma">The deviation of the Gaussian field behind them.</param>
internal sealed record ToySettings(int Side, double Sigma);
