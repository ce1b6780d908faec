using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>
/// A density on a product of manifolds, possibly conditional: p(x | c) = Π_k p_k(x_k | c, x_1..x_(k−1)), each factor a chain of layers that brings its
/// manifold's law to the uniform or the normal one.
/// </summary>
/// <remarks>
/// <para>
/// Two strings say what it is, <c>new Pdf&lt;float&gt;("e4+s2+e4", "gggg+n+gggg")</c>; they, the options and the parameters are those of jammy_flows, whose
/// weights can be read. The first factor without a condition has parameters of its own, every other one gets them from a network of the condition and
/// of the embedding coordinates of the factors before it.
/// </para>
/// <para>
/// Densities are per unit of the coordinates that are asked for. On compact manifolds the layers work between the uniform law and the data, so ends, poles and
/// corners are ordinary points of the space. Rows outside the support have ln p = −∞ and no gradient; nothing is clamped.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed partial class Pdf<T> : DensityModel<T>, IJoinedPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PdfFactor<T>[] _factors;
    private readonly Network<T>? _outer;
    private readonly Network<T>? _logMeanNetwork;
    private readonly Parameter<T>? _logMean;
    private readonly FixedStandardization<T> _conditionScale;
    private readonly StandardNormal<T> _noise;
    private readonly int _linkColumns;
    private readonly int[] _columns;
    private readonly GatherColumnsOperation<T>? _basePoint;
    private readonly Parameter<T>[] _own;
    private readonly double[] _freshVector;
    private ParameterStore<T> _parameters;
    private bool _isJoined;

    /// <summary>Makes a fresh pdf.</summary>
    /// <param name="manifolds">The manifolds, with + between factors; see <see cref="PdfDefinition"/>.</param>
    /// <param name="layers">The letters of each factor's layers, from base to data, with + between factors.</param>
    /// <param name="options">The options; null for those of an unconditional pdf.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">A string or an option is not understood; the message says where and what may stand there.</exception>
    public Pdf(string manifolds, string layers, PdfOptions? options = null, Device? device = null)
        : this(new PdfParts<T>(PdfDefinition.Parse(manifolds, layers), options ?? new PdfOptions()), device)
    {
    }

    internal Pdf(PdfParts<T> parts, Device? device)
        : base(device ?? Device.Cpu, parts.Columns, parts.ConditionColumns, 0)
    {
        (Definition, Options) = (parts.Definition, parts.Options);
        (_factors, _outer, _logMeanNetwork, _logMean) = (parts.Factors, parts.Outer, parts.LogMeanNetwork, parts.LogMean);
        _conditionScale = parts.ConditionScale;
        _noise = new StandardNormal<T>(_factors.Sum(factor => factor.Manifold.NoiseColumns));
        _linkColumns = _factors.Sum(factor => factor.Manifold.LinkColumns);
        BaseColumns = _factors.Sum(factor => factor.Manifold.BaseColumns);
        _columns = [.. Enum.GetValues<Coordinates>().Select(which => _factors.Sum(factor => factor.ColumnsIn(which)))];
        if (BaseColumns > 0 && BaseColumns != NoiseFeatures)
            _basePoint = new GatherColumnsOperation<T>([.. _factors.SelectMany(factor => Enumerable.Range(factor.NoiseStart, factor.Manifold.BaseColumns))]);
        _freshVector = parts.FreshVector;
        _own = [.. parts.AllParameters()];
        _parameters = new ParameterStore<T>(Device, _own);
    }

    /// <summary>The two strings, read.</summary>
    public PdfDefinition Definition { get; }

    /// <summary>The options.</summary>
    public PdfOptions Options { get; }

    /// <summary>The columns of the Gaussian base point: the dimensions of all factors that have one.</summary>
    public int BaseColumns { get; }

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => _parameters;

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => _noise;

    internal IReadOnlyList<PdfFactor<T>> Factors => _factors;

    /// <summary>The pdf's parameters; behind an encoder the store has others as well.</summary>
    internal IReadOnlyList<Parameter<T>> OwnParameters => _own;

    /// <summary>Fresh numbers of a pdf made with <see cref="PdfOptions.TakesParameters"/>, whose rows bring all of them behind the condition: what the last bias of a network that gives them starts at.</summary>
    /// <returns>The numbers; none of another pdf.</returns>
    public T[] FreshVector() => Array.ConvertAll(_freshVector, T.CreateTruncating);

    /// <summary>How many columns points have in given coordinates.</summary>
    /// <param name="coordinates">Which, for all factors; null for those of the options.</param>
    /// <returns>The columns.</returns>
    public int ColumnsIn(Coordinates? coordinates) => coordinates is { } which ? _columns[(int)which] : Features;

    // ---- One block, on a tape -----------------------------------------------------------------------------------

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) => Evaluate(x, conditions).LogDensity;

    /// <summary>ln p, and the base point where it is asked for.</summary>
    /// <param name="x">[rows, <see cref="ColumnsIn"/>], a block.</param>
    /// <param name="conditions">[rows, C] or a shared row; "no variable" for none.</param>
    /// <param name="coordinates">In which coordinates x is given, for all factors; null for those of the options.</param>
    /// <param name="withBase">Whether the base point and its density are wanted.</param>
    /// <param name="onlyLast">Whether only the layer next to the data of each chain is to act, as if it stood on the base alone.</param>
    /// <returns>The results.</returns>
    /// <exception cref="ArgumentException">A shape is not the pdf's.</exception>
    public PdfEvaluation<T> Evaluate(
        Variable<T> x, Variable<T> conditions, Coordinates? coordinates = null, bool withBase = false, bool onlyLast = false) =>
        EvaluateCore(x, ref conditions, coordinates, withBase, onlyLast, out _, out _);

    /// <summary>Points of random numbers: differentiable sampling. No gradient leads through the classes of a category.</summary>
    /// <param name="z">[rows, <see cref="DensityModel{T}.NoiseFeatures"/>], a block of normal numbers: the base point, with one more number for each category.</param>
    /// <param name="conditions">[rows, C] or a shared row; "no variable" for none.</param>
    /// <param name="coordinates">In which coordinates points are wanted, for all factors; null for those of the options.</param>
    /// <returns>The results.</returns>
    /// <exception cref="ArgumentException">A shape is not the pdf's.</exception>
    public PdfDraw<T> Draw(Variable<T> z, Variable<T> conditions, Coordinates? coordinates = null)
    {
        var x = DrawCore(z, conditions, coordinates, out var logDet);
        var basePoint = BasePointOf(z);
        return new PdfDraw<T>(x, basePoint, z.NormalLogDensity() - logDet, basePoint.IsNone ? default : basePoint.NormalLogDensity());
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => DrawCore(z, conditions, null, out logDet);

    /// <summary>
    /// The base point; of a category the normal number in the middle of those that draw its class. Its log|det| makes ln p(x) = ln p(z) + log|det|, in rows
    /// outside the support −∞.
    /// </summary>
    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var evaluation = EvaluateCore(x, ref conditions, null, withNoise: true, onlyLast: false, out var noise, out _);
        var inside = evaluation.IsInside.Where(noise, x.Tape!.Constant(T.Zero));
        logDet = evaluation.IsInside.Where(evaluation.LogDensity - inside.NormalLogDensity(), evaluation.LogDensity);
        return evaluation.IsInside.Where(noise, x.Tape!.Constant(T.NaN));
    }

    /// <summary>The logarithm of the Poisson mean λ of the number of events.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="conditions">[rows, C] or a shared row; "no variable" for none.</param>
    /// <returns>[rows, 1], or shared [1, 1] without a condition.</returns>
    /// <exception cref="ArgumentException">The conditions have other columns.</exception>
    /// <exception cref="InvalidOperationException">The pdf has none: <see cref="PdfOptions.PredictsLogMean"/>.</exception>
    public Variable<T> LogMeanPoisson(Tape<T> tape, Variable<T> conditions = default)
    {
        ArgumentNullException.ThrowIfNull(tape);
        ThrowIfDisposed();
        if (!Options.PredictsLogMean)
            throw new InvalidOperationException($"Expected a pdf made with {nameof(PdfOptions.PredictsLogMean)}, got one without.");
        conditions = ReadConditions(conditions);
        var joint = _logMean is not null || _logMeanNetwork is not null ? default
            : _outer is not null || _freshVector.Length > 0 ? Outer(conditions) : _factors[0].Network!.Apply(_factors[0].Known(conditions, default));
        return LogMean(tape, conditions, joint);
    }

    /// <inheritdoc cref="DensityModel{T}.ConvertTo"/>
    public new Pdf<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var copy = new Pdf<TOther>(new PdfParts<TOther>(Definition, Options), device ?? Device);
        for (var i = 0; i < _own.Length; i++)
            _own[i].CopyTo(copy._own[i]);
        return copy;
    }

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) => ConvertTo<TOther>(device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing && !_isJoined)
            Parameters.Dispose();
    }

    void IJoinedPart<T>.Join(ParameterStore<T> store) => (_parameters, _isJoined) = (store, true);

    /// <summary>Throws where the pdf is a part of another model.</summary>
    internal void ThrowIfJoined()
    {
        if (_isJoined)
            throw new InvalidOperationException("The pdf is a part of another model already.");
    }

    private static Variable<T> LogOf(Tape<T> tape, Manifold manifold, Variable<T> state, Variable<T> logDet)
    {
        if (manifold.Kind == ManifoldKind.Euclidean)
            return TangentRules.Sum(state.NormalLogDensity(), logDet);
        var logUniform = T.CreateTruncating(manifold.LogUniform);
        return logDet.IsNone ? tape.Constant(logUniform) : logDet + logUniform;
    }

    /// <summary>ln p of points and ln λ of their conditions, networks that give both applied once.</summary>
    internal PdfEvaluation<T> EvaluateWithLogMean(Variable<T> x, Variable<T> conditions, out Variable<T> logMean)
    {
        var evaluation = EvaluateCore(x, ref conditions, null, withNoise: false, onlyLast: false, out _, out var joint);
        logMean = LogMean(x.Tape!, conditions, joint);
        return evaluation;
    }

    // Of a number of its own, a network of its own, or the last of the columns that the first factor's or the outer network gave.
    private Variable<T> LogMean(Tape<T> tape, Variable<T> conditions, Variable<T> joint)
    {
        if (_logMean is not null)
            return tape.Use(_logMean);
        return _logMeanNetwork is { Inputs: var inputs }
            ? _logMeanNetwork.Apply(tape.AsBlock(conditions.Columns == inputs ? conditions : conditions.Slice(0, inputs)))
            : joint.Slice(joint.Columns - 1, 1);
    }

    // All numbers of the rows, of the outer network or brought by the rows themselves; "no variable" where factors have theirs.
    private Variable<T> Outer(Variable<T> conditions) => _outer is not null ? _outer.Apply(conditions.Tape!.AsBlock(conditions))
        : _freshVector.Length == 0 ? default
        : _freshVector.Length == ConditionColumns ? conditions
        : conditions.Slice(ConditionColumns - _freshVector.Length, _freshVector.Length);

    /// <summary>As <see cref="Evaluate(Variable{T}, Variable{T}, Coordinates?, bool, bool)"/>, with the random numbers that draw x where they are wanted, of any value in rows outside; the conditions become those that networks read.</summary>
    private PdfEvaluation<T> EvaluateCore(
        Variable<T> x, ref Variable<T> conditions, Coordinates? coordinates, bool withNoise, bool onlyLast, out Variable<T> noise, out Variable<T> joint)
    {
        var tape = Checked(x, ColumnsIn(coordinates), ref conditions);
        var links = _factors.Length > 1 ? tape.Allocate(_linkColumns) : default;
        var outer = Outer(conditions);
        var logs = _factors.Length > 1 ? tape.Allocate(_factors.Length) : default;
        joint = outer;
        noise = withNoise ? tape.Allocate(NoiseFeatures) : default;
        var isInside = default(Variable<T>);
        var column = 0;
        for (var k = 0; k < _factors.Length; k++)
        {
            var (factor, which) = (_factors[k], coordinates ?? _factors[k].Coordinates);
            var point = ManifoldChart<T>.ToState(factor.Manifold, x.Slice(column, factor.ColumnsIn(which)), which);
            column += factor.ColumnsIn(which);
            isInside = isInside.IsNone ? point.IsInside : ManifoldChart<T>.Both(isInside, point.IsInside);
            var parameters = factor.ParameterColumns(conditions, links, outer);
            joint = joint.IsNone && k == 0 ? parameters : joint;
            var state = factor.Chain.Evaluate(point.State, factor.Own, parameters, factor.ParameterStart, out var logDet, onlyLast ? 1 : int.MaxValue);
            var log = LogOf(tape, factor.Manifold, state, TangentRules.Sum(logDet, point.LogMeasure));
            if (logs.IsNone)
                logs = log;
            else
                tape.CopyInto(log, logs.Slice(k, 1));
            if (withNoise)
            {
                var ofFactor = factor.Manifold.Kind == ManifoldKind.Category ? MiddleOf(factor, parameters, state) : BaseChart<T>.ToBase(factor.Manifold, state);
                tape.CopyInto(ofFactor, noise.Slice(factor.NoiseStart, factor.Manifold.NoiseColumns));
            }

            if (k < _factors.Length - 1)
                tape.CopyInto(ManifoldChart<T>.Link(factor.Manifold, point.State), links.Slice(factor.LinksBefore, factor.Manifold.LinkColumns));
        }

        // A row outside has −∞, one of NaN has NaN, and neither has a gradient.
        var isNumber = ManifoldChart<T>.All(x.Equal(x));
        var outside = isNumber.Where(tape.Constant(T.NegativeInfinity), tape.Constant(T.NaN));
        var basePoint = noise.IsNone ? default : BasePointOf(noise);
        var logBase = basePoint.IsNone ? default : isInside.Where(basePoint.NormalLogDensity(), outside);
        var ofFactors = isInside.Where(logs, outside);
        return new PdfEvaluation<T>(
            _factors.Length > 1 ? isInside.Where(logs.SumColumns(), outside) : ofFactors, ofFactors,
            basePoint.IsNone ? default : isInside.Where(basePoint, tape.Constant(T.NaN)), logBase, isInside);
    }

    // The noise without the numbers that draw classes.
    private Variable<T> BasePointOf(Variable<T> noise) =>
        BaseColumns == 0 ? default : _basePoint is null ? noise : _basePoint.Apply(noise);

    // Φ⁻¹ of the middle of a class's share.
    private static Variable<T> MiddleOf(PdfFactor<T> factor, Variable<T> parameters, Variable<T> state)
    {
        var (tape, classes) = (state.Tape!, factor.Manifold.Dimension);
        var logits = factor.Own is { } own ? tape.Use(own[0]) : parameters.Slice(factor.ParameterStart, classes);
        var probabilities = tape.StopGradient(logits).SoftmaxSegments(classes);
        var middles = probabilities.CumulativeSum(classes) - (probabilities * T.CreateTruncating(0.5));
        return (ManifoldChart<T>.OneHot(factor.Manifold, state) * middles).SumColumns().Probit();
    }

    private Variable<T> DrawCore(Variable<T> z, Variable<T> conditions, Coordinates? coordinates, out Variable<T> logDet)
    {
        var tape = Checked(z, NoiseFeatures, ref conditions);
        var links = _factors.Length > 1 ? tape.Allocate(_linkColumns) : default;
        var outer = Outer(conditions);
        var x = tape.Allocate(ColumnsIn(coordinates));
        logDet = default;
        var column = 0;
        for (var k = 0; k < _factors.Length; k++)
        {
            var (factor, which) = (_factors[k], coordinates ?? _factors[k].Coordinates);
            var noise = z.Columns == factor.Manifold.NoiseColumns ? z : z.Slice(factor.NoiseStart, factor.Manifold.NoiseColumns);
            var parameters = factor.ParameterColumns(conditions, links, outer);
            var state = factor.Chain.Sample(
                BaseChart<T>.FromBase(factor.Manifold, noise), factor.Own, parameters, factor.ParameterStart, out var ofChain);
            var point = ManifoldChart<T>.FromState(factor.Manifold, state, which, out var logMeasure);
            tape.CopyInto(point, x.Slice(column, factor.ColumnsIn(which)));
            column += factor.ColumnsIn(which);
            if (k < _factors.Length - 1)
                tape.CopyInto(ManifoldChart<T>.Link(factor.Manifold, state), links.Slice(factor.LinksBefore, factor.Manifold.LinkColumns));

            // ln p = ln φ(z) − log|det ∂x/∂z|; on R^D the normal density cancels.
            var ofFactor = TangentRules.Sum(ofChain, logMeasure);
            if (factor.Manifold.Kind != ManifoldKind.Euclidean)
                ofFactor = LogOf(tape, factor.Manifold, state, ofFactor) - noise.NormalLogDensity();
            logDet = TangentRules.Sum(logDet, ofFactor);
        }

        logDet = logDet.IsNone ? tape.Zeros(1) : -tape.AsBlock(logDet);
        return x;
    }

    private Tape<T> Checked(Variable<T> x, int columns, ref Variable<T> conditions)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        if (x.Columns != columns || !x.IsBlock)
            throw new ArgumentException($"Expected a block of {columns} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        conditions = ReadConditions(conditions);
        return tape;
    }

    // As networks read them.
    private Variable<T> ReadConditions(Variable<T> conditions) => ConditionColumns == 0 ? default
        : conditions.Columns == ConditionColumns && (conditions.IsBlock || conditions.Rows == 1) ? _conditionScale.Apply(conditions.Tape!, conditions)
        : throw new ArgumentException($"Expected conditions of {ConditionColumns} columns, got {OperandChecks.Shape(conditions)}.", nameof(conditions));
}
