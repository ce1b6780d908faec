using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Autodiff;
using FlowCore.Continuous;
using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>The tangent part of a network's field on the sphere, and its divergence behind it: a state is n and the integral of the divergence.</summary>
/// <remarks>
/// dn/dt = F − (n·F) n, div = tr DF − nᵀ(DF) n − 2 n·F at unit n. Behind the sphere, where the stages of a step are, both go on smoothly, which is all that the order of a method needs.
/// </remarks>
internal readonly struct SphereField<T> : IVectorField<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AmortizableMlpShape _network;
    private readonly Variable<T> _numbers;
    private readonly Directions _directions;

    /// <summary>Sets the network F(n, t).</summary>
    /// <param name="network">Of 4 inputs and 3 outputs.</param>
    /// <param name="numbers">Its numbers.</param>
    public SphereField(AmortizableMlpShape network, Variable<T> numbers)
    {
        (_network, _numbers) = (network, numbers);
        var tape = numbers.Tape!;
        Span<T> row = stackalloc T[4];
        for (var i = 0; i < 3; i++)
        {
            row.Clear();
            row[i] = T.One;
            _directions[i] = tape.Zeros(4) + tape.Constant(row);
        }
    }

    /// <inheritdoc/>
    public Variable<T> Derivative(Variable<T> state, double time)
    {
        var n = state.Slice(0, 3);
        var tangents = _directions;
        var field = _network.ApplyWithTangents(VariableFunctions.Concatenate(n, n.Tape!.Constant(T.CreateTruncating(time))), tangents, _numbers);
        var along = (n * field).SumColumns();
        var trace = tangents[0].Slice(0, 1) + tangents[1].Slice(1, 1) + tangents[2].Slice(2, 1);
        var moved = (tangents[0] * n.Slice(0, 1)) + (tangents[1] * n.Slice(1, 1)) + (tangents[2] * n.Slice(2, 1));
        return VariableFunctions.Concatenate(field - (n * along), trace - (n * moved).SumColumns() - (along + along));
    }

    [InlineArray(3)]
    private struct Directions
    {
        private Variable<T> _first;
    }
}
