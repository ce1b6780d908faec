using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>The likelihood of a heteroscedastic normal head with each feature's term weighted by σ^(2β), the weight taken for a constant.</summary>
/// <remarks>
/// Seitzer and others 2022, "On the pitfalls of heteroscedastic uncertainty estimation with probabilistic neural networks", equation 4. β = 0 is the likelihood, β = 1
/// gives the mean the gradients of the squared error; ½ helps where means converge slowly. With β above 0 the loss is no log-density any more and its σ
/// is another estimate. For models of <see cref="GaussianHeads.Heteroscedastic{T}"/>. Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class BetaLikelihood<T> : IObjective<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T _half = T.CreateTruncating(0.5);
    private static readonly T _halfLogTwoPi = T.CreateTruncating(0.5 * Math.Log(2 * Math.PI));

    /// <summary>Creates the objective.</summary>
    /// <param name="beta">β in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">β is out of range.</exception>
    public BetaLikelihood(double beta = 0.5)
    {
        if (!(beta is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(beta), beta, $"Expected a power in [0, 1], got {beta}.");
        Beta = beta;
    }

    /// <summary>β.</summary>
    public double Beta { get; }

    /// <inheritdoc/>
    public Variable<T> RowLoss(DensityModel<T> model, Variable<T> x, Variable<T> conditions)
    {
        if (model is not Flow<T> { Transform: Embedded<T> embedded })
            throw new ArgumentException("Expected a conditional flow with a heteroscedastic normal head, got another model.", nameof(model));
        var tape = OperandChecks.TapeOf(x, nameof(x));
        var code = embedded.Embedding.Apply(conditions);
        var (y, head, logDet) = (x, embedded.Inner, default(Variable<T>));
        if (head is Composition<T> { Parts: [Standardization<T> labels, var last] })
            (y, head) = (labels.Forward(x, out logDet), last);
        if (head is not ConditionalTriangular<T> { IsDiagonal: true } normal)
            throw new ArgumentException("Expected a conditional flow with a heteroscedastic normal head, got another head.", nameof(model));
        var z = normal.Standardize(tape, y, code, out var logScale);
        var terms = (z.Square() * _half) + logScale + _halfLogTwoPi;
        var weights = tape.StopGradient((logScale * T.CreateTruncating(2 * Beta)).Exp());
        var loss = (terms * weights).SumColumns();
        return logDet.IsNone ? loss : loss - logDet;
    }
}
