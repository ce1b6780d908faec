namespace FlowCore.Networks;

/// <summary>The constants of a <see cref="Made{T}"/>.</summary>
public sealed record MadeSettings
{
    /// <summary>H, the units of every hidden layer, at least 1.</summary>
    public int HiddenSize { get; init; } = 32;

    /// <summary>How many blocks, 0 to 100.</summary>
    public int Blocks { get; init; } = 2;

    /// <summary>Whether a block is h + W₂ act(W₁ act(h)), or act(W h).</summary>
    public bool IsResidual { get; init; } = true;

    /// <summary>The activation.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.ReLU;

    /// <summary>Whose MADE.</summary>
    public MadeFlavour Flavour { get; init; }

    /// <summary>
    /// Whether the hidden units of every block are normalised by the mean and variance that a training keeps of them: both libraries' <c>use_batch_norm</c>. Mean
    /// and variance are constants within a step, so a row does not depend on its batch.
    /// </summary>
    public bool HasBatchNormalization { get; init; }

    /// <summary>
    /// Whether no hidden unit is free of all features, so that the parameters of the first feature never see the context: both libraries have
    /// this hole, and weights from there need it. Of itself FlowCore gives the first rank units as well. Without a context there is no difference.
    /// </summary>
    public bool HidesContextFromFirst { get; init; }
}
