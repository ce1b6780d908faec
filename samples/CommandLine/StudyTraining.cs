using FlowCore.Training;

namespace CommandLine;

/// <summary>Trainings of small programs, which have nothing to keep where they are stopped.</summary>
public static class StudyTraining
{
    /// <summary>Trains while a bar shows how far it is. Ctrl-C stops the training and the verb.</summary>
    /// <typeparam name="T">What is trained; it is disposed where the training is stopped.</typeparam>
    /// <param name="context">Where to report, and when to stop.</param>
    /// <param name="description">What is trained, for the bar.</param>
    /// <param name="epochs">How many epochs the training has at most.</param>
    /// <param name="train">Trains, reports and looks at the token.</param>
    /// <returns>What <paramref name="train"/> returns.</returns>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    public static T Train<T>(this CommandContext context, string description, int epochs, Func<IProgress<TrainingProgress>, CancellationToken, T> train)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(train);
        var trained = context.Poll(
            description, epochs, report => train(new TrainingReport(report, value => value.EpochEnded ? value.Epoch + 1 : value.Epoch), context.Cancellation));
        if (!context.Cancellation.IsCancellationRequested)
            return trained;
        (trained as IDisposable)?.Dispose();
        throw new OperationCanceledException(context.Cancellation);
    }
}
