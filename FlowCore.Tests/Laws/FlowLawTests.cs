using System.Numerics;
using FlowCore.Compute;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Gpu;
using FlowCore.Random;
using FlowCore.Tests.IO;
using FlowCore.Transforms;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>What holds for a flow of any transform of the list: normalisation, files, precision, memory, accelerators.</summary>
[TestFixture]
internal sealed class FlowLawTests
{
    private static readonly LawCase[] _all = [.. TransformList.Cases(1, 2, 3, 5).Where(HasBase)];
    private static readonly LawCase[] _lines = [.. TransformList.Cases(1).Where(HasBase)];
    private static readonly LawCase[] _planes = [.. TransformList.Cases(2).Where(HasBase)];
    private static readonly LawCase[] _allocating = [.. TransformList.Cases(1, 3).Where(HasBase)];

    private GpuDevice _device = null!;

    [OneTimeSetUp]
    public void OpenDevice() => _device = GpuDevice.Emulated(new GpuDeviceOptions { BlockRows = 32 });

    [OneTimeTearDown]
    public void CloseDevice() => _device.Dispose();

    [TestCaseSource(nameof(_lines))]
    public void Densities_integrate_to_one_on_the_line(LawCase law) => Assert.That(Integral(law, 20_001), Is.EqualTo(1).Within(law.Entry.LineTolerance));

    [TestCaseSource(nameof(_planes))]
    public void Densities_integrate_to_one_in_the_plane(LawCase law) => Assert.That(Integral(law, 901), Is.EqualTo(1).Within(law.Entry.PlaneTolerance));

    [TestCaseSource(nameof(_all))]
    public void Flows_come_back_from_files_with_the_same_bits(LawCase law)
    {
        ComeBack<float>(law);
        ComeBack<double>(law);
    }

    [TestCaseSource(nameof(_all))]
    public void Conversions_to_the_same_precision_and_back_from_double_have_the_same_bits(LawCase law)
    {
        using var single = Create<float>(law);
        using var same = single.ConvertTo<float>();
        using var precise = single.ConvertTo<double>();
        using var back = precise.ConvertTo<float>();
        AssertSameBits(law, single, same);
        AssertSameBits(law, single, back);
    }

    [TestCaseSource(nameof(_allocating))]
    public void Warm_calls_allocate_nothing(LawCase law)
    {
        Assert.That(Allocated<float>(law), Is.Zero, "float");
        Assert.That(Allocated<double>(law), Is.Zero, "double");
    }

    // In double sums may come in another order; in single precision fused products on steep splines as well.
    [TestCaseSource(nameof(_planes))]
    public void An_accelerator_computes_the_same(LawCase law)
    {
        Compare<double>(law, 1e-10);
        Compare<float>(law, 1e-3);
    }

    [Test]
    public void The_cases_are_counted()
    {
        var transforms = TransformList.Cases(1, 2, 3, 5).ToArray();
        var laws = transforms.Sum(law => TransformLawTests.LawsOf(law));
        var flows = (2 * _all.Length) + (2 * _all.Length) + _lines.Length + _planes.Length + (2 * _allocating.Length) + (2 * _planes.Length);
        TestContext.Out.WriteLine(
            $"{TransformList.All.Count} transforms, {transforms.Length} cases of features and conditions: {laws} laws of transforms, {flows} of flows, {laws + flows} in all.");
        Assert.That(transforms, Has.Length.GreaterThan(150));
    }

    internal static bool HasBase(LawCase law) => law.Make<double>().Codomain.Covers(Domain.Reals(law.Features));

    internal static Flow<T> Create<T>(LawCase law, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(new StandardNormal<T>(law.Features), law.Make<T>(), device);

    internal static (T[] X, T[] Z, T[] Conditions) Rows<T>(LawCase law, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, z, conditions) = (new double[count * law.Features], new double[count * law.Features], new double[count * law.Conditions]);
        law.Make<double>().Domain.Draw(new RandomStream(law.Seed), 1.5, x);
        new RandomStream(law.Seed).Substream(8).FillNormal<double>(z);
        new RandomStream(law.Seed).Substream(9).FillNormal<double>(conditions);
        return (Array.ConvertAll(x, T.CreateTruncating), Array.ConvertAll(z, T.CreateTruncating), Array.ConvertAll(conditions, T.CreateTruncating));
    }

