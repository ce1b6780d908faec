namespace FlowCore.Interop;

/// <summary>What the form of a flow of zuko tells of its univariate maps.</summary>
internal enum ZukoKind
{
    /// <summary>Nothing: the number of the parameters decides, or the caller does.</summary>
    Plain,

    /// <summary>Splines of angles: the base is the box of a circle.</summary>
    Circular,

    /// <summary>Bernstein polynomials.</summary>
    Bernstein,

    /// <summary>Squared polynomials: nothing else has bounds between its transforms, which leave gaps.</summary>
    SumOfSquares,

    /// <summary>Mixtures of normals: nothing else has rotations between.</summary>
    Gaussianization,
}
