using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>ln F, ln S and ln f − ln F − ln S of a mixture of K logistic distributions for every feature: F = Σ_k w_k σ((x − m_k) r_k), S = 1 − F, f = F'.</summary>
/// <remarks>
/// One exponential for a component serves all three, and none of them underflows: see <c>LogisticMixtureFormula</c>. ln F − ln S are the log odds, and the third
/// result is the logarithm of their derivative. Tangents are those of the same formula unfused.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class LogisticMixtureOperation<T> : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly OperationCache<int, LogisticMixtureOperation<T>> _all = new(static components => new(components));

    private LogisticMixtureOperation(int components) => Components = components;

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>The operation of a number of components.</summary>
    /// <param name="components">K, at least 1.</param>
    /// <returns>The one instance.</returns>
    /// <exception cref="ArgumentOutOfRangeException">K is not positive.</exception>
    public static LogisticMixtureOperation<T> Of(int components)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        return _all[components];
    }

    /// <summary>Applies the operation.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="parameters">[rows, 3·K·D], or shared [1, 3·K·D]: centres m, the K of the first feature first; behind them rates r &gt; 0, and weights w that sum to 1 for every feature.</param>
    /// <param name="logUpper">ln S, [rows, D].</param>
    /// <param name="logSlope">ln f − ln F − ln S, [rows, D].</param>
    /// <returns>ln F, [rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Variable<T> x, Variable<T> parameters, out Variable<T> logUpper, out Variable<T> logSlope)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        OperandChecks.TapeOf(parameters, nameof(parameters));
        var features = x.Columns;
        if (!x.IsBlock)
            throw new ArgumentException($"Expected a block, got {OperandChecks.Shape(x)}.", nameof(x));
        if (parameters.Columns != 3L * Components * features || (!parameters.IsBlock && parameters.Rows != 1))
            throw new ArgumentException($"Expected {3L * Components * features} parameters of {features} features, got {OperandChecks.Shape(parameters)}.", nameof(parameters));
        var results = tape.Allocate(3 * features);

        // What the forward pass keeps saves the backward one all exponentials.
        if (tape.NeedsAdjoint(x.Id) || tape.NeedsAdjoint(parameters.Id))
            tape.ApplyInto(this, [x, parameters], [results, tape.Allocate(Kernels<T>.KeptByLogisticMixture(Components, features))]);
        else
            tape.ApplyInto(this, [x, parameters], [results]);
        logUpper = results.Slice(features, features);
        logSlope = results.Slice(2 * features, features);
        return results.Slice(0, features);
    }

    /// <summary>x of given log odds to most of its digits, without a derivative: where <see cref="Transforms.MonotoneSolver{T}"/> takes its last step from.</summary>
    /// <param name="logOdds">ln F − ln S, [rows, D], a block.</param>
    /// <param name="parameters">As in <see cref="Apply"/>.</param>
    /// <returns>[rows, D].</returns>
    internal Variable<T> NearQuantile(Variable<T> logOdds, Variable<T> parameters)
    {
        var tape = OperandChecks.TapeOf(logOdds, nameof(logOdds));
        var x = tape.Allocate(logOdds.Columns);
        tape.Kernels.LogisticMixtureQuantile(tape.ValueOf(logOdds), tape.ValueOf(parameters), Components, tape.ValueOf(x));
        return x;
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call) =>
        call.Kernels.LogisticMixture(call.Input(0), call.Input(1), Components, call.Output(0), call.Outputs > 1 ? call.Output(1) : default);

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call) => call.Kernels.LogisticMixtureAdjoint(
        call.Output(1), call.Input(1), Components, call.OutputAdjoint(0), call.InputAdjoint(0), call.InputAdjoint(1));

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var (x, parameters) = (call.Input(0), call.Input(1));
        var length = Components * x.Columns;
        var (rate, logWeight) = (parameters.Slice(length, length), parameters.Slice(2 * length, length).Log());
        var u = (x.RepeatColumns(Components) - parameters.Slice(0, length)) * rate;
        var (ofLower, ofUpper) = ((-u).Softplus(), u.Softplus());

        // The results are known, so each sum is taken of terms over it: constants that change no derivative.
        var known = call.Output(0).StopGradient();
        var (knownLower, knownUpper) = (known.Slice(0, x.Columns), known.Slice(x.Columns, x.Columns));
        var lower = LogSum(logWeight - ofLower, knownLower);
        var upper = LogSum(logWeight - ofUpper, knownUpper);
        var density = LogSum(logWeight + rate.Log() - ofLower - ofUpper, known.Slice(2 * x.Columns, x.Columns) + knownLower + knownUpper);
        call.SetOutputTangent(0, call.TangentOf(VariableFunctions.Concatenate(lower, upper, density - lower - upper)));
    }

    private Variable<T> LogSum(Variable<T> logTerms, Variable<T> known) =>
        (logTerms - known.RepeatColumns(Components)).Exp().SumSegments(Components).Log();
}
