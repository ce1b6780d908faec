namespace FlowCore.Training;

/// <summary>An update rule with its constants. Formulas and defaults are those of torch.optim.</summary>
/// <remarks>Immutable. Create one with <see cref="Sgd"/>, <see cref="Adam"/>, <see cref="AdamW"/> or <see cref="RAdam"/>.</remarks>
public sealed record OptimiserSettings
{
    private OptimiserSettings(
        OptimiserRule rule, double learningRate, double momentum, double secondMomentum, double epsilon, double weightDecay)
    {
        if (!double.IsFinite(learningRate) || learningRate < 0)
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "Expected a finite rate of at least 0.");
        if (!(momentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Expected a momentum (or beta 1) in [0, 1).");
        if (!(secondMomentum is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(secondMomentum), secondMomentum, "Expected a beta 2 in [0, 1).");
        if (!double.IsFinite(epsilon) || epsilon < 0)
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Expected a finite number of at least 0.");
        if (!double.IsFinite(weightDecay) || weightDecay < 0)
            throw new ArgumentOutOfRangeException(nameof(weightDecay), weightDecay, "Expected a finite number of at least 0.");
        Rule = rule;
        LearningRate = learningRate;
        Momentum = momentum;
        SecondMomentum = secondMomentum;
        Epsilon = epsilon;
        WeightDecay = weightDecay;
    }

    /// <summary>The update.</summary>
    public OptimiserRule Rule { get; }

    /// <summary>The base rate, which the schedule multiplies.</summary>
    public double LearningRate { get; }

    /// <summary>SGD's momentum, or Adam's beta 1.</summary>
    public double Momentum { get; }

    /// <summary>Adam's beta 2; 0 for SGD.</summary>
    public double SecondMomentum { get; }

    /// <summary>Added to Adam's denominator; 0 for SGD.</summary>
    public double Epsilon { get; }

    /// <summary>Weight decay: decoupled for AdamW, added to the gradient otherwise.</summary>
    public double WeightDecay { get; }

    /// <summary>Stochastic gradient descent: m ← momentum·m + g, w ← w − rate·m (Sutskever et al. 2013).</summary>
    /// <param name="learningRate">The base rate, at least 0.</param>
    /// <param name="momentum">In [0, 1).</param>
    /// <param name="weightDecay">At least 0.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static OptimiserSettings Sgd(double learningRate = 1e-3, double momentum = 0, double weightDecay = 0) =>
        new(OptimiserRule.Sgd, learningRate, momentum, 0, 0, weightDecay);

    /// <summary>Adam (Kingma and Ba 2014).</summary>
    /// <param name="learningRate">The base rate, at least 0.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="weightDecay">At least 0; added to the gradient.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static OptimiserSettings Adam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new(OptimiserRule.Adam, learningRate, beta1, beta2, epsilon, weightDecay);

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017).</summary>
    /// <param name="learningRate">The base rate, at least 0.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="weightDecay">At least 0; shrinks the weights by rate · decay a step.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static OptimiserSettings AdamW(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01) =>
        new(OptimiserRule.AdamW, learningRate, beta1, beta2, epsilon, weightDecay);

    /// <summary>Adam with the rectified adaptive rate of Liu et al. 2019: needs no warm-up.</summary>
    /// <param name="learningRate">The base rate, at least 0.</param>
    /// <param name="beta1">Decay of the first moment, in [0, 1).</param>
    /// <param name="beta2">Decay of the second moment, in [0, 1).</param>
    /// <param name="epsilon">At least 0.</param>
    /// <param name="weightDecay">At least 0; added to the gradient.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static OptimiserSettings RAdam(
        double learningRate = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0) =>
        new(OptimiserRule.RAdam, learningRate, beta1, beta2, epsilon, weightDecay);

    /// <summary>The numbers of one update.</summary>
    internal OptimiserStep StepOf(long number, double rate, double gradientScale) =>
        new(Rule, number, rate, Momentum, SecondMomentum, Epsilon, WeightDecay, gradientScale);
}
