using System.Text;
using CommandLine;
using FactorizableFlow.Configuration;
using FlowCore.Cli;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.IO;
using FlowCore.Training;

namespace Attack;

/// <summary>Valid files of every kind that the program reads.</summary>
internal static class Specimens
{
    /// <summary>A config of base flows and residuals with everything that a config may have.</summary>
    public const string Config = """
        runtime: {device: cpu, threads: 1}
        seed: 3
        n_events: 500
        paths:
          kin_model: kin.safetensors
          score_model: score.safetensors
          kin_base_model: kin.safetensors
          kin_residual_model: kin_residual.safetensors
          dataset: toy.npz
        generator: &nominal
          center_A: [-0.5, 0]
          center_B: [0.5, 0]
          sigma_A: [0.9, 0.6]
          sigma_B: [0.6, 0.4]
          shift_dir: [1, 0]
          y_shift_scale: 0.3
          sigmoid_y: false
        generator_up:
          <<: *nominal
          variation_shift: 1
        generator_narrow:
          <<: *nominal
          variation_squeeze: 1
        kin_systematics:
          - {generator: generator_up, m: [1, 0]}
          - {generator: generator_narrow, m: [0, 1]}
        kin_flow: {features: 2, context: 2, bins: 6, transforms: 1, hidden_features: [8], standardize: true, bound: 8.0, slope: 0.001}
        score_flow: {features: 2, context: 4, bins: 6, transforms: 1, hidden_features: [8], activation: silu}
        residual_kin_model:
          type: flow
          features_dim: 2
          context_dim: 2
          num_nuisances: 2
          num_residual_layers: 1
          hidden_features: [8]
          cross_term_pairs: [[0, 1]]
          quadratic_damping: 0.01
        training:
          kin: {batch_size: 64, nepochs: 2, steps_per_epoch: 3, lr: 0.01, validation_events: 200, optimizer: adamw, schedule: warmup_cosine}
          score: {batch_size: 64, nepochs: 2, steps_per_epoch: 3, lr: 1e-3, weight_decay: 0.01, context_widening: 1.5}
        validation: {events: 500, points: [[0, 0], [1, -0.5]]}

        """;

    private const string History = """
        {"type":"run","run_id":"0","seed":"1"}
        {"type":"step","epoch":0,"step":0,"loss":1.5,"learning_rate":0.001,"gradient_norm":0.5}
        {"type":"epoch","epoch":0,"step":3,"train_loss":1.5,"validation_loss":null,"learning_rate":0.001,"gradient_norm":0.5,"seconds":0.1,"rows_per_second":1e4}
        {"type":"end","outcome":"completed"}

        """;

    /// <summary>Makes them.</summary>
    /// <param name="folder">A folder to work in.</param>
    public static IReadOnlyList<Specimen> Create(string folder)
    {
        using var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 2, Transforms = 1, HiddenSizes = [8], Seed = 3 });
        using var residual = new FactorizableFlow<float>(
            flow, new PolynomialResidual<float>(new PolynomialResidualSettings { Features = 2, ContextFeatures = 2, Nuisances = 2, HiddenSizes = [8], Seed = 4 }));
        var kept = Path.Combine(folder, "base.safetensors");
        flow.Save(kept);
        byte[] Bytes(string name, Action<string> write)
        {
            var path = Path.Combine(folder, name);
            write(path);
            return File.ReadAllBytes(path);
        }

        var archive = ModelFile.ToArchive(flow, """{"seed":1,"base":"base.safetensors"}""");
        var residualArchive = ModelFile.ToArchive(residual);
        var rows = TensorData.Create<double>("x", [3, 2], [1, 2, 3, 4, 5, 6]);
        var labels = TensorData.Create<int>("label", [3], [0, 1, 0]);
        var arrays = new TensorArchive([rows, labels]);
        return
        [
            new("safetensors", ".safetensors", Bytes("s.safetensors", path => SafetensorsFile.Write(path, archive)), path => ReadModel(path)),
            new("model json", ".safetensors", Encoding.UTF8.GetBytes(archive.Metadata["flowcore.architecture"]), path => ReadModel(path), text => Rehashed(archive, text)),
            new("residual json", ".safetensors", Encoding.UTF8.GetBytes(residualArchive.Metadata["flowcore.architecture"]), path => Describe(path), text => Rehashed(residualArchive, text)),
            new("npy", ".npy", Bytes("n.npy", path => NpyFile.Write(path, rows)), ReadRows),
            new("npz, stored", ".npz", Bytes("z.npz", path => NpzFile.Write(path, arrays)), ReadArrays),
            new("npz, deflated", ".npz", Bytes("d.npz", path => NpzFile.Write(path, arrays, compress: true)), ReadArrays),
            new("pt", ".pt", Bytes("p.pt", path => PyTorchStateDict.Write(path, StateDictionary.Write(flow))), path => Inspect(path)),
            new("yaml", ".yaml", Encoding.UTF8.GetBytes(Config), path => StudyConfigReader.Read(path), Place: @"(, line [1-9]\d*: .|: the key '|: a config |' cannot be read: )"),
            new("history json", ".jsonl", Encoding.UTF8.GetBytes(History), path => TrainingHistory.Read(path)),
        ];
    }

    /// <summary>The file of an archive with another architecture and the hash that goes with it; null where the text cannot stand in a file.</summary>
    private static byte[]? Rehashed(TensorArchive archive, byte[] architecture)
    {
        var metadata = new OrderedDictionary<string, string>(archive.Metadata) { ["flowcore.architecture"] = Encoding.UTF8.GetString(architecture) };
        metadata.Remove("flowcore.hash");
        var hashed = new List<TensorData>(archive);
        foreach ((var key, var value) in metadata)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            hashed.Add(TensorData.Create<byte>($"__metadata__/{key}", [bytes.Length], bytes));
        }

        metadata["flowcore.hash"] = ContentHash.Compute(new TensorArchive(hashed));
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, new TensorArchive(archive, metadata));
        return stream.ToArray();
    }

    private static void ReadModel(string path)
    {
        using var flow = Flow<float>.Load(path);
    }

    private static void Describe(string path) => ModelFile.Describe(path);

    private static void ReadRows(string path)
    {
        NpyFile.Read(path);
        using var reader = new NpyReader(path);
        var block = new double[1000];
        while (reader.RowLength <= block.Length && reader.ReadRows<double>(block) > 0)
        {
        }
    }

    private static void ReadArrays(string path)
    {
        foreach (var tensor in NpzFile.Read(path))
            tensor.ToArray<double>();
        foreach (var name in NpzFile.ReadNames(path))
            ReadHeader(path, name);
    }

    private static void ReadHeader(string path, string name)
    {
        using var reader = new NpyReader(path, name);
    }

    // As a person reads it: the program's own verb, whose sentence becomes the exception that the judge looks at.
    private static void Inspect(string path)
    {
        PyTorchStateDict.Read(path);
        using StringWriter output = new(), error = new();
        var code = CliApplication.Run(["inspect", path], new ConsoleReporter(output, error, isTerminal: false), output, error, CancellationToken.None);
        if (code != ExitCode.Success)
            throw new ModelFormatException(error.ToString().TrimEnd('\n', '\r'));
    }
}
