using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A <see cref="MoebiusMixture{T}"/> of the circle.</summary>
internal sealed class MoebiusLayer<T>(int components, bool isNatural, bool hasTurn)
    : CircleLayer<T>(hasTurn, [.. TurnArray(hasTurn), new LayerArray(ArrayName, components, 4)])
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MoebiusMixture<T> _mixture = new(components);

    /// <summary>The name of the array of raw numbers.</summary>
    public const string ArrayName = "moebius_pars";

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        stream.Substream(1).FillNormal(Part(numbers, TurnArrays));
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateTurned(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var raw = parameters[TurnArrays];
        return isNatural ? _mixture.Solve(x, raw, out logDet) : _mixture.Apply(x, raw, out logDet);
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleTurned(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var raw = parameters[TurnArrays];
        var x = isNatural ? _mixture.Apply(z, raw, out var logSlope) : _mixture.Solve(z, raw, out logSlope);
        logDet = -logSlope;
        return x;
    }
}
