using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using NUnit.Framework;

namespace FlowCore.Tests.Laws;

/// <summary>Models that version 0.1 wrote, and the log-densities that it computed: they mean the same today.</summary>
[TestFixture]
internal sealed class Version01Tests
{
    [Test]
    public void A_flow_of_every_kind_of_part_has_the_same_densities()
    {
        using var flow = Flow<double>.Load(PathOf("every-kind"));
        AssertDensities(flow, [-2.9578468573989802, -6.977077568013894, -41.40854204107845, -20.977368323649255, -3.769785127954063, -5.920361411536467, -46.24681764765858, -25.613057049025734]);
    }

    [Test]
    public void A_conditional_flow_of_one_feature_has_the_same_densities()
    {
        using var flow = Flow<float>.Load(PathOf("one-feature"));
        AssertDensities(flow, [-1.9379499f, -2.1580753f, -1.0209118f, -1.562242f, -2.0649714f, -1.4720726f, -1.0710812f, -2.0803266f]);
    }

    [Test]
    public void A_residual_finds_its_base_and_has_the_same_densities()
    {
        using var flow = Flow<double>.Load(PathOf("every-kind"));
        using var model = FactorizableFlow<double>.Load(PathOf("residual"), flow);
        AssertDensities(model, [-2.3150723918559857, -6.8825950141037024, -38.66008721424925, -38.18416000145703, -2.595591004588898, -3.554765619555834, -18.186948409047226, -33.35250110241874]);
    }

    [Test]
    public void What_was_loaded_is_written_in_the_format_of_today_with_the_same_bits()
    {
        using var flow = Flow<double>.Load(PathOf("every-kind"));
        using var again = ModelFile.FlowFromArchive<double>(ModelFile.ToArchive(flow));
        var (x, conditions) = (Numbers<double>(16, 1), Numbers<double>(8, 2));
        var (expected, found) = (new double[8], new double[8]);
        flow.LogDensity(x, conditions, expected);
        again.LogDensity(x, conditions, found);
        Assert.That(ModelFile.Describe(PathOf("every-kind")).Format, Is.EqualTo("1"));
        Assert.That(found, Is.EqualTo(expected));
    }

    private static string PathOf(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Laws", "Version01", $"version-0.1-{name}.safetensors");

    private static void AssertDensities<T>(DensityModel<T> model, T[] expected)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var density = new T[expected.Length];
        model.LogDensity(
            Numbers<T>(expected.Length * model.Features, 1),
            new(Numbers<T>(expected.Length * model.ContextFeatures, 2), Numbers<T>(expected.Length * model.Nuisances, 3)), density);

        // Splines are evaluated with fewer roundings today: where version 0.1 lost digits to cancellation, some hundred units are left.
        var tolerance = typeof(T) == typeof(float) ? 1e-5 : 1e-14;
        for (var row = 0; row < expected.Length; row++)
            Assert.That(double.CreateChecked(density[row]), Is.EqualTo(double.CreateChecked(expected[row])).Within(tolerance * (1 + Math.Abs(double.CreateChecked(expected[row])))));
    }

    // Multiples of the golden ratio in (−2, 2), cut to 1/1024 so that both precisions have them: those that version 0.1 was given.
    private static T[] Numbers<T>(int count, int multiple)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var numbers = new T[count];
        for (var i = 0; i < count; i++)
            numbers[i] = T.CreateTruncating((Math.Floor(4096 * ((i + 1) * multiple * 0.6180339887498949 % 1)) / 1024) - 2);
        return numbers;
    }
}
