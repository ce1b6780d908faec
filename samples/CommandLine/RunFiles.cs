namespace CommandLine;

/// <summary>The files of a training beside its model.</summary>
public static class RunFiles
{
    /// <summary>Where a run keeps its state until its model is complete.</summary>
    /// <param name="model">The model's file.</param>
    public static string Checkpoint(string model) => Path.ChangeExtension(model, ".checkpoint.safetensors");

    /// <summary>What the command of an interrupted run said, in its own words.</summary>
    /// <param name="model">The model's file.</param>
    public static string Settings(string model) => Path.ChangeExtension(model, ".checkpoint.settings.json");

    /// <summary>What a run holds, so that there is no other on the same files.</summary>
    /// <param name="model">The model's file.</param>
    public static string Lock(string model) => Path.ChangeExtension(model, ".lock");

    /// <summary>Where a run writes its history until its model is complete: what is beside the model belongs to the model that is there.</summary>
    /// <param name="model">The model's file.</param>
    public static string RunningHistory(string model) => Path.ChangeExtension(model, ".checkpoint.history.jsonl");

    /// <summary>Whether there is anything to train for a model.</summary>
    /// <param name="reporter">Where it is said that there is nothing to do.</param>
    /// <param name="model">The model's file.</param>
    /// <param name="isInterrupted">Whether a checkpoint of it is there.</param>
    /// <param name="resume">Whether to go on with an interrupted run.</param>
    /// <param name="force">Whether to replace what is there.</param>
    /// <returns>False for a model that is complete and is to be resumed.</returns>
    /// <exception cref="IOException">The model or a run of it is there, and nothing was said of it.</exception>
    public static bool IsToTrain(ConsoleReporter reporter, string model, bool isInterrupted, bool resume, bool force)
    {
        ArgumentNullException.ThrowIfNull(reporter);
        if (force)
            return true;

        if (resume)
        {
            if (!File.Exists(model) || isInterrupted)
                return true;

            reporter.Line($"{model} is complete; nothing to resume.");
            return false;
        }

        if (File.Exists(model))
            throw new IOException($"{model} is already there; --force replaces it, --resume goes on with an interrupted run.");
        return !isInterrupted
            ? true
            : throw new IOException($"{model} has the state of an interrupted run; --resume goes on with it, --force starts anew.");
    }

    /// <summary>What is thrown where a run was stopped and its state is kept.</summary>
    /// <param name="sentence">What the user is told.</param>
    public static OperationCanceledException Stopped(string sentence)
    {
        var stopped = new OperationCanceledException();
        stopped.Data["Message"] = sentence;
        return stopped;
    }

    /// <summary>The history of the model that is there.</summary>
    /// <param name="model">The model's file.</param>
    public static string History(string model) => Path.ChangeExtension(model, ".history.jsonl");
}
