using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Transforms;

namespace FlowCore.Factorizable;

/// <summary>
/// p(x | c, ν): a residual maps observed features to nominal ones, where a frozen base flow knows the density:
/// ln p(x | c, ν) = ln p_base(r(x; c, ν) | c) + log|det ∂r/∂x|.
/// </summary>
/// <remarks>
/// At the central ν the residual is the identity, so the density is the base's, to the bit. The base's parameters are in a
/// store of their own that no gradient reaches; <see cref="Parameters"/> holds the residual's alone.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class FactorizableFlow<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _ownsBase;
    private readonly ResidualMap<T> _toNominal;
    private readonly ResidualMap<T> _fromNominal;
    private readonly LocalResponseMap<T> _localResponse;

    /// <summary>Puts a residual on a base flow and takes the residual's parameters in.</summary>
    /// <param name="baseFlow">The density at the central ν. It is read, never changed.</param>
    /// <param name="residual">The residual; its parameters must not belong to another model.</param>
    /// <param name="ownsBase">Whether disposing this model disposes the base as well.</param>
    /// <exception cref="ArgumentException">The features differ, or both read a context and of different sizes.</exception>
    public FactorizableFlow(Flow<T> baseFlow, PolynomialResidual<T> residual, bool ownsBase = false)
        : base(
            Checked(baseFlow, residual).Device, baseFlow.Features, Math.Max(baseFlow.ContextFeatures, residual.ContextFeatures), residual.Nuisances)
    {
        Base = baseFlow;
        Residual = residual;
        _ownsBase = ownsBase;
        Parameters = new ParameterStore<T>(Device, residual.Parameters);
        _toNominal = new ResidualMap<T>(residual, inverse: false);
        _fromNominal = new ResidualMap<T>(residual, inverse: true);
        _localResponse = new LocalResponseMap<T>(residual);
    }

    /// <summary>The frozen density at the central ν.</summary>
    public Flow<T> Base { get; }

    /// <summary>The map from observed to nominal features.</summary>
    public PolynomialResidual<T> Residual { get; }

    /// <summary>The residual's parameters.</summary>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    protected internal override BaseDistribution<T> Noise => Base.Base;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances)
    {
        var nominal = Residual.Forward(tape, x, context, nuisances, out var logDet);
        return Composition<T>.AddLogDets(tape, Base.LogDensity(tape, nominal, BaseContext(context), default), logDet);
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        var nominal = Residual.Forward(tape, x, context, nuisances, out var residualLogDet);
        var z = Base.ToNoise(tape, nominal, BaseContext(context), default, out var baseLogDet);
        logDet = Composition<T>.AddLogDets(tape, residualLogDet, baseLogDet);
        return z;
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Tape<T> tape, Variable<T> z, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet)
    {
        var nominal = Base.FromNoise(tape, z, BaseContext(context), default, out var baseLogDet);
        var x = Residual.Inverse(tape, nominal, context, nuisances, out var residualLogDet);
        logDet = Composition<T>.AddLogDets(tape, baseLogDet, residualLogDet);
        return x;
    }

    /// <summary>Maps observed to nominal features. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows.</param>
    /// <param name="nominal">Receives [n, D].</param>
    /// <param name="logDet">Receives log|det ∂nominal/∂x|, n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void ToNominal(ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> nominal, Span<T> logDet) =>
        Map(_toNominal, x, context, nuisances, nominal, logDet, nameof(x));

    /// <summary>Maps nominal to observed features. Allocates nothing once warm.</summary>
    /// <param name="nominal">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDet">Receives log|det ∂x/∂nominal|, n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void FromNominal(ReadOnlySpan<T> nominal, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> x, Span<T> logDet) =>
        Map(_fromNominal, nominal, context, nuisances, x, logDet, nameof(nominal));

    /// <summary>Maps observed to nominal features.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows.</param>
    /// <returns>The nominal features [n, D] and log|det ∂nominal/∂x| [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> Nominal, Tensor<T> LogDet) ToNominal(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances) =>
        Map(_toNominal, TensorRows.Of(x, Features, nameof(x)), Context(context), NuisanceRows(nuisances));

    /// <summary>Maps nominal to observed features.</summary>
    /// <param name="nominal">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows.</param>
    /// <returns>The observed features [n, D] and log|det ∂x/∂nominal| [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> X, Tensor<T> LogDet) FromNominal(
        in ReadOnlyTensorSpan<T> nominal, in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances) =>
        Map(_fromNominal, TensorRows.Of(nominal, Features, nameof(nominal)), Context(context), NuisanceRows(nuisances));

    /// <summary>The residual at given points as a scale and a shift of each feature, with the additive and the cross part.</summary>
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
        RunMap(_localResponse, count, rows, Context(context), NuisanceRows(nuisances), all, default);
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
    public FactorizableFlow<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        new(Base.ConvertTo<TOther>(device), Residual.ConvertTo<TOther>(), ownsBase: true);

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

    private static Flow<T> Checked(Flow<T> baseFlow, PolynomialResidual<T> residual)
    {
        ArgumentNullException.ThrowIfNull(baseFlow);
        ArgumentNullException.ThrowIfNull(residual);
        if (residual.Features != baseFlow.Features)
            throw new ArgumentException($"Expected a residual of the base's {baseFlow.Features} features; one of {residual.Features} came.", nameof(residual));
        if (residual.ContextFeatures != 0 && baseFlow.ContextFeatures != 0 && residual.ContextFeatures != baseFlow.ContextFeatures)
        {
            throw new ArgumentException(
                $"Expected a residual of the base's {baseFlow.ContextFeatures} context columns; one of {residual.ContextFeatures} came.", nameof(residual));
        }

        return baseFlow;
    }

    private Variable<T> BaseContext(Variable<T> context) => Base.ContextFeatures == 0 ? default : context;

    private void Map(
        IBlockMap<T> map, ReadOnlySpan<T> source, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> destination, Span<T> logDet, string name)
    {
        var rows = RowsOf(source, name);
        CheckLength(destination.Length, source.Length, nameof(destination));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        RunMap(map, rows, source, context, nuisances, destination, logDet);
    }

    private (Tensor<T> Values, Tensor<T> LogDet) Map(IBlockMap<T> map, ReadOnlySpan<T> source, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances)
    {
        var values = new T[source.Length];
        var logDet = new T[source.Length / Features];
        RunMap(map, logDet.Length, source, context, nuisances, values, logDet);
        return (Tensor.Create(values, [logDet.Length, Features]), Tensor.Create(logDet, [logDet.Length]));
    }
}
