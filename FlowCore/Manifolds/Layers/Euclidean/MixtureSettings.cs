namespace FlowCore.Manifolds;

/// <summary>What the options of g and h say about the mixture of a feature.</summary>
internal sealed class MixtureSettings
{
    /// <summary>The option of the number of components.</summary>
    public const string ComponentsOption = "num_kde";

    /// <summary>The option that centres the mixture.</summary>
    public const string CentreOption = "center_mean";

    /// <summary>The option of skewed components.</summary>
    public const string SkewOption = "add_skewness";

    /// <summary>Reads the options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="isCentred">Whether the mean is 0.</param>
    public MixtureSettings(LayerOptions options, bool isCentred)
    {
        Components = options.WholeNumber(ComponentsOption);
        IsCentred = isCentred;
        IsSkewed = options.Flag(SkewOption);
        Widths = new WidthMap(options);
        Norms = new NormMap(options);
    }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>Whether the last centre follows from the others, so that the mixture has mean 0.</summary>
    public bool IsCentred { get; }

    /// <summary>Whether components have exponents.</summary>
    public bool IsSkewed { get; }

    /// <summary>What makes widths.</summary>
    public WidthMap Widths { get; }

    /// <summary>What makes weights.</summary>
    public NormMap Norms { get; }
}
