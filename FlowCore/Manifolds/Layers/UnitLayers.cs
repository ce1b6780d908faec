using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Layers of a number u of the unit interval: letters of intervals act on u, those of real numbers on ln u − ln(1 − u).</summary>
/// <remarks>
/// With l = ln u − ln(1 − u) and l' its image, ∂u'/∂u = ∂l'/∂l u' (1 − u') / (u (1 − u)). Where the slope ∂l'/∂l tends to s at an end, ∂u'/∂u goes there like the distance to the power s − 1.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class UnitLayers<T> : IUnitMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // What letters of real numbers have here beside their defaults: none an offset, and mixtures narrow widths.
    private static readonly Dictionary<string, OptionValue> _onTheLine = new()
    {
        ["skip_model_offset"] = 1,
        ["cov_type"] = "full",
    };

    private static readonly Dictionary<string, OptionValue> _ofMixtures = new(_onTheLine)
    {
        ["lower_bound_for_widths"] = 0.01,
        ["upper_bound_for_widths"] = 1,
        ["fit_normalization"] = 0,
        ["inverse_function_type"] = "isigmoid",
        ["replace_first_sigmoid_with_icdf"] = 0,
    };

    private static readonly Dictionary<string, OptionValue> _onTheInterval = [];

    private readonly LayerChain<T> _chain;
    private readonly bool _isReal;

    private UnitLayers(LayerChain<T> chain, bool isReal) => (_chain, _isReal) = (chain, isReal);

    /// <inheritdoc/>
    public int ParameterCount => _chain.ParameterCount;

    /// <summary>The layers of a string.</summary>
    /// <param name="letters">The letters, all of intervals or all of real numbers, from base to data.</param>
    /// <param name="option">The name of the option that has them, for errors.</param>
    /// <param name="firstIsAtData">Whether the letters go from data to base instead.</param>
    /// <returns>The layers.</returns>
    /// <exception cref="ArgumentException">There is no letter, or one cannot stand there.</exception>
    public static UnitLayers<T> Create(string letters, string option, bool firstIsAtData = false)
    {
        var isReal = letters.Length > 0 && LayerLetters.Find(Manifold.Interval(), letters[0]) is null;
        var chain = LayerSeries<T>.Create(
            isReal ? Manifold.Euclidean(1) : Manifold.Interval(), letters, option,
            position => !isReal ? _onTheInterval : letters[position] is 'g' or 'h' ? _ofMixtures : _onTheLine, firstIsAtData);
        return new UnitLayers<T>(chain, isReal);
    }

    /// <inheritdoc/>
    public (Variable<T> U, Variable<T> Remainder) Apply(Variable<T> u, Variable<T> rest, Variable<T> numbers, int start, bool sample, out Variable<T> logSlope)
    {
        if (!_isReal)
        {
            var mapped = OfChain(u, numbers, start, sample, out logSlope);
            return mapped.Id == u.Id ? (u, rest) : (mapped, T.One - mapped);
        }

        var tiny = u.Tape!.Constant(NumberLimits<T>.SmallestNormal);
        var (logU, logRest) = (u.Max(tiny).Log(), rest.Max(tiny).Log());
        var image = OfChain(logU - logRest, numbers, start, sample, out logSlope);
        var (before, after) = (logU + logRest, image.LogSigmoid() + (-image).LogSigmoid());
        logSlope = TangentRules.Sum(logSlope, sample ? before - after : after - before);
        return (image.Sigmoid(), (-image).Sigmoid());
    }

    /// <inheritdoc/>
    public void Fresh(Span<double> numbers, RandomStream stream) => _chain.Fresh(numbers, stream);

    private Variable<T> OfChain(Variable<T> x, Variable<T> numbers, int start, bool sample, out Variable<T> logDet) => sample
        ? _chain.Sample(x, null, numbers, start, out logDet)
        : _chain.Evaluate(x, null, numbers, start, out logDet);
}
