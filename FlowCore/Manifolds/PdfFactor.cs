using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>One factor of a pdf: its layers, where its columns stand, and what gives its parameters.</summary>
/// <remarks>
/// The parameters are the factor's own, the outputs of a network, or, in a fully amortised pdf and in one whose rows bring them, columns of all numbers: the factor's
/// where nothing is known before it, the numbers of an inner network elsewhere.
/// </remarks>
internal sealed class PdfFactor<T>(Manifold manifold, LayerChain<T> chain, Coordinates coordinates)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public Manifold Manifold => manifold;

    public LayerChain<T> Chain => chain;

    /// <summary>The coordinates where a call does not say others.</summary>
    public Coordinates Coordinates => coordinates;

    /// <summary>The first column of its random numbers.</summary>
    public int NoiseStart { get; init; }

    /// <summary>The first column of its condition, and how many it has.</summary>
    public (int Start, int Count) Condition { get; init; }

    /// <summary>How many columns of links the factors before it have.</summary>
    public int LinksBefore { get; init; }

    /// <summary>Its own parameters; null where a network gives them.</summary>
    public Parameter<T>[]? Own { get; init; }

    /// <summary>The network that gives its parameters; null for none.</summary>
    public Network<T>? Network { get; init; }

    /// <summary>The inner network whose numbers the outer one gives; null for none.</summary>
    public AmortizableMlpShape? Inner { get; init; }

    /// <summary>Where its numbers, or those of its inner network, begin among the outer network's outputs.</summary>
    public int OuterStart { get; init; }

    /// <summary>How many columns its points have.</summary>
    public int ColumnsIn(Coordinates which) => which == Coordinates.Intrinsic ? manifold.IntrinsicColumns : manifold.EmbeddingColumns;

    /// <summary>What is known before the factor: its condition and the links of the factors before it.</summary>
    /// <param name="conditions">All conditions, or "no variable".</param>
    /// <param name="links">The links of all factors, of which the first <see cref="LinksBefore"/> columns are written.</param>
    public Variable<T> Known(Variable<T> conditions, Variable<T> links)
    {
        var condition = Condition.Count == 0 ? default : conditions.Columns == Condition.Count ? conditions : conditions.Slice(Condition.Start, Condition.Count);
        if (LinksBefore == 0)
            return condition.Tape!.AsBlock(condition);
        var before = links.Columns == LinksBefore ? links : links.Slice(0, LinksBefore);
        return condition.IsNone ? before : VariableFunctions.Concatenate(condition, before);
    }

    /// <summary>The columns that hold its parameters; "no variable" where they are its own.</summary>
    public Variable<T> ParameterColumns(Variable<T> conditions, Variable<T> links, Variable<T> outer) =>
        Network is not null ? Network.Apply(Known(conditions, links))
        : Inner is not null ? Inner.Apply(Known(conditions, links), outer, OuterStart)
        : outer;

    /// <summary>Where its numbers begin in those columns.</summary>
    public int ParameterStart => Inner is null && Network is null ? OuterStart : 0;
}
