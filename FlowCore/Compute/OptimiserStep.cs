namespace FlowCore.Compute;

/// <summary>The numbers of one optimiser sweep, the same for all parameters.</summary>
/// <param name="Rule">The update.</param>
/// <param name="Step">The number of this update, counted from 1: bias corrections depend on it.</param>
/// <param name="LearningRate">The rate of this step.</param>
/// <param name="Momentum">SGD's momentum, or Adam's beta 1.</param>
/// <param name="SecondMomentum">Adam's beta 2.</param>
/// <param name="Epsilon">Added to Adam's denominator.</param>
/// <param name="WeightDecay">Weight decay, coupled or decoupled as the rule says.</param>
/// <param name="GradientScale">Factor on every gradient before it is used: 1, or less when the norm is clipped.</param>
public readonly record struct OptimiserStep(
    OptimiserRule Rule,
    long Step,
    double LearningRate,
    double Momentum,
    double SecondMomentum,
    double Epsilon,
    double WeightDecay,
    double GradientScale);
