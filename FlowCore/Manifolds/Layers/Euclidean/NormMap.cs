using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Weights of a mixture of raw norms n: ν = lo + hi σ(n) or e^n, shared out so that they sum to 1; or equal ones.</summary>
internal sealed class NormMap
{
    private const string FitOption = "fit_normalization";
    private const string RegulateOption = "regulate_normalization";
    private const string LowerOption = "lower_bound_for_norms";
    private const string UpperOption = "upper_bound_for_norms";

    private readonly bool _regulates;
    private readonly double _lower;
    private readonly double _upper;

    /// <summary>Reads the options.</summary>
    /// <param name="options">Those of a letter that declares <see cref="Options"/>.</param>
    /// <exception cref="ArgumentException">A bound is not positive.</exception>
    public NormMap(LayerOptions options)
    {
        IsFitted = options.Flag(FitOption);
        _regulates = options.Flag(RegulateOption);
        _lower = options.Number(LowerOption);
        _upper = options.Number(UpperOption);
        if (!(_lower > 0 && _upper > 0))
            throw new ArgumentException($"Expected positive '{LowerOption}' and '{UpperOption}', got {_lower} and {_upper}.", nameof(options));
    }

    /// <summary>Whether there are raw norms.</summary>
    public bool IsFitted { get; }

    /// <summary>The options with their defaults.</summary>
    /// <param name="upper">The default of hi.</param>
    /// <returns>The options.</returns>
    public static IReadOnlyList<LayerOption> Options(double upper) =>
    [
        LayerOption.Flag(FitOption, true), LayerOption.Flag(RegulateOption, true), LayerOption.Number(LowerOption, 1, 0), LayerOption.Number(UpperOption, upper, 0),
    ];

    /// <summary>The weights of the components of every feature.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="raw">n, [rows or 1, D·K], feature by feature.</param>
    /// <param name="components">K.</param>
    /// <returns>The same shape; every K of them sum to 1.</returns>
    public Variable<T> Weights<T>(Variable<T> raw, int components)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!_regulates)
            return raw.SoftmaxSegments(components);
        var norms = (raw.Sigmoid() * T.CreateTruncating(_upper)) + T.CreateTruncating(_lower);
        return norms / norms.SumSegments(components).RepeatColumns(components);
    }
}
