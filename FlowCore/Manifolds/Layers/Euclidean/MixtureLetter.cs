namespace FlowCore.Manifolds;

/// <summary>The letters of Gaussianization: they differ by names, defaults and by which options they have.</summary>
internal abstract class MixtureLetter : EuclideanLetter
{
    private const string QuantileOption = "inverse_function_type";
    private const string FirstOption = "replace_first_sigmoid_with_icdf";
    private const string Logistic = "isigmoid";
    private const string Pade = "inormal_full_pade";

    /// <summary>The options that both letters have.</summary>
    /// <param name="upperNorm">The default of the largest norm.</param>
    /// <returns>The options.</returns>
    protected static IReadOnlyList<LayerOption> CommonOptions(double upperNorm) =>
    [
        LayerOption.WholeNumber(MixtureSettings.ComponentsOption, 10, 1), LayerOption.WholeNumber(HouseholderRotation<double>.CountOption, -1, -1),
        LayerOption.Choice(QuantileOption, Logistic, "inormal", "inormal_partly_precise", "inormal_partly_crude", Pade), LayerOption.Flag(FirstOption, true),
        LayerOption.Flag(MixtureSettings.SkewOption, false), LayerOption.Flag(EuclideanLayer<double>.SkipOffset, false),
        .. WidthMap.Options, .. NormMap.Options(upperNorm),
    ];

    /// <summary>The quantile function of a letter: the one next to the base has the normal distribution's in place of the logistic one, unless it carries the offset.</summary>
    protected static QuantileMap<T> QuantileOf<T>(LayerOptions options, LayerPlace place)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var isReplaced = place.IsFirst && !HasOffset(options, place) && options.Flag(FirstOption);
        return options.Text(QuantileOption) switch
        {
            Pade => new PadeQuantile<T>(),
            Logistic when !isReplaced => new LogisticQuantile<T>(),
            _ => new NormalQuantile<T>(),
        };
    }
}
