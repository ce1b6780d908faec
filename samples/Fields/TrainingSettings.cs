namespace LognormalFields;

/// <summary>How a flow is trained, on fresh fields in every step.</summary>
/// <param name="BatchSize">Fields a step.</param>
/// <param name="Epochs">Epochs; each ends with a checkpoint.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="LearningRate">The largest rate of Adam; it falls as a cosine.</param>
/// <param name="Seed">The seed of fields and weights.</param>
internal sealed record TrainingSettings(int BatchSize, int Epochs, int StepsPerEpoch, double LearningRate, ulong Seed = 1);
