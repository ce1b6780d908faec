namespace FlowCore.Training;

/// <summary>One step of a run.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Step">The step within the run, counted from 0.</param>
/// <param name="Loss">The weighted mean loss of its batch, before the update.</param>
/// <param name="LearningRate">Its rate.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping.</param>
public readonly record struct StepRecord(int Epoch, long Step, double Loss, double LearningRate, double GradientNorm);
