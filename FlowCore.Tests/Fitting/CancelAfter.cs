using FlowCore.Training;

namespace FlowCore.Tests.Fitting;

/// <summary>Cancels after so many reports.</summary>
internal sealed class CancelAfter(CancellationTokenSource source, int steps) : IProgress<TrainingProgress>
{
    private int _reports;

    public void Report(TrainingProgress value)
    {
        if (++_reports == steps)
            source.Cancel();
    }
}
