using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Splines of the sticks of a simplex: the first with numbers of its own, each further one with numbers that a perceptron makes of the sticks before it, on the data's side.</summary>
/// <remarks>
/// With intrinsic volume Π (1 − v_j)^(d − j) of the sticks, ld = Σ ln ∂v'_k/∂v_k + Σ_j (d − j)(ln(1 − v'_j) − ln(1 − v_j)); where 1 − v_j is 0 the quotient is the slope there.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class StickLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What fresh perceptrons are divided by, so that their sticks are nearly independent.
    private const double Damping = 1000;

    private readonly StickSplines<T> _splines;
    private readonly AmortizableMlpShape[] _networks;

    /// <summary>Sets the parts.</summary>
    /// <param name="manifold">The simplex.</param>
    /// <param name="splines">How many splines a stick passes.</param>
    /// <param name="settings">Their constants.</param>
    /// <param name="hidden">The hidden sizes of the perceptrons.</param>
    /// <param name="rank">The rank of their matrices; 0 or less for whole ones.</param>
    public StickLayer(Manifold manifold, int splines, BoxSplineSettings settings, int[] hidden, int rank)
        : this(manifold, new StickSplines<T>(splines, settings), hidden, rank)
    {
    }

    private StickLayer(Manifold manifold, StickSplines<T> splines, int[] hidden, int rank)
        : this(manifold, splines, [.. Enumerable.Range(1, manifold.Dimension - 1).Select(inputs => new AmortizableMlpShape(inputs, hidden, splines.ParameterCount, [rank]))])
    {
    }

    private StickLayer(Manifold manifold, StickSplines<T> splines, AmortizableMlpShape[] networks)
        : base(manifold, new LayerArray("inner_flow_params", splines.ParameterCount + networks.Sum(network => network.ParameterCount))) =>
        (_splines, _networks) = (splines, networks);

    private int Dimension => Manifold.Dimension;

    /// <inheritdoc/>
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var numbers = parameters[0];
        var state = x.Tape!.Allocate(2 * Dimension);
        logDet = default;
        var start = 0;
        for (var k = 0; k < Dimension; k++)
        {
            var own = k == 0 ? numbers : _networks[k - 1].Apply(x.Slice(0, k), numbers, start);
            var rest = x.Slice(Dimension + k, 1);
            var (stick, restOfBase) = _splines.Apply(x.Slice(k, 1), rest, own, 0, sample: false, out var logSlope);
            Put(state, k, stick, restOfBase);
            logDet = TangentRules.Sum(logDet, logSlope + OfVolume(k, rest, restOfBase, logSlope));
            start += k == 0 ? _splines.ParameterCount : _networks[k - 1].ParameterCount;
        }

        return state;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var numbers = parameters[0];
        var state = z.Tape!.Allocate(2 * Dimension);
        logDet = default;
        var start = 0;
        for (var k = 0; k < Dimension; k++)
        {
            var own = k == 0 ? numbers : _networks[k - 1].Apply(state.Slice(0, k), numbers, start);
            var restOfBase = z.Slice(Dimension + k, 1);
            var (stick, rest) = _splines.Apply(z.Slice(k, 1), restOfBase, own, 0, sample: true, out var logSlope);
            Put(state, k, stick, rest);
            logDet = TangentRules.Sum(logDet, OfVolume(k, rest, restOfBase, -logSlope) - logSlope);
            start += k == 0 ? _splines.ParameterCount : _networks[k - 1].ParameterCount;
        }

        return state;
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        var own = new double[_splines.ParameterCount];
        _splines.Fresh(own);
        own.CopyTo(numbers);
        var start = own.Length;
        for (var k = 0; k < _networks.Length; k++)
        {
            _networks[k].Fresh(numbers.Slice(start, _networks[k].ParameterCount), stream.Substream((ulong)k), 1 / Damping, own);
            start += _networks[k].ParameterCount;
        }
    }

    private void Put(Variable<T> state, int k, Variable<T> stick, Variable<T> rest)
    {
        state.Tape!.CopyInto(stick, state.Slice(k, 1));
        state.Tape!.CopyInto(rest, state.Slice(Dimension + k, 1));
    }

    // (d − j)(ln(1 − v') − ln(1 − v)) of stick k = j − 1; 0 for the last.
    private Variable<T> OfVolume(int k, Variable<T> rest, Variable<T> restOfBase, Variable<T> logSlope)
    {
        var tape = rest.Tape!;
        if (k == Dimension - 1)
            return tape.Zeros(1);
        var least = tape.Constant(NumberLimits<T>.SmallestNormal);
        var isEnd = rest.Min(restOfBase).Less(least);
        var one = tape.Constant(T.One);
        return isEnd.Where(logSlope, isEnd.Where(one, restOfBase).Log() - isEnd.Where(one, rest).Log()) * T.CreateTruncating(Dimension - 1 - k);
    }
}
