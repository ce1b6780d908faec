namespace LognormalFields;

/// <summary>What a flow is made of, from the data to a Gaussian field whose spectrum is learned.</summary>
/// <param name="Bins">The bins of one spline for all pixels; 0 for none.</param>
/// <param name="Couplings">How many checkerboard couplings there are; 0 for none.</param>
/// <param name="Hidden">The channels of the hidden layers of their convolutions.</param>
internal sealed record FlowSettings(int Bins, int Couplings, int[] Hidden);
