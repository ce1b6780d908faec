using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>Components with exponents e = 0.1 + 9 σ(l − ln 9): F = σ(u)^e for the first ⌊K/2⌋, 1 − F = σ(−u)^e for the others.</summary>
/// <remarks>
/// With s = ±1 and v = −s u, a = e ln(1 + e^v), one tail is e^−a and the other one 1 − e^−a. Hazards, the density over a tail, are e σ(v)/h and that over e^a − 1;
/// ln f − ln F − ln(1 − F) is taken as the mean hazard of the smaller tail, weighed by the components' shares of that tail, less the logarithm of the larger one:
/// differences of large logarithms, of which single precision would keep nothing, are not met.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal readonly struct SkewedComponents<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Exponents are from 0.1 to 9.1, and 1 for a raw number of 0.
    private const double LeastExponent = 0.1;
    private const double ExponentRange = 9;
    private const int MostOnStack = 256;

    private readonly int _components;
    private readonly Variable<T> _centres;
    private readonly Variable<T> _rates;
    private readonly Variable<T> _logWeights;
    private readonly Variable<T> _exponents;
    private readonly Variable<T> _isFirst;

    /// <summary>Takes the numbers.</summary>
    /// <param name="components">K.</param>
    /// <param name="centres">m.</param>
    /// <param name="rates">1/h.</param>
    /// <param name="weights">Weights that sum to 1.</param>
    /// <param name="rawSkews">l.</param>
    public SkewedComponents(int components, Variable<T> centres, Variable<T> rates, Variable<T> weights, Variable<T> rawSkews)
    {
        _components = components;
        _centres = centres;
        _rates = rates;
        _logWeights = weights.Log();
        _exponents = ((rawSkews - Number(Math.Log(ExponentRange))).Sigmoid() * Number(ExponentRange)) + Number(LeastExponent);
        var isFirst = components <= MostOnStack ? stackalloc T[components] : new T[components];
        for (var i = 0; i < components; i++)
            isFirst[i] = i < components / 2 ? T.One : T.Zero;
        _isFirst = centres.Tape!.Constant(isFirst).TileColumns(centres.Columns / components);
    }

    // From where on e^v is nothing beside 1.
    private static double Far => typeof(T) == typeof(double) ? -37 : -17;

    /// <summary>See <see cref="Mixture{T}.Tails"/>.</summary>
    public Variable<T> Tails(Variable<T> y, out Variable<T> logUpper, out Variable<T> logSlope)
    {
        var tape = y.Tape!;
        var u = (y.RepeatColumns(_components) - _centres) * _rates;
        var v = _isFirst.Where(-u, u);
        var isFar = v.Less(tape.Constant(Number(Far)));
        var softplus = v.Softplus();
        var minusA = -_exponents * softplus;
        var logExponents = _exponents.Log();
        var safe = isFar.Where(tape.Constant(T.One), -minusA);
        var rest = isFar.Where(v + logExponents, safe.Log1mexp());
        var logRates = _rates.Log();
        var hazard = logExponents + logRates - (-v).Softplus();
        var ofRest = isFar.Where(logRates, hazard + minusA - rest);

        var lower = _logWeights + _isFirst.Where(minusA, rest);
        var upper = _logWeights + _isFirst.Where(rest, minusA);
        var logLower = lower.LogSumExpSegments(_components);
        logUpper = upper.LogSumExpSegments(_components);
        var isRight = logUpper.Less(logLower).RepeatColumns(_components);
        var shares = isRight.Where(upper, lower).SoftmaxSegments(_components);
        var isOwn = isRight * _isFirst + ((T.One - isRight) * (T.One - _isFirst));
        logSlope = (shares * isOwn.Where(ofRest, hazard).Exp()).SumSegments(_components).Log() - logLower.Max(logUpper);
        return logLower;
    }

    /// <summary>u of given log odds of each component.</summary>
    /// <param name="logOdds">[rows, D·K].</param>
    /// <returns>[rows, D·K].</returns>
    public Variable<T> Quantiles(Variable<T> logOdds)
    {
        // −ln of the tail that is a power is e ln(1 + e^v).
        var softplus = _isFirst.Where(-logOdds, logOdds).Softplus() / _exponents;
        var v = softplus + softplus.Log1mexp();
        return _isFirst.Where(-v, v);
    }

    private static T Number(double value) => T.CreateTruncating(value);
}
