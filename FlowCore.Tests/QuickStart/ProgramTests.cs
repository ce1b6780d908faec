using FlowCore.Fitting;
using FlowCore.Templates;
using FlowCore.Tests.Packaging;
using FlowCore.Training;
using NUnit.Framework;
using QuickStart;

namespace FlowCore.Tests.QuickStart;

/// <summary>The programs of samples/QuickStart do what they claim, and stay short.</summary>
[TestFixture]
internal sealed class ProgramTests
{
    [Test]
    public void A_flow_is_fitted_to_samples_and_sampled()
    {
        var (divergence, mean) = FitAndSample.Run();
        // 20,000 events against some 20,000 weights: a few hundredths of a nat. The mean of x₁ has the error 0.87/√20,000 of the sample.
        Assert.That(divergence, Is.EqualTo(0).Within(0.04));
        Assert.That(mean, Is.EqualTo(0.5).Within(0.04));
    }

    [Test]
    public void Supports_are_said_and_kept()
    {
        var (divergence, outside) = FitWithSupports.Run();
        // The truth is what the flow starts at, in all but the exponential; 5,000 events know the entropy to 1/√5,000 = 0.014, three of them.
        Assert.That(divergence, Is.EqualTo(0).Within(0.05));
        Assert.That(outside, Is.EqualTo(double.NegativeInfinity));
    }

    [Test]
    public void A_response_from_templates_finds_the_nuisance_of_data()
    {
        var quick = new TrainingOptions { Epochs = 10, BatchSize = 256, Optimiser = OptimiserSettings.AdamW(5e-3), Warn = null };
        var (nuisance, error) = ResponseFromTemplates.Run(new ResponseFitOptions { Base = new DensityFitOptions { Training = quick }, Training = quick, ClosureRows = 200, Log = null });

        // The information of a row on nu is 1/9 of the mass, 0.02 of its width and 1/16 of the other: 1/sqrt(0.19 * 8000) = 0.025. The response itself knows it to some of these.
        Assert.That(error, Is.EqualTo(0.025).Within(0.01));
        Assert.That(nuisance, Is.EqualTo(0.6).Within(5 * error));
    }

    [Test]
    public void A_density_depends_on_its_context()
    {
        var (mean, deviation) = ConditionalDensity.Run();
        // Some 2,000 events lie within 0.1 of the context: 0.3/√2,000 = 0.007, three of them.
        Assert.That(mean, Is.EqualTo(0.25).Within(0.02));
        Assert.That(deviation, Is.EqualTo(0.3).Within(0.02));
    }

    [Test]
    public void Weights_and_an_objective_of_ones_own_are_followed()
    {
        var (mean, deviation) = OwnWeightsAndLoss.Run();
        // The weights e^(x − 1/2) leave 32,000/e = 12,000 effective events of the signal: 0.01, more by the background; four of them.
        Assert.That(mean, Is.EqualTo(1).Within(0.05));
        Assert.That(deviation, Is.EqualTo(1).Within(0.05));
    }

    [Test]
    public void A_training_loop_of_ones_own_reaches_the_entropy()
    {
        var (loss, entropy) = OwnTrainingLoop.Run();
        // 25,600 events of deviation 1 in the mean: 0.0063, three of them, and a little for the model.
        Assert.That(loss, Is.EqualTo(entropy).Within(0.025));
    }

    [Test]
    public void The_gradient_of_an_expectation_is_the_known_one()
    {
        // The relative errors of means of 100,000 squares are about √2/√100,000 = 0.45 %, three of them; that of d/dt is absolute, for E z = 0 too.
        foreach (var (found, known) in GradientOfExpectation.Run())
            Assert.That(found, Is.EqualTo(known).Within(0.015 * Math.Max(Math.Abs(known), 0.5)));
    }

    [Test]
    public void A_transform_of_ones_own_serves_every_conditioner_and_is_saved_and_loaded()
    {
        var results = OwnTransform.Run();
        Assert.That(results, Has.Length.EqualTo(8));
        foreach (var (deviation, isSame) in results)
        {
            // Numbers up to 4 through a few functions: some hundred units in the last place of 4.
            Assert.That(deviation, Is.LessThan(1e-13));
            Assert.That(isSame);
        }
    }

    [Test]
    public void A_factorizable_flow_knows_a_nuisance_value_that_it_was_not_trained_at()
    {
        var (ofModel, ofBase) = FactorizableOnArrays.Run();
        Assert.That(ofModel, Is.EqualTo(0).Within(0.005));
        Assert.That(ofBase, Is.GreaterThan(0.05));
    }

    [Test]
    public void Frozen_parts_keep_their_bits()
    {
        var (isKept, hasMoved) = FrozenParts.Run();
        Assert.That(isKept);
        Assert.That(hasMoved);
    }

    [Test]
    public void A_target_that_cannot_be_sampled_is_fitted()
    {
        var (mean, deviation) = TargetWithoutSamples.Run();
        // At the optimum the gradient of every single row vanishes, so nothing but the schedule's end limits the fit.
        Assert.That(mean, Is.EqualTo(2).Within(0.01));
        Assert.That(deviation, Is.EqualTo(0.5).Within(0.01));
    }

    [Test]
    public void A_program_has_at_most_40_lines()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Path("samples", "QuickStart"), "*.cs"))
        {
            // Without what introduces it: usings, the namespace, documentation, empty lines.
            var lines = File.ReadLines(file).Select(line => line.Trim()).Count(line =>
                line.Length > 0 && !line.StartsWith("using FlowCore", StringComparison.Ordinal) && !line.StartsWith("using System", StringComparison.Ordinal)
                && !line.StartsWith("namespace ", StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal));
            Assert.That(lines, Is.LessThanOrEqualTo(40), file);
        }
    }
}
