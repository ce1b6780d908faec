namespace FlowCore.Training;

/// <summary>What a block contributes to the loss of its batch.</summary>
internal readonly record struct BlockSums(double Loss, double Weight);
