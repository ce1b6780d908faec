using System.Numerics;
using FlowCore.Networks;

namespace FlowCore.Manifolds;

/// <summary>w: splines, or other layers, of the sticks, one after the other.</summary>
/// <remarks>Letters r and z are splines of [0, 1] and the identity; those of real numbers act on the log odds of a stick, as they do at the zenith of letter n.</remarks>
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
        return new StickLayer<T>(
            manifold, MapOf<T>(letters, options.WholeNumber(SplineOptions.Bins)),
            AmortizableMlpShape.ParseSizes(options.Text(HiddenOption), HiddenOption), options.WholeNumber(RankOption));
    }

    // Splines have a map of their own, which keeps the digits of 1 − v beside those of v.
    private static IUnitMap<T> MapOf<T>(string letters, int bins)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        letters.Contains('r', StringComparison.Ordinal) && letters.All(letter => letter is 'r' or 'z')
            ? new StickSplines<T>(letters.Count(letter => letter == 'r'), new BoxSplineSettings(bins))
            : UnitLayers<T>.Create(letters, LettersOption);
}
