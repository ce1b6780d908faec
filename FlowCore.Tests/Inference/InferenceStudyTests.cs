using FlowCore.Inference;
using FlowCore.Tests.IO;
using Inference;
using NUnit.Framework;

namespace FlowCore.Tests.Inference;

/// <summary>The programs of samples/Inference, which docs/inference.md quotes.</summary>
[TestFixture]
internal sealed class InferenceStudyTests
{
    [Test]
    public void The_posterior_of_a_line_has_its_evidence()
    {
        var result = FirstPosterior.Run();
        // y ~ N(0, 0.04 · 1 + X Xᵀ) with rows (t, 1) of X: by the determinant and the inverse of Λ = 1 + Xᵀ X / 0.04.
        double[] t = [0, 1, 2, 3], y = [0.1, 0.4, 1.2, 1.4];
        double tt = 0, t1 = 0, ty = 0, y1 = 0, yy = 0;
        for (var i = 0; i < 4; i++)
            (tt, t1, ty, y1, yy) = (tt + (t[i] * t[i]), t1 + t[i], ty + (t[i] * y[i]), y1 + y[i], yy + (y[i] * y[i]));
        var (a, b, c) = (1 + (25 * tt), 25 * t1, 1 + (25 * 4.0));
        var determinant = (a * c) - (b * b);
        var fit = ((c * ty * ty) - (2 * b * ty * y1) + (a * y1 * y1)) * 625 / determinant;
        var evidence = (-2 * Math.Log(2 * Math.PI * 0.04)) - (0.5 * Math.Log(determinant)) - (0.5 * ((25 * yy) - fit));
        Assert.That(result.LogZ.Value, Is.EqualTo(evidence).Within((4.5 * result.LogZ.StandardError) + 1e-6));
        Assert.That(result.LogZ.StandardError, Is.LessThan(0.01));
        Assert.That(result.EffectiveShare, Is.GreaterThan(0.7));
    }

    [Test]
    public void A_flow_is_trained_until_a_moment_has_its_value()
    {
        var (before, after) = FirstExpectations.Run();
        Assert.That(Math.Abs(before - 0.5), Is.GreaterThan(0.1));
        Assert.That(after, Is.EqualTo(0.5).Within(0.05));
    }

    [Test]
    public void The_study_of_gradients_shows_which_estimate_is_wrong()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter();
        var results = GradientStudy.Run(new StudySettings { Folder = folder.Path }, output);
        foreach (var (name, a, mean, deviation) in results)
        {
            // The mean of 50 repetitions.
            var error = (4.5 * deviation / Math.Sqrt(50)) + 1e-12;
            Assert.That(mean, Is.EqualTo(name.StartsWith("fixed", StringComparison.Ordinal) ? 0 : 1 / a).Within(error), $"{name} at {a}");
        }

        Assert.That(File.ReadAllText(folder.File("gradients.svg")), Does.StartWith("<svg"));
    }

    [Test]
    public void The_grid_of_the_bimodal_posterior_is_its_target()
    {
        var samples = ProductPosterior.Samples(4000, seed: 1);
        double right = 0, product = 0;
        for (var i = 0; i < 4000; i++)
        {
            right += samples[2 * i] > 0 ? 1 : 0;
            product += samples[2 * i] * samples[(2 * i) + 1] / 4000;
        }

        Assert.That(right / 4000, Is.EqualTo(0.5).Within(4.5 * 0.008), "two equal modes");
        Assert.That(product, Is.InRange(2, 2.6), "below 2.5: the prior pulls");
        using var wide = Gaussians.Linear([2.5, 0, 0, 2.5], [0, 0]);
        var sample = wide.ImportanceSample(ProductPosterior.Target, 40_000, seed: 1);
        Assert.That(sample.LogZ, Is.EqualTo(ProductPosterior.LogZ).Within(4.5 * sample.LogZError));
    }
}
