using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>What a <see cref="Pdf{T}"/> has beside its two strings.</summary>
/// <remarks>Immutable; the names of jammy_flows' options stand in brackets.</remarks>
public sealed record PdfOptions
{
    /// <summary>
    /// The columns of the condition: none; one number, for a condition that all factors see; or one number for each factor of several, 0 allowed, whose
    /// columns then stand one behind the other (conditional_input_dim).
    /// </summary>
    public IReadOnlyList<int> ConditionColumns { get; init; } = [];

    /// <summary>
    /// Location and scale of each column of the condition: networks read (c − location) / scale, because they expect numbers of order one. Null for
    /// conditions that are read as they are.
    /// </summary>
    public LocationScale? ConditionScale { get; init; }

    /// <summary>The options of layers (options_overwrite).</summary>
    public IReadOnlyList<LayerOverride> Layers { get; init; } = [];

    /// <summary>In which coordinates points are given and drawn: one for all factors or one for each.</summary>
    public IReadOnlyList<Coordinates> Coordinates { get; init; } = [Manifolds.Coordinates.Intrinsic];

    /// <summary>The hidden layers of the networks that give parameters, such as "128", "64-30" or "" for a linear map: one for all factors or one for each (amortization_mlp_dims).</summary>
    public IReadOnlyList<string> NetworkSizes { get; init; } = ["128"];

    /// <summary>Whether these networks have ranks and highways, and all their numbers in one vector (amortization_mlp_use_custom_mode).</summary>
    public bool UsesCustomNetworks { get; init; }

    /// <summary>The ranks of custom networks, such as "-1" or "2-10-1000": one for all factors or one for each (amortization_mlp_ranks).</summary>
    public IReadOnlyList<string> NetworkRanks { get; init; } = ["-1"];

    /// <summary>The highway mode of custom networks (amortization_mlp_highway_mode).</summary>
    public int HighwayMode { get; init; }

    /// <summary>Whether one network of the condition gives all numbers, those of the other networks included (fully_amortized_pdf). Its sizes, rank and mode are those above; its rank is 5 where none is given.</summary>
    public bool IsFullyAmortized { get; init; }

    /// <summary>The hidden layers of the inner networks of a fully amortised pdf (inner_mlp_dims_sub_pdfs).</summary>
    public IReadOnlyList<string> InnerNetworkSizes { get; init; } = ["128"];

    /// <summary>The ranks of the inner networks (inner_mlp_ranks).</summary>
    public IReadOnlyList<string> InnerNetworkRanks { get; init; } = ["0"];

    /// <summary>The highway mode of the inner networks (inner_mlp_highway_mode).</summary>
    public int InnerHighwayMode { get; init; } = 1;

    /// <summary>
    /// Whether the pdf has no numbers of its own: every row brings all of them, behind its condition, in the order [factor 0 | network of factor 1 | … | ln λ]; under a condition the network of factor 0
    /// stands first. The networks are custom ones of the sizes above. <see cref="Pdf{T}.FreshVector"/> is what to start from.
    /// </summary>
    public bool TakesParameters { get; init; }

    /// <summary>Whether the logarithm of a Poisson mean is part of the model (predict_log_normalization).</summary>
    public bool PredictsLogMean { get; init; }

    /// <summary>Whether the first factor's network gives it, or one of its own (join_poisson_and_pdf_description).</summary>
    public bool JoinsLogMean { get; init; }

    /// <summary>The hidden layers of a network of its own (hidden_mlp_dims_poisson).</summary>
    public string LogMeanNetworkSizes { get; init; } = "128";

    /// <summary>What the fresh weights of networks are divided by, so that a fresh pdf is nearly the same for all conditions (damping_factor).</summary>
    public double DampingFactor { get; init; } = 1000;

    /// <summary>Where fresh numbers come from; null for a stream of the definition's own.</summary>
    public RandomStream? Initialization { get; init; }

    /// <summary>These options and others of a letter, wherever it stands.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="options">What is said; the rest is the letter's defaults.</param>
    /// <returns>The options.</returns>
    public PdfOptions With(char letter, IReadOnlyDictionary<string, OptionValue> options) => this with { Layers = [.. Layers, new LayerOverride(letter, options)] };

    /// <summary>These options and others of a letter in one factor.</summary>
    /// <param name="factor">The factor, from 0.</param>
    /// <param name="letter">The letter.</param>
    /// <param name="options">What is said; the rest is the letter's defaults.</param>
    /// <returns>The options.</returns>
    public PdfOptions With(int factor, char letter, IReadOnlyDictionary<string, OptionValue> options) =>
        this with { Layers = [.. Layers, new LayerOverride(factor, letter, options)] };
}
