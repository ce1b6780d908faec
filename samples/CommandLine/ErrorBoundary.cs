using FlowCore.IO;

namespace CommandLine;

/// <summary>Where every failure ends: one sentence on the error stream and an exit code, never a stack trace.</summary>
public static class ErrorBoundary
{
    /// <summary>Runs the work and turns what it throws into a sentence and an exit code.</summary>
    /// <param name="error">The error stream.</param>
    /// <param name="work">Returns the exit code of success.</param>
    public static int Run(TextWriter error, Func<int> work)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(work);
        try
        {
            return work();
        }
        catch (Exception caught)
        {
            var failure = Innermost(caught);
            GuardedWriter.Over(error).WriteLine(Sentence(failure));
            return failure switch
            {
                UsageException => ExitCode.Usage,
                OperationCanceledException => ExitCode.Cancelled,
                _ => ExitCode.Failure,
            };
        }
    }

    // Workers wrap what they throw; the first cause is what the user can act on.
    private static Exception Innermost(Exception error) =>
        error is AggregateException { InnerExceptions.Count: > 0 } aggregate ? Innermost(aggregate.InnerExceptions[0]) : error;

    private static string Sentence(Exception error)
    {
        var message = error switch
        {
            OperationCanceledException { Data: { } data } when data["Message"] is string text => text,
            OperationCanceledException => "Stopped.",
            OutOfMemoryException => "There is not enough memory for this.",
            _ => null,
        };
        return message ?? ContentBoundary.Sentence(error);
    }
}
