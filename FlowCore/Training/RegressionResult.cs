namespace FlowCore.Training;

/// <summary>What a regression on values of a log-density came to.</summary>
/// <param name="Training">The training; its losses are in squared nats.</param>
/// <param name="Constant">C of w = ln p + C at the end, the logarithm of the integral of e^w: the mean of w − ln p over all rows, weighted as the loss; 0 where none was asked for.</param>
/// <param name="MedianOffset">The median of w − ln p over all rows: an estimate of C where none was asked for.</param>
/// <param name="OutsideRows">How many rows lie outside the support of the model and are in none of the numbers.</param>
public sealed record RegressionResult(TrainingResult Training, double Constant, double MedianOffset, int OutsideRows);
