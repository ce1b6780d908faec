namespace FlowCore.Interop;

/// <summary>The univariate maps between which the number of a network's outputs cannot decide.</summary>
public enum StateTransformer
{
    /// <summary>A rational-quadratic spline, as in NSF.</summary>
    Spline,

    /// <summary>A Bernstein polynomial, as in BPF.</summary>
    Bernstein,

    /// <summary>A sum of squared polynomials, as in SOSPF; flows of more than one transform tell by the gaps between them.</summary>
    SumOfSquares,

    /// <summary>A mixture of normals, as in GF; flows of more than one transform tell by their rotations.</summary>
    Gaussianization,
}
