using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>A mixture of K logistic distributions for every feature, as its numbers stand on a tape: its tails, its slope and its quantiles.</summary>
/// <remarks>
/// A component is F_k = σ(u)^e for the first ⌊K/2⌋ skewed ones, 1 − F_k = σ(−u)^e for the others, and σ(u) where there is no skew; u = (y − m)/h. All columns
/// stand feature by feature.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
internal readonly struct Mixture<T> : IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _components;
    private readonly Variable<T> _centres;
    private readonly Variable<T> _rates;
    private readonly Variable<T> _weights;
    private readonly Variable<T> _packed;
    private readonly SkewedComponents<T> _skewed;
    private readonly bool _isSkewed;

    /// <summary>Takes the numbers.</summary>
    /// <param name="components">K.</param>
    /// <param name="centres">m, [rows or 1, D·K].</param>
    /// <param name="widths">h.</param>
    /// <param name="weights">Weights that sum to 1 for every feature.</param>
    /// <param name="rawSkews">l; "no variable" for none.</param>
    public Mixture(int components, Variable<T> centres, Variable<T> widths, Variable<T> weights, Variable<T> rawSkews)
    {
        _components = components;
        _centres = centres;
        _weights = weights;
        _rates = widths.Reciprocal();
        _isSkewed = !rawSkews.IsNone;
        if (_isSkewed)
            _skewed = new SkewedComponents<T>(components, centres, _rates, weights, rawSkews);
        else
            _packed = VariableFunctions.Concatenate(centres, _rates, weights);
    }

    /// <inheritdoc/>
    public Axis Domain => Axis.Real;

    /// <summary>ln F, ln(1 − F) and ln of the derivative of the log odds.</summary>
    /// <param name="y">[rows, D].</param>
    /// <param name="logUpper">ln(1 − F), [rows, D].</param>
    /// <param name="logSlope">ln f − ln F − ln(1 − F), [rows, D].</param>
    /// <returns>ln F, [rows, D].</returns>
    public Variable<T> Tails(Variable<T> y, out Variable<T> logUpper, out Variable<T> logSlope) => _isSkewed
        ? _skewed.Tails(y, out logUpper, out logSlope)
        : LogisticMixtureOperation<T>.Of(_components).Apply(y, _packed, out logUpper, out logSlope);

    /// <inheritdoc/>
    public Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope)
    {
        var logLower = Tails(x, out var logUpper, out logSlope);
        return logLower - logUpper;
    }

    /// <summary>The number of given log odds, and ln of the derivative of the log odds there.</summary>
    /// <remarks>F is a mean of the F_k, so the quantile lies between the components' own.</remarks>
    /// <param name="logOdds">ζ, [rows, D].</param>
    /// <param name="logSlope">[rows, D].</param>
    /// <returns>y, [rows, D].</returns>
    public Variable<T> Quantile(Variable<T> logOdds, out Variable<T> logSlope)
    {
        if (!_isSkewed)
            return LogisticMixtureQuantileOperation<T>.Of(_components).Apply(logOdds, _packed, out logSlope);
        Variable<T> lower, upper, guess;
        var tape = logOdds.Tape!;
        (lower, upper, guess) = (tape.Allocate(logOdds.Columns), tape.Allocate(logOdds.Columns), tape.Allocate(logOdds.Columns));
        using (tape.WithoutRecording())
        {
            var own = _centres + (_skewed.Quantiles(logOdds.RepeatColumns(_components)) / _rates);
            Keep(-(-own).MaxSegments(_components), lower);
            Keep(own.MaxSegments(_components), upper);
            Keep((own * _weights).SumSegments(_components), guess);
        }

        var y = MonotoneSolver<T>.Solve(this, logOdds, lower, upper, guess, out var inverse);
        logSlope = -inverse;
        return y;
    }

    private static void Keep(Variable<T> value, Variable<T> target) =>
        target.Tape!.Kernels.Copy(target.Tape.ValueOf(value), target.Tape.ValueOf(target), accumulate: false);
}
