using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The probabilities of K classes: ln p = logit_k − ln Σ e^logit, which stands where other layers have their log-determinant.</summary>
/// <remarks>A sample is the inverse of the cumulated probabilities at Φ(z). No gradient leads through a class that was drawn.</remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class CategoryLayer<T>(Manifold manifold) : ManifoldLayer<T>(manifold, new LayerArray("logits", manifold.Dimension))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var logits = parameters[0];
        logDet = (logits * ManifoldChart<T>.OneHot(Manifold, x)).SumColumns() - logits.LogSumExp();
        return x;
    }

    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var tape = z.Tape!;
        var probabilities = tape.StopGradient(parameters[0]).SoftmaxSegments(Manifold.Dimension);
        var cumulated = probabilities.CumulativeSum(Manifold.Dimension).Slice(0, Manifold.Dimension - 1);

        // The classes whose cumulated probability the number has passed; the last class takes what rounding leaves.
        var drawn = tape.StopGradient(cumulated.LessOrEqual(tape.StopGradient(z).NormalCdf()).SumColumns());
        return Evaluate(drawn, parameters, out logDet);
    }

    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
    }
}
