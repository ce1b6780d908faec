namespace FlowCore.Compute;

/// <summary>Where the slopes at the first and the last knot of a spline come from.</summary>
public enum SplineEnds
{
    /// <summary>They are constants; 3K − 1 raw parameters.</summary>
    Given,

    /// <summary>They are parameters; 3K + 1 raw parameters, the slopes from the first knot to the last.</summary>
    Free,

    /// <summary>They are one parameter; 3K raw parameters, the slopes from the first knot to the last but one.</summary>
    Tied,
}
