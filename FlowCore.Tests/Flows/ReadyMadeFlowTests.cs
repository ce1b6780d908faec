using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Training;
using NUnit.Framework;

namespace FlowCore.Tests.Flows;

/// <summary>What every flow that is made in one line keeps: training, sampling, files, seeds.</summary>
[TestFixture]
internal sealed class ReadyMadeFlowTests
{
    private const int Features = BentRows.Features;
    private const int ContextFeatures = 2;

    [TestCaseSource(nameof(Cases))]
    public void Two_hundred_steps_of_a_high_rate_stay_finite_and_lower_the_loss(string name, int context)
    {
        // The networks of the features' own cost most: fewer rows.
        var rows = name is "naf" or "unaf" ? 16 : 64;
        using var flow = Create<float>(name, context, seed: 3);
        var losses = Train(flow, IsOfAngles(name), rows);
        Assert.Multiple(() =>
        {
            Assert.That(losses, Is.All.Matches<double>(double.IsFinite));
            Assert.That(losses[^20..].Average(), Is.LessThan(losses[..5].Average()));
            Assert.That(Numbers(flow), Is.All.Matches<float>(float.IsFinite));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Samples_have_the_density_that_is_given_with_them_and_noise_of_the_base(string name, int context)
    {
        const int Count = 1000;
        var kind = Kind<double>(name);
        using var flow = Create<double>(name, context, seed: 4);

        // Sixteen radial layers around nearly one centre would draw points together until their digits are gone; those are lively when fresh.
        if (!name.StartsWith("radial", StringComparison.Ordinal))
            Models.Enliven(flow, 0.2);
        var contexts = Models.Rows<double>(Count, context, 5);
        var (x, given, found, z) = (new double[Count * Features], new double[Count], new double[Count], new double[Count * Features]);
        flow.Sample(new RandomStream(6), 0, new(contexts, default), x, given);
        flow.LogDensity(x, new(contexts, default), found);
        flow.ToNoise(x, new(contexts, default), z, default);
        var within = kind.IsClosed ? 1e-10 : 1e-8;
        var shares = new double[Count];
        for (var row = 0; row < Count; row++)
        {
            Assert.That(found[row], Is.EqualTo(given[row]).Within(within * (1 + Math.Abs(given[row]))), $"row {row}");

            // The squared length of normal noise is χ² of D degrees; the first coordinate of uniform noise is uniform.
            var noise = z.AsSpan(row * Features, Features);
            shares[row] = kind.IsOfAngles
                ? (noise[0] + Math.PI) / (2 * Math.PI)
                : ChiSquareDistribution.Cdf((noise[0] * noise[0]) + (noise[1] * noise[1]) + (noise[2] * noise[2]), Features);
        }

        Array.Sort(shares);
        var distance = 0.0;
        for (var row = 0; row < Count; row++)
            distance = Math.Max(distance, Math.Max(((row + 1.0) / Count) - shares[row], shares[row] - ((double)row / Count)));
        Assert.That(KolmogorovDistribution.Survival(Math.Sqrt(Count) * distance), Is.GreaterThan(1e-3));
    }

    [TestCaseSource(nameof(Cases))]
    public void A_seed_and_a_file_give_the_same_bits(string name, int context)
    {
        const int Count = 20;
        var path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"ready-{name}-{context}-{Guid.NewGuid():N}.safetensors");
        using var flow = Create<float>(name, context, seed: 8);
        using var twin = Create<float>(name, context, seed: 8);
        try
        {
            flow.Save(path);
            using var back = Flow<float>.Load(path);
            var expected = Bits(flow);
            Assert.That(Bits(twin), Is.EqualTo(expected));
            Assert.That(Bits(back), Is.EqualTo(expected));
        }
        finally
        {
            File.Delete(path);
        }

        (float[] X, float[] LogDensity) Bits(Flow<float> model)
        {
            var (x, logDensity) = (new float[Count * Features], new float[Count]);
            model.Sample(new RandomStream(6), 0, new(Models.Rows<float>(Count, context, 5), default), x, logDensity);
            return (x, logDensity);
        }
    }

    [Test]
    public void Names_are_there_once() => Assert.That(ReadyMadeFlows.All<float>().Select(kind => kind.Name), Is.Unique);

    [Test]
    public void A_planar_flow_whose_product_is_far_out_trains([Values] bool mapsNoise, [Values(120, -120)] double product)
    {
        using var flow = PlanarFlow.Create<float>(new PlanarFlowSettings { Features = Features, Transforms = 4, MapsNoise = mapsNoise });
        foreach (var parameter in flow.Parameters.Parameters)
        {
            if (parameter.Name.EndsWith(".u", StringComparison.Ordinal))
                parameter.Write([(float)product / 10, 0, 0]);
            else if (parameter.Name.EndsWith(".w", StringComparison.Ordinal))
                parameter.Write([10, 0, 0]);
        }

        Assert.That(Train(flow, areAngles: false, 64), Is.All.Matches<double>(double.IsFinite));
        Assert.That(Numbers(flow), Is.All.Matches<float>(float.IsFinite));
    }

    private static IEnumerable<TestCaseData> Cases() =>
        from kind in ReadyMadeFlows.All<float>()
        from context in kind.TakesContext ? new[] { 0, ContextFeatures } : [0]
        select new TestCaseData(kind.Name, context);

    private static ReadyMadeFlow<T> Kind<T>(string name)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => ReadyMadeFlows.All<T>().Single(kind => kind.Name == name);

    private static Flow<T> Create<T>(string name, int context, ulong seed)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => Kind<T>(name).Create(Features, context, seed, null);

    private static bool IsOfAngles(string name) => Kind<float>(name).IsOfAngles;

    private static IEnumerable<float> Numbers(Flow<float> flow) => flow.Parameters.Parameters.SelectMany(parameter =>
    {
        var numbers = new float[parameter.Length];
        parameter.Read(numbers);
        return numbers;
    });

    private static double[] Train(Flow<float> flow, bool areAngles, int batch)
    {
        const int Steps = 200;
        using var trainer = new Trainer<float>(
            flow, new BentRows(flow.ContextFeatures, areAngles),
            new TrainingOptions
            {
                BatchSize = batch,
                StepsPerEpoch = int.MaxValue,
                Epochs = 1,
                Schedule = new ConstantSchedule(),
                Optimiser = OptimiserSettings.Adam(1e-2),
                Warn = null,
            });
        var losses = new double[Steps];
        for (var step = 0; step < Steps; step++)
            losses[step] = trainer.RunStep();
        return losses;
    }
}
