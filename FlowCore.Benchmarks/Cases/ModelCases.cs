using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Training step, log-density and sampling of the study's four models and of a flow in 32 dimensions, all with random weights.</summary>
internal static class ModelCases
{
    /// <summary>The cases on one device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="trainRows">The rows of a training batch.</param>
    /// <param name="inferenceRows">The rows of a call on the study's models.</param>
    /// <param name="wideRows">The rows of a call on the flow in 32 dimensions.</param>
    public static IEnumerable<BenchmarkCase> On(Device device, int trainRows = 1024, int inferenceRows = 65_536, int wideRows = 4_096)
    {
        var kinetic = Base(device, context: 2, transforms: 2);
        var score = Base(device, context: 4, transforms: 3);
        (string, DensityModel<float>, double)[] models =
        [
            ("kin_base", kinetic, 3 * MultiplyAdds(kinetic)),
            ("score_base", score, 3 * MultiplyAdds(score)),
            Residual("kin_residual", kinetic, layers: 1, [128, 128]),
            Residual("score_residual", score, layers: 2, [128, 128, 128]),
        ];
        foreach (var (name, model, products) in models)
        {
            yield return TrainStep(name, model, trainRows, 2 * products * trainRows / 1e9);
            foreach (var inference in Inference(name, model, inferenceRows))
                yield return inference;
        }

        var wide = NeuralSplineFlow.Create<float>(
            new NeuralSplineFlowSettings { Features = 32, Bins = 10, Transforms = 3, HiddenSizes = [256, 256], Seed = 5 }, device);
        foreach (var inference in Inference("nsf_d32", wide, wideRows))
            yield return inference;
    }

    private static Flow<float> Base(Device device, int context, int transforms) => NeuralSplineFlow.Create<float>(
        new NeuralSplineFlowSettings
        {
            Features = 2,
            ContextFeatures = context,
            Bins = 20,
            Transforms = transforms,
            HiddenSizes = [128, 128, 128],
            Seed = 1,
        },
        device);

    // A training step multiplies by the residual's weights three times (forward and both adjoints), by the frozen base's twice.
    private static (string Name, DensityModel<float> Model, double MultiplyAdds) Residual(string name, Flow<float> flow, int layers, int[] hidden)
    {
        var residual = new PolynomialResidual<float>(new PolynomialResidualSettings
        {
            Features = 2,
            ContextFeatures = flow.ContextFeatures,
            Nuisances = 2,
            Layers = layers,
            HiddenSizes = hidden,
            Seed = 2,
        });
        var model = new FactorizableFlow<float>(flow, residual);
        // A fresh residual is the identity; random last layers make it an ordinary one.
        var stream = new RandomStream(3);
        foreach (var parameter in model.Parameters.Parameters)
        {
            var values = new float[parameter.Length];
            stream.Substream((ulong)parameter.Offset).FillNormal<float>(values);
            for (var i = 0; i < values.Length; i++)
                values[i] *= 0.05f;
            parameter.Write(values);
        }

        return (name, model, (3 * MultiplyAdds(model)) + (2 * MultiplyAdds(flow)));
    }

    /// <summary>The products of one row through a model's own weights, masked blocks not counted.</summary>
    private static double MultiplyAdds(DensityModel<float> model)
    {
        double count = 0;
        foreach (var parameter in model.Parameters.Parameters)
        {
            if (!parameter.IsVector)
                count += parameter.Staircase?.Count ?? parameter.Length;
        }

        return count;
    }

    /// <summary>A step of training.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows of a batch.</param>
    /// <param name="gflop">The products, in billions; 0 where that says nothing.</param>
    /// <param name="target">The target of a step on the reverse divergence; null for one on the log-density of normal rows.</param>
    public static BenchmarkCase TrainStep(string name, DensityModel<float> model, int rows, double gflop, IObjective<float>? target = null)
    {
        var trainer = new Trainer<float>(
            model,
            target is null ? new NormalRows(model) : new NoiseData<float>(model),
            EndlessSteps(rows),
            objective: target);
        return new(target is null ? "train_step" : "reverse_kl_step", name, rows, model.Device.Workers, gflop, () => trainer.RunStep());
    }

    /// <summary>Options of steps that neither change what the other cases measure nor end: a rate of next to nothing, and an epoch without end.</summary>
    /// <param name="rows">The rows of a batch.</param>
    public static TrainingOptions EndlessSteps(int rows) => new()
    {
        BatchSize = rows,
        StepsPerEpoch = int.MaxValue,
        Epochs = 1,
        Schedule = new ConstantSchedule(),
        Optimiser = OptimiserSettings.AdamW(1e-12),
        Warn = null,
    };

    /// <summary>The log-density of rows, and samples.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="model">The model.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="countsProducts">Whether the products are counted as the weights say: not where weights meet a row more than once.</param>
    public static IEnumerable<BenchmarkCase> Inference(string name, DensityModel<float> model, int rows, bool countsProducts = true)
    {
        var x = new float[rows * model.Features];
        var noise = new float[rows * model.Features];
        var context = new float[rows * model.ContextFeatures];
        var nuisances = new float[rows * model.Nuisances];
        var result = new float[rows];
        var data = new NormalRows(model);
        var request = new BatchRequest(BatchPurpose.Training, 0, 0, rows, 0, rows, new RandomStream(9));
        data.Fill(request, x, context, nuisances, []);
        var threads = model.Device.Workers;
        var frozen = model is FactorizableFlow<float> factorizable ? MultiplyAdds(factorizable.Base) : 0;
        var gflop = countsProducts ? 2 * (MultiplyAdds(model) + frozen) * rows / 1e9 : 0;
        yield return new("log_prob", name, rows, threads, gflop, () => model.LogDensity(x, new(context, nuisances), result));
        var samples = new float[rows * model.Features];
        yield return new("sample", name, rows, threads, gflop, () => model.Sample(new RandomStream(7), 0, new(context, nuisances), samples, default));
    }
}
