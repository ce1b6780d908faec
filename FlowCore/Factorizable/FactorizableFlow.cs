using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Factorizable;

/// <summary>
/// p(x | c, ν): a residual maps observed features to nominal ones, where a frozen base, any density, knows what to expect:
/// ln p(x | c, ν) = ln p_base(r(x; c, ν) | c) + log|det ∂r/∂x|.
/// </summary>
/// <remarks>
/// At the central ν the residual is the identity, so the density is the base's, to the bit. The base's parameters are in a
/// store of their own that no gradient reaches; <see cref="Parameters"/> holds the residual's alone.
/// <para>
/// A residual can stand behind the chart of the base, the fixed coordinates of order one that the base brings the data to first: x is charted,
/// then comes the residual, then the rest of the base. Networks expect such numbers, so <see cref="FactorizableFlows.WithNuisances"/> does so where the base has a chart.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class FactorizableFlow<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _ownsBase;
    private readonly ResidualMap<T> _toNominal;
    private readonly ResidualMap<T> _fromNominal;
    private readonly LocalResponseMap<T> _localResponse;
    private readonly Transform<T>? _chart;
    private readonly Transform<T>[] _behind = [];

    /// <summary>Puts a residual in front of a density and takes the residual's parameters in.</summary>
    /// <param name="baseModel">The density at the central ν. It is read, never changed.</param>
    /// <param name="residual">The residual; its parameters must not belong to another model.</param>
    /// <param name="ownsBase">Whether disposing this model disposes the base as well.</param>
    /// <param name="behindChart">Whether the residual stands behind the base's chart, which it then has.</param>
    /// <exception cref="ArgumentException">The features differ, or both read a context and of different sizes, or the base has no chart.</exception>
    public FactorizableFlow(DensityModel<T> baseModel, PolynomialResidual<T> residual, bool ownsBase = false, bool behindChart = false)
        : base(
            Checked(baseModel, residual).Device, baseModel.Features, Math.Max(baseModel.ConditionColumns, residual.ContextFeatures), residual.Nuisances)
    {
        Base = baseModel;
        Residual = residual;
        _ownsBase = ownsBase;
        if (behindChart)
        {
            (_chart, _behind) = FactorizableFlows.TakeChartOut(baseModel)
                ?? throw new ArgumentException("Expected a base that standardises its features first, got one that does not.", nameof(baseModel));
        }

        Parameters = new ParameterStore<T>(Device, residual.Parameters);
        _toNominal = new ResidualMap<T>(this, inverse: false);
        _fromNominal = new ResidualMap<T>(this, inverse: true);
        _localResponse = new LocalResponseMap<T>(this);
    }

    /// <summary>The frozen density at the central ν.</summary>
    public DensityModel<T> Base { get; }

    /// <summary>The map from observed to nominal features, in the coordinates of the chart where it stands behind one.</summary>
    public PolynomialResidual<T> Residual { get; }

    /// <summary>Whether the residual stands behind the base's chart.</summary>
    public bool IsBehindChart => _chart is not null;

    /// <summary>The residual's parameters.</summary>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => Base.BaseDistribution;

    /// <inheritdoc/>
    public override int BlockRows => Base.BlockRows;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        if (_chart is not null)
        {
            var z = ToNoise(x, conditions, out var logDetOfAll);
            return Result(LogDets.Add(x.Tape!, Base.NoiseLogDensity(z, BaseConditions(conditions)), logDetOfAll));
        }

        var nominal = Residual.Forward(x, ResidualConditions(conditions), out var logDet);
        return Result(LogDets.Add(x.Tape!, Base.LogDensity(nominal, BaseConditions(conditions)), logDet));

        Variable<T> Result(Variable<T> logDensity) => Base is Flow<T> { HasOutside: true } ? LogDets.WithoutGradientOutside(logDensity) : logDensity;
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        if (_chart is not null)
        {
            // The order of the sum is the base's, so that with a residual of log|det J| = 0 the bits are.
            var y = _chart.Forward(x, out logDet);
            y = Residual.Forward(y, ResidualConditions(conditions), out var ofResidual);
            logDet = LogDets.Add(x.Tape!, logDet, ofResidual);
            foreach (var part in _behind)
            {
                y = part.Forward(y, Transform<T>.Leading(conditions, part.ConditionColumns), out var ofPart);
                logDet = LogDets.Add(x.Tape!, logDet, ofPart);
            }

            return y;
        }

        var nominal = Residual.Forward(x, ResidualConditions(conditions), out var residualLogDet);
        var z = Base.ToNoise(nominal, BaseConditions(conditions), out var baseLogDet);
        logDet = LogDets.Add(x.Tape!, residualLogDet, baseLogDet);
        return z;
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        if (_chart is not null)
        {
            var y = z;
            logDet = default;
            for (var i = _behind.Length - 1; i >= 0; i--)
            {
                y = _behind[i].Inverse(y, Transform<T>.Leading(conditions, _behind[i].ConditionColumns), out var ofPart);
                logDet = LogDets.Add(z.Tape!, logDet, ofPart);
            }

            y = Residual.Inverse(y, ResidualConditions(conditions), out var ofResidual);
            logDet = LogDets.Add(z.Tape!, logDet, ofResidual);
            var charted = _chart.Inverse(y, out var ofChart);
            logDet = LogDets.Add(z.Tape!, logDet, ofChart);
            return charted;
        }

        var nominal = Base.FromNoise(z, BaseConditions(conditions), out var baseLogDet);
        var x = Residual.Inverse(nominal, ResidualConditions(conditions), out var residualLogDet);
        logDet = LogDets.Add(z.Tape!, baseLogDet, residualLogDet);
        return x;
    }

    /// <summary>Maps observed to nominal features; through a chart and back where the residual stands behind one. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all.</param>
    /// <param name="nominal">Receives [n, D].</param>
    /// <param name="logDet">Receives log|det ∂nominal/∂x|, n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void ToNominal(ReadOnlySpan<T> x, Conditions<T> conditions, Span<T> nominal, Span<T> logDet) =>
        Map(_toNominal, x, conditions, nominal, logDet, nameof(x));

    /// <summary>Maps nominal to observed features. Allocates nothing once warm.</summary>
    /// <param name="nominal">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDet">Receives log|det ∂x/∂nominal|, n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void FromNominal(ReadOnlySpan<T> nominal, Conditions<T> conditions, Span<T> x, Span<T> logDet) =>
        Map(_fromNominal, nominal, conditions, x, logDet, nameof(nominal));

    /// <summary>Maps observed to nominal features.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows.</param>
    /// <returns>The nominal features [n, D] and log|det ∂nominal/∂x| [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> Nominal, Tensor<T> LogDet) ToNominal(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances) =>
        Map(_toNominal, TensorRows.Of(x, Features, nameof(x)), Rows(context, nuisances));

    /// <summary>Maps nominal to observed features.</summary>
    /// <param name="nominal">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows.</param>
    /// <returns>The observed features [n, D] and log|det ∂x/∂nominal| [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> X, Tensor<T> LogDet) FromNominal(
        in ReadOnlyTensorSpan<T> nominal, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances) =>
        Map(_fromNominal, TensorRows.Of(nominal, Features, nameof(nominal)), Rows(context, nuisances));

    /// <summary>The residual at given points as a scale and a shift of each feature, with the additive and the cross part; in the chart's coordinates where it stands behind one.</summary>
    /// <param name="x">Observed features [n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows.</param>
    /// <returns>Log-scales and shifts.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public LocalResponses<T> LocalResponse(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances)
    {
        var rows = TensorRows.Of(x, Features, nameof(x));
        var count = rows.Length / Features;
        var all = new T[checked(count * _localResponse.Columns)];
        RunMap(_localResponse, count, rows, Rows(context, nuisances), all, default);
        var groups = new Tensor<T>[LocalResponseMap<T>.Groups];
        for (var group = 0; group < groups.Length; group++)
        {
            var part = new T[rows.Length];
            for (var row = 0; row < count; row++)
                all.AsSpan((row * _localResponse.Columns) + (group * Features), Features).CopyTo(part.AsSpan(row * Features));

            groups[group] = Tensor.Create(part, [count, Features]);
        }

        return new LocalResponses<T>(groups[0], groups[1], groups[2], groups[3], groups[4], groups[5]);
    }

    /// <summary>A copy of its own with the same numbers, base included, possibly in another precision and on another device.</summary>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="device">Where the copy computes; null for the same device.</param>
    /// <returns>The copy; it shares nothing with this model and owns its base.</returns>
    public new FactorizableFlow<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        new(Base.ConvertTo<TOther>(device), Residual.ConvertTo<TOther>(), ownsBase: true, IsBehindChart);

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) => ConvertTo<TOther>(device);

    /// <summary>The conditions of the residual: the context's columns, where it reads them, and the nuisances.</summary>
    internal Variable<T> ResidualConditions(Variable<T> conditions) =>
        Residual.ContextFeatures == ContextFeatures ? conditions : conditions.Slice(ContextFeatures, Nuisances);

    /// <summary>The residual of features, there or back.</summary>
    internal Variable<T> MapResidual(Variable<T> x, Variable<T> conditions, bool inverse, out Variable<T> logDet)
    {
        var tape = x.Tape!;
        Variable<T> chartLogDet = default;
        var y = _chart is null ? x : _chart.Forward(x, out chartLogDet);
        y = inverse ? Residual.Inverse(y, ResidualConditions(conditions), out logDet) : Residual.Forward(y, ResidualConditions(conditions), out logDet);
        if (_chart is null)
            return y;
        logDet = LogDets.Add(tape, chartLogDet, logDet);
        var back = _chart.Inverse(y, out var backLogDet);
        logDet = LogDets.Add(tape, logDet, backLogDet);
        return back;
    }

    /// <summary>The features in the coordinates of the residual.</summary>
    internal Variable<T> Charted(Variable<T> x) => _chart is null ? x : _chart.Forward(x, out _);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        Parameters.Dispose();
        if (_ownsBase)
            Base.Dispose();
    }

    private static DensityModel<T> Checked(DensityModel<T> baseModel, PolynomialResidual<T> residual)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        ArgumentNullException.ThrowIfNull(residual);
        if (residual.Features != baseModel.Features)
            throw new ArgumentException($"Expected a residual of the base's {baseModel.Features} features, got one of {residual.Features}.", nameof(residual));
        residual.CheckContext(baseModel, nameof(residual));
        return baseModel;
    }

    private protected override void ThrowIfDisposed()
    {
        base.ThrowIfDisposed();
        ThrowIfDisposed(Base);
    }

    private Variable<T> BaseConditions(Variable<T> conditions) => Transform<T>.Leading(conditions, Base.ConditionColumns);

    private void Map(
        IBlockMap<T> map, ReadOnlySpan<T> source, Conditions<T> conditions, Span<T> destination, Span<T> logDet, string name)
    {
        var rows = RowsOf(source, Features, name);
        CheckLength(destination.Length, source.Length, nameof(destination));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        RunMap(map, rows, source, conditions, destination, logDet);
    }

    private (Tensor<T> Values, Tensor<T> LogDet) Map(IBlockMap<T> map, ReadOnlySpan<T> source, Conditions<T> conditions)
    {
        var values = new T[source.Length];
        var logDet = new T[source.Length / Features];
        RunMap(map, logDet.Length, source, conditions, values, logDet);
        return (Tensor.Create(values, [logDet.Length, Features]), Tensor.Create(logDet, [logDet.Length]));
    }
}
