using FlowCore.IO;
using FlowCore.Training;

namespace Mbank;

/// <summary>The program: finds the verb, runs it, and turns every failure into a sentence and an exit code.</summary>
internal static class MbankProgram
{
    /// <summary>The work is done.</summary>
    public const int Success = 0;

    /// <summary>The work failed; one sentence on the error stream says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line asks for something that does not exist.</summary>
    public const int Usage = 2;

    /// <summary>Ended early by a signal, as shells count Ctrl-C; what there was is saved.</summary>
    public const int Cancelled = 130;

    /// <summary>Runs one command line.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <param name="output">Where numbers and help are printed.</param>
    /// <param name="error">Where the sentence about a failure goes.</param>
    /// <param name="progress">Gets every report of a training.</param>
    /// <param name="cancellation">Cancelled by a signal.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] words, TextWriter output, TextWriter error, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        string folder;
        Func<IRunResult> run;
        try
        {
            if (words is ["train-flow", .. var rest])
            {
                var options = TrainFlowOptions.Parse(rest);
                if (options.IsHelp)
                    return Print(output, TrainFlowOptions.Help);
                folder = options.RunFolder;
                run = () => TrainFlowRun.Run(options, output, options.IsVerbose ? progress : null, cancellation);
            }
            else
            {
                var options = MbankOptions.Parse(words);
                if (options.IsHelp)
                    return Print(output, MbankOptions.Help);
                folder = options.Output;
                run = () =>
                {
                    Directory.CreateDirectory(options.Output);
                    return options.IsRegression ? RegressionRun.Run(options, output, progress, cancellation) : PageRun.Run(options, output, progress, cancellation);
                };
            }
        }
        catch (ArgumentException wrong)
        {
            return Complain(error, wrong, Usage);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Complain(error, unreadable, Failure);
        }

        try
        {
            using var result = run();
            result.Save(folder);
            output.WriteLine($"Model, history and figures are in {folder}.");
            return result.IsCancelled ? Cancelled : Success;
        }
        catch (OperationCanceledException stopped)
        {
            return Complain(error, stopped, Cancelled);
        }
        catch (Exception failed)
        {
            return Complain(error, failed, Failure);
        }
    }

    private static int Print(TextWriter output, string text)
    {
        output.WriteLine(text);
        return Success;
    }

    private static int Complain(TextWriter error, Exception exception, int code)
    {
        error.WriteLine(ContentBoundary.Sentence(exception));
        return code;
    }
}
