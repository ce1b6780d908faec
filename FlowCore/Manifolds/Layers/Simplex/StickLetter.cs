using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>w: splines of the sticks, one after the other.</summary>
internal sealed class StickLetter : SimplexLetter
{
    private const string LettersOption = "inner_flow_defs";
    private const string HiddenOption = "hidden_dims";
    private const string RankOption = "max_rank";

    /// <inheritdoc/>
    public override char Letter => 'w';

    /// <inheritdoc/>
    public override IReadOnlyList<LayerOption> Options { get; } =
    [
        LayerOption.OfText(LettersOption, "rr"), LayerOption.WholeNumber(SplineOptions.Bins, 10, 2), LayerOption.OfText(HiddenOption, "128"),
        LayerOption.WholeNumber(RankOption, 0, -1),
    ];

    /// <inheritdoc/>
    public override ManifoldLayer<T> Create<T>(Manifold manifold, LayerOptions options, LayerPlace place)
    {
        var letters = options.Text(LettersOption);
        if (letters.Length == 0 || letters.Any(letter => letter != 'r'))
            throw new ArgumentException($"Expected letters 'r' alone for the option '{LettersOption}', got \"{letters}\".", nameof(options));
        return new StickLayer<T>(
            manifold, letters.Length, new BoxSplineSettings(options.WholeNumber(SplineOptions.Bins)),
            AmortizableMlpShape.ParseSizes(options.Text(HiddenOption), HiddenOption), options.WholeNumber(RankOption));
    }
}
