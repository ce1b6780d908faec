namespace FlowCore.Compute;

/// <summary>The elementwise functions of one argument that a device offers, each with its derivative.</summary>
public enum UnaryFunction
{
    /// <summary>−a.</summary>
    Negate,

    /// <summary>|a|, with derivative 0 at 0.</summary>
    Abs,

    /// <summary>a².</summary>
    Square,

    /// <summary>√a.</summary>
    Sqrt,

    /// <summary>1 / a.</summary>
    Reciprocal,

    /// <summary>e^a.</summary>
    Exp,

    /// <summary>e^a − 1, exact near 0.</summary>
    Expm1,

    /// <summary>ln a.</summary>
    Log,

    /// <summary>ln(1 + a), exact near 0.</summary>
    Log1p,

    /// <summary>sin a.</summary>
    Sin,

    /// <summary>cos a.</summary>
    Cos,

    /// <summary>max(a, 0).</summary>
    ReLU,

    /// <summary>a for a &gt; 0, else e^a − 1.</summary>
    Elu,

    /// <summary>a·Φ(a).</summary>
    Gelu,

    /// <summary>a·sigmoid(a).</summary>
    Silu,

    /// <summary>tanh a.</summary>
    Tanh,

    /// <summary>1 / (1 + e^−a).</summary>
    Sigmoid,

    /// <summary>ln(1 + e^a), without overflow.</summary>
    Softplus,

    /// <summary>a for a &gt; 0, else a / 100.</summary>
    LeakyReLU,
}