    internal static void AssertSameBits<T>(LawCase law, Flow<T> first, Flow<T> second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (Evaluate(law, first, 9), Evaluate(law, second, 9));
        for (var i = 0; i < a.Count; i++)
            Assert.That(b[i].Numbers, Is.EqualTo(a[i].Numbers), a[i].What);
    }

    private static List<(string What, T[] Numbers)> Evaluate<T>(LawCase law, Flow<T> flow, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (x, z, conditions) = Rows<T>(law, rows);
        var (there, logDet, back, logDetBack, density) = (new T[x.Length], new T[rows], new T[x.Length], new T[rows], new T[rows]);
        var (dx, dc) = (new T[x.Length], new T[conditions.Length]);
        flow.ToNoise(x, conditions, there, logDet);
        flow.FromNoise(z, conditions, back, logDetBack);
        flow.LogDensityGradient(x, conditions, density, dx, dc, default);
        return [("z", there), ("ℓ", logDet), ("x", back), ("ℓ⁻¹", logDetBack), ("ln p", density), ("∂x", dx), ("∂c", dc)];
    }

    private static void ComeBack<T>(LawCase law)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("flow.safetensors");
        using var flow = Create<T>(law);
        flow.Save(path);
        using var back = Flow<T>.Load(path);
        AssertSameBits(law, flow, back);
    }

    // Nodes that are dense where samples are and reach 70 of their standard deviations.
    private static double Integral(LawCase law, int steps)
    {
        using var flow = Create<double>(law);
        var (features, condition) = (law.Features, Rows<double>(law, 1).Conditions);
        var samples = new double[2000 * features];
        flow.Sample(new RandomStream(5), 0, condition, samples, default);
        var axes = new QuadratureAxis[features];
        for (var j = 0; j < features; j++)
            axes[j] = QuadratureAxis.Create(flow.Transform.Domain.Axes![j], [.. samples.Where((_, i) => i % features == j)], steps, tails: 5);
        var count = features == 1 ? steps : steps * steps;
        var (x, weights, density) = (new double[count * features], new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            x[i * features] = axes[0].Nodes[i % steps];
            weights[i] = axes[0].Weights[i % steps];
            if (features == 1)
                continue;
            x[(2 * i) + 1] = axes[1].Nodes[i / steps];
            weights[i] *= axes[1].Weights[i / steps];
        }

        flow.LogDensity(x, condition, density);
        return density.Select((value, i) => Math.Exp(value) * weights[i]).Sum();
    }

    private static long Allocated<T>(LawCase law)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A block and a part of one.
        const int Count = 300;
        using var device = new CpuDevice(1);
        using var flow = Create<T>(law, device);
        var (x, z, conditions) = Rows<T>(law, Count);
        var (values, scalars, dc) = (new T[x.Length], new T[Count], new T[conditions.Length]);
        return WarmCall.Allocated(() =>
        {
            flow.LogDensity(x, conditions, scalars);
            flow.ToNoise(x, conditions, values, scalars);
            flow.FromNoise(z, conditions, values, scalars);
            flow.Sample(new RandomStream(1), 0, conditions, values, scalars);
            flow.LogDensityGradient(x, conditions, scalars, values, dc, default);
        });
    }

    private void Compare<T>(LawCase law, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A block of the emulation and a part of one.
        const int Count = 37;
        using var here = Create<T>(law);
        using var there = here.ConvertTo<T>(_device);
        var (expected, found) = (Evaluate(law, here, Count), Evaluate(law, there, Count));
        for (var i = 0; i < expected.Count; i++)
        {
            for (var k = 0; k < expected[i].Numbers.Length; k++)
            {
                var number = double.CreateTruncating(expected[i].Numbers[k]);
                Assert.That(number, Is.Not.NaN, $"{typeof(T).Name}, {expected[i].What}, number {k}");
                Assert.That(
                    double.CreateTruncating(found[i].Numbers[k]), Is.EqualTo(number).Within(tolerance * (1 + Math.Abs(number))), $"{typeof(T).Name}, {expected[i].What}, number {k}");
            }
        }
    }
}
