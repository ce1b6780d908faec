namespace FlowCore.Compute;

/// <summary>The elementwise nonlinearity applied to the output of a linear layer.</summary>
public enum Activation
{
    /// <summary>a itself.</summary>
    Identity,

    /// <summary>max(a, 0).</summary>
    ReLU,

    /// <summary>a for a &gt; 0, else e^a − 1 (Clevert et al. 2015, alpha 1).</summary>
    Elu,

    /// <summary>a·Φ(a) with the exact normal distribution function (Hendrycks and Gimpel 2016).</summary>
    Gelu,

    /// <summary>a·sigmoid(a) (Elfwing et al. 2017).</summary>
    Silu,

    /// <summary>tanh a.</summary>
    Tanh,

    /// <summary>1 / (1 + e^−a).</summary>
    Sigmoid,

    /// <summary>ln(1 + e^a).</summary>
    Softplus,

    /// <summary>a for a &gt; 0, else a / 100.</summary>
    LeakyReLU,
}
