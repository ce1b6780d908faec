using FlowCore.Files;
using FlowCore.Flows;

namespace Attack;

/// <summary>A folder with a config whose kinematic base flow trains in a second, and what must be true of it at every moment.</summary>
internal sealed class TrainingFolder
{
    private readonly string _config;

    /// <summary>Makes it.</summary>
    /// <param name="path">The folder; made where it does not exist.</param>
    public TrainingFolder(string path)
    {
        Directory.CreateDirectory(path);
        Root = path;
        _config = Path.Combine(path, "study.yaml");
        File.WriteAllText(_config, Specimens.Config);
    }

    /// <summary>The folder.</summary>
    public string Root { get; }

    /// <summary>The model.</summary>
    public string Model => Path.Combine(Root, "kin.safetensors");

    /// <summary>The state of an interrupted run.</summary>
    public string Checkpoint => Path.Combine(Root, "kin.checkpoint.safetensors");

    /// <summary>The model's history.</summary>
    public string History => Path.Combine(Root, "kin.history.jsonl");

    /// <summary>The command that trains.</summary>
    /// <param name="more">More flags.</param>
    public string[] Command(params string[] more) => [.. EndlessCommand()[..^1], "40", .. more];

    /// <summary>The command that trains until it is stopped.</summary>
    public string[] EndlessCommand() => ["train-base-flows", "-c", _config, "-s", "train_kin", "--threads", "1", "--nepochs", "1000000"];

    /// <summary>Takes everything away but the config.</summary>
    public void Clear()
    {
        foreach (var file in Directory.GetFiles(Root))
        {
            if (file != _config)
                File.Delete(file);
        }
    }

    /// <summary>Takes everything away and puts another folder's complete model here, with its history.</summary>
    /// <param name="other">The other folder.</param>
    public void Take(TrainingFolder other)
    {
        Clear();
        File.Copy(other.Model, Model);
        File.Copy(other.History, History);
    }

    /// <summary>
    /// What is wrong after a kill: the model must be the old one with its history or the new one; where it is the old one and no checkpoint
    /// is there, nothing may have begun.
    /// </summary>
    /// <param name="old">The model that was there, or null.</param>
    /// <param name="oldHistory">Its history, or null.</param>
    /// <param name="whole">The model of a run that nobody kills.</param>
    /// <returns>A sentence, or null.</returns>
    public string? ProblemAfterKill(byte[]? old, byte[]? oldHistory, byte[] whole)
    {
        var model = File.Exists(Model) ? File.ReadAllBytes(Model) : null;
        var isOld = model is null ? old is null : old is not null && model.AsSpan().SequenceEqual(old);
        var isNew = model is not null && model.AsSpan().SequenceEqual(whole);
        if (!isOld && !isNew)
            return model is null ? "the old model is gone" : "the model is neither the old nor the new one";
        if (isOld && old is not null && (!File.Exists(History) || !File.ReadAllBytes(History).AsSpan().SequenceEqual(oldHistory)))
            return "the old model has lost its history";
        return isNew && !File.Exists(Checkpoint) && !File.Exists(History) ? "the new model has no history" : null;
    }

    /// <summary>What is wrong after a run that was resumed to its end.</summary>
    /// <param name="whole">The model of a run that nobody killed.</param>
    /// <returns>A sentence, or null.</returns>
    public string? ProblemAtTheEnd(byte[] whole)
    {
        string[] expected = [Path.GetFileName(History), Path.GetFileName(Model), "study.yaml"];
        if (!File.Exists(Model) || !File.ReadAllBytes(Model).AsSpan().SequenceEqual(whole))
            return "the resumed run ends in other bytes than one that nobody killed";
        ModelFile.Describe(Model);
        string[] names = [.. Directory.GetFiles(Root).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

        // An empty file of a writer that was killed seconds ago may still be taken for one that has just begun.
        names = [.. names.Where(name => !(name.StartsWith('.') && new FileInfo(Path.Combine(Root, name)) is { Length: 0 }))];
        return names.AsSpan().SequenceEqual(expected) ? null : $"left behind: {string.Join(", ", names.Except(expected))}";
    }
}
