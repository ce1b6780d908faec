using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Maps of the sticks of a simplex: the first with numbers of its own, each further one with numbers that a perceptron makes of the sticks before it, on the data's side.</summary>
/// <remarks>
/// With intrinsic volume Π (1 − v_j)^(d − j) of the sticks, ld = Σ ln ∂v'_k/∂v_k + Σ_j (d − j)(ln(1 − v'_j) − ln(1 − v_j)); where 1 − v_j is 0 the quotient is the slope there.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class StickLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What fresh perceptrons are divided by, so that their sticks are nearly independent.
    private const double Damping = 1000;

    private readonly IUnitMap<T> _map;
    private readonly AmortizableMlpShape[] _networks;

    /// <summary>Sets the parts.</summary>
    /// <param name="manifold">The simplex.</param>
    /// <param name="map">What a stick passes.</param>
    /// <param name="hidden">The hidden sizes of the perceptrons.</param>
    /// <param name="rank">The rank of their matrices; 0 or less for whole ones.</param>
    public StickLayer(Manifold manifold, IUnitMap<T> map, int[] hidden, int rank)
        : this(manifold, map, map.ParameterCount == 0
            ? []
            : [.. Enumerable.Range(1, manifold.Dimension - 1).Select(inputs => new AmortizableMlpShape(inputs, hidden, map.ParameterCount, [rank]))])
    {
    }

    private StickLayer(Manifold manifold, IUnitMap<T> map, AmortizableMlpShape[] networks)
        : base(manifold, map.ParameterCount == 0 ? [] : [new LayerArray("inner_flow_params", map.ParameterCount + networks.Sum(network => network.ParameterCount))]) =>
        (_map, _networks) = (map, networks);

    private int Dimension => Manifold.Dimension;

    /// <inheritdoc/>
    protected internal override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var numbers = _map.ParameterCount == 0 ? default : parameters[0];
        var state = x.Tape!.Allocate(2 * Dimension);
        logDet = default;
        var start = 0;
        for (var k = 0; k < Dimension; k++)
        {
            var own = Numbers(x, k, numbers, ref start);
            var rest = x.Slice(Dimension + k, 1);
            var (stick, restOfBase) = _map.Apply(x.Slice(k, 1), rest, own, 0, sample: false, out var logSlope);
            Put(state, k, stick, restOfBase);
            logDet = TangentRules.Sum(TangentRules.Sum(logDet, logSlope), OfVolume(k, rest, restOfBase, logSlope));
        }

        return state;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var numbers = _map.ParameterCount == 0 ? default : parameters[0];
        var state = z.Tape!.Allocate(2 * Dimension);
        logDet = default;
        var start = 0;
        for (var k = 0; k < Dimension; k++)
        {
            var own = Numbers(state, k, numbers, ref start);
            var restOfBase = z.Slice(Dimension + k, 1);
            var (stick, rest) = _map.Apply(z.Slice(k, 1), restOfBase, own, 0, sample: true, out var logSlope);
            Put(state, k, stick, rest);
            logDet = TangentRules.Sum(TangentRules.Sum(logDet, logSlope), OfVolume(k, rest, restOfBase, logSlope));
        }

        return state;
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        var own = new double[_map.ParameterCount];
        _map.Fresh(own, stream.Substream(ulong.MaxValue));
        own.CopyTo(numbers);
        var start = own.Length;
        for (var k = 0; k < _networks.Length; k++)
        {
            _networks[k].Fresh(numbers.Slice(start, _networks[k].ParameterCount), stream.Substream((ulong)k), 1 / Damping, own);
            start += _networks[k].ParameterCount;
        }
    }

    // The raw numbers of stick k, of a network from the sticks before it on the data's side.
    private Variable<T> Numbers(Variable<T> state, int k, Variable<T> numbers, ref int start)
    {
        if (k == 0 || _networks.Length == 0)
        {
            start += _map.ParameterCount;
            return numbers;
        }

        var network = _networks[k - 1];
        var own = network.Apply(state.Slice(0, k), numbers, start);
        start += network.ParameterCount;
        return own;
    }

    private void Put(Variable<T> state, int k, Variable<T> stick, Variable<T> rest)
    {
        state.Tape!.CopyInto(stick, state.Slice(k, 1));
        state.Tape!.CopyInto(rest, state.Slice(Dimension + k, 1));
    }

    // (d − j)(ln(1 − v') − ln(1 − v)) of stick k = j − 1; "no variable" for the last, and for an identity.
    private Variable<T> OfVolume(int k, Variable<T> rest, Variable<T> restOfBase, Variable<T> logSlope)
    {
        if (k == Dimension - 1 || logSlope.IsNone)
            return default;
        var tape = rest.Tape!;
        var least = tape.Constant(NumberLimits<T>.SmallestNormal);
        var isEnd = rest.Min(restOfBase).Less(least);
        var one = tape.Constant(T.One);
        return isEnd.Where(logSlope, isEnd.Where(one, restOfBase).Log() - isEnd.Where(one, rest).Log()) * T.CreateTruncating(Dimension - 1 - k);
    }
}
