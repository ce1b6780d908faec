using FlowCore.Training;

namespace FlowCore.Tests.Training;

/// <summary>Calls a delegate on the training's own thread.</summary>
internal sealed class ProgressAction(Action<TrainingProgress> action) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => action(value);
}
