using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;

namespace LognormalFields;

/// <summary>Trained flows of one toy, with its exact density.</summary>
internal sealed class FieldStudy : IDisposable
{
    private FieldStudy(LognormalToy toy, Flow<float> exact, IReadOnlyList<(string Name, Flow<float> Flow)> flows) => (Toy, Exact, Flows) = (toy, exact, flows);

    public LognormalToy Toy { get; }

    public Flow<float> Exact { get; }

    /// <summary>The flows, by the names of their files.</summary>
    public IReadOnlyList<(string Name, Flow<float> Flow)> Flows { get; }

    /// <summary>Loads the models of configs, all of the toy of the first.</summary>
    /// <param name="configs">The config files, at least one.</param>
    /// <param name="device">Where to compute.</param>
    public static FieldStudy Open(IReadOnlyList<string> configs, Device device)
    {
        var settings = configs.Select(FieldConfig.Read).ToArray();
        foreach (var other in settings)
        {
            if (other.Toy != settings[0].Toy)
                throw new FormatException($"{other.File}: expected the toy of {settings[0].File}.");
        }

        var toy = new LognormalToy(settings[0].Toy.Side, settings[0].Toy.Sigma);
        return new FieldStudy(
            toy, toy.Exact<float>(device), [.. settings.Select(config => (Path.GetFileNameWithoutExtension(config.ModelPath), Flow<float>.Load(config.ModelPath, device)))]);
    }

    /// <summary>Judges every flow.</summary>
    /// <param name="count">Fields of each.</param>
    /// <param name="seed">The seed.</param>
    public IReadOnlyList<(string Name, FieldJudgement Judgement)> Judge(int count, ulong seed) =>
        [.. Flows.Select(flow => (flow.Name, FieldJudgement.Of(Toy, Exact, flow.Flow, count, seed)))];

    public void Dispose()
    {
        Exact.Dispose();
        foreach (var (_, flow) in Flows)
            flow.Dispose();
    }
}
