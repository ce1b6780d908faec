namespace FlowCore.Fitting;

/// <summary>How long and in what steps the runs of <see cref="FitCycles{T}"/> are.</summary>
internal sealed record FitSchedule
{
    /// <summary>The rate after the warm-up.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>About how many steps the first run has.</summary>
    public int FirstSteps { get; init; } = 2800;

    /// <summary>The most rows of a batch; few rows make smaller ones.</summary>
    public int LargestBatch { get; init; } = 1024;

    /// <summary>The decays that the first run is made with. A run of a large one forgets what the data does not insist on: where there are few rows for the features.</summary>
    public IReadOnlyList<double> WeightDecays { get; init; } = [0.01, 0.3];

    /// <summary>How many times as long as the first run the others are.</summary>
    public IReadOnlyList<int> Lengths { get; init; } = [4, 12];
}
