using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FactorizableFlow.Validation;
using NUnit.Framework;

namespace FlowCore.Tests.FactorizableFlow;

[TestFixture]
public sealed class GeneratorPointsTests
{
    private static readonly StudyConfig _config = new() { File = "sys.yaml" };
    private static readonly GeneratorSettings _nominal = GeneratorSettings.Study;

    [Test]
    public void Without_templates_nu_is_shift_and_squeeze()
    {
        var points = GeneratorPoints.FromTemplates(_config, _nominal, []);
        Assert.Multiple(() =>
        {
            Assert.That(points.Nuisances, Is.EqualTo(2));
            Assert.That(points.At([0.7, -0.7]), Is.EqualTo(_nominal with { VariationShift = 0.7, VariationSqueeze = -0.7 }));
            Assert.That(points.ValidationPoints(_config), Has.Count.EqualTo(14));
        });
    }

    [Test]
    public void Templates_say_what_each_nuisance_moves()
    {
        var points = GeneratorPoints.FromTemplates(_config, _nominal,
        [
            Template([2, 0], _nominal with { VariationRotation = 1 }),
            Template([0, -1], _nominal with { VariationShift = 0.5 }),
            Template([2, -1], _nominal with { VariationRotation = 1, VariationShift = 0.5 }),
        ]);
        Assert.That(points.At([1, 3]), Is.EqualTo(_nominal with { VariationRotation = 0.5, VariationShift = -1.5 }));
    }

    [Test]
    public void A_template_off_the_line_is_refused_by_name() =>
        Assert.That(
            () => GeneratorPoints.FromTemplates(_config, _nominal,
            [
                Template([1, 0], _nominal with { VariationShift = 1 }),
                Template([0, 1], _nominal with { VariationSqueeze = 1 }),
                Template([-1, 0], _nominal with { VariationShift = -0.5 }),
            ]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("template-1").And.Message.Contains("not known"));

    [Test]
    public void A_template_of_another_generator_is_refused() =>
        Assert.That(
            () => GeneratorPoints.FromTemplates(_config, _nominal, [Template([1], _nominal with { VariationShift = 1, ShiftScale = 0.2 })]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("template1"));

    [Test]
    public void A_nuisance_that_no_template_moves_alone_is_refused() =>
        Assert.That(
            () => GeneratorPoints.FromTemplates(_config, _nominal, [Template([1, 1], _nominal with { VariationShift = 1 })]),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("nuisance 0"));

    [Test]
    public void A_point_of_another_dimension_is_refused()
    {
        var config = new StudyConfig { File = "sys.yaml", Validation = new ValidationSettings { Points = [[1, 2, 3]] } };
        Assert.That(
            () => GeneratorPoints.FromTemplates(config, _nominal, []).ValidationPoints(config),
            Throws.TypeOf<ConfigurationException>().With.Message.Contains("3 numbers"));
    }

    private static SystematicTemplate Template(double[] nuisances, GeneratorSettings settings) =>
        new($"template{string.Concat(nuisances.Where(value => value != 0))}", settings, nuisances);
}
