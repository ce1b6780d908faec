namespace FlowCore.Interop;

/// <summary>The splines of nflows, glasflow and normflows.</summary>
public enum StateSpline
{
    /// <summary>Rational-quadratic: 3K − 1 numbers a feature with identity tails, 3K on a circle, 3K + 1 without tails.</summary>
    RationalQuadratic,

    /// <summary>Piecewise linear: K numbers a feature.</summary>
    Linear,

    /// <summary>Piecewise quadratic: 2K − 1 numbers a feature with tails, 2K + 1 without.</summary>
    Quadratic,

    /// <summary>Piecewise cubic: 2K + 2 numbers a feature.</summary>
    Cubic,
}
