namespace FlowCore.Transforms;

/// <summary>By how much a circular spline turns its argument first.</summary>
public enum SplineShift
{
    /// <summary>Not at all: the point where the circle is cut stays where it is.</summary>
    None,

    /// <summary>Half a turn: zuko's, so that the cut of one layer is in the middle of the next.</summary>
    HalfTurn,

    /// <summary>A parameter of each feature, behind those of the spline; 0 is no turn.</summary>
    Learned,
}
