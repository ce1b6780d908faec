using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>One term of the polynomial residual: a nuisance with its linear and quadratic coefficients, or a pair with its product's.</summary>
internal readonly struct ResidualTerm<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The nuisance, or the first of the pair, and the second of the pair.</summary>
    public readonly int First, Second;

    /// <summary>2 for a nuisance (linear and quadratic), 1 for a pair.</summary>
    public readonly int Powers;

    /// <summary>Not 0 for the first term of all, which sets the sums.</summary>
    public readonly int IsFirst;

    /// <summary>The damping of the quadratic term or of the product.</summary>
    public readonly T Damping;

    /// <summary>Central value and one over the scale of both nuisances.</summary>
    public readonly T FirstCentral, FirstReciprocal, SecondCentral, SecondReciprocal;

    /// <summary>Term <paramref name="index"/>: the nuisances come first, then the pairs.</summary>
    public ResidualTerm(ResidualSettings settings, int index)
    {
        var isPair = index >= settings.Nuisances;
        (First, Second) = isPair ? settings.CrossTerms[index - settings.Nuisances] : (index, index);
        Powers = isPair ? 1 : 2;
        IsFirst = index == 0 ? 1 : 0;
        Damping = T.CreateChecked(isPair ? settings.CrossTermDamping : settings.QuadraticDamping);
        FirstCentral = T.CreateChecked(settings.Central[First]);
        FirstReciprocal = T.CreateChecked(1 / settings.Scales[First]);
        SecondCentral = T.CreateChecked(settings.Central[Second]);
        SecondReciprocal = T.CreateChecked(1 / settings.Scales[Second]);
    }
}
