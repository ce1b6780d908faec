using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Transforms;

namespace FlowCore.Manifolds;

/// <summary>
/// p(x | c, ν) on a product of manifolds: a frozen pdf leads to its Gaussian base point z, and a residual in ν moves z:
/// ln p(x | c, ν) = ln p_base(x | c) + ln φ(r(z; c, ν)) − ln φ(z) + ln|det ∂r/∂z|.
/// </summary>
/// <remarks>
/// <para>
/// The base point is a chart of the whole space in which nominal events are normal numbers, so one residual serves circles, spheres, intervals and simplices,
/// and draws of every ν lie in the support. At the central ν the residual is the identity and the density is the base's, to the bit. The base's parameters are
/// in a store of their own that no gradient reaches.
/// </para>
/// <para>
/// The base point of a sphere has one point at infinity, the pole that stands for U = 0; a trained base puts it where no events are.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class FactorizablePdf<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _ownsBase;

    /// <summary>Puts a residual behind a pdf and takes the residual's parameters in.</summary>
    /// <param name="baseModel">The pdf at the central ν, without categories. It is read, never changed.</param>
    /// <param name="residual">A residual of as many features as the base point has; its parameters must not belong to another model.</param>
    /// <param name="ownsBase">Whether disposing this model disposes the base as well.</param>
    /// <exception cref="ArgumentException">The pdf has categories, the features differ, or both read a context and of different sizes.</exception>
    public FactorizablePdf(Pdf<T> baseModel, PolynomialResidual<T> residual, bool ownsBase = false)
        : base(Checked(baseModel, residual).Device, baseModel.Features, Math.Max(baseModel.ConditionColumns, residual.ContextFeatures), residual.Nuisances)
    {
        (Base, Residual, _ownsBase) = (baseModel, residual, ownsBase);
        Parameters = new ParameterStore<T>(Device, residual.Parameters);
    }

    /// <summary>The frozen pdf at the central ν.</summary>
    public Pdf<T> Base { get; }

    /// <summary>The map from base points of observed events to those of nominal ones.</summary>
    public PolynomialResidual<T> Residual { get; }

    /// <summary>The residual's parameters.</summary>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => Base.BaseDistribution;

    /// <summary>A fresh residual on a pdf: the pdf itself for every ν until it is trained.</summary>
    /// <param name="baseModel">The pdf at the central ν, without categories. It is read, never changed.</param>
    /// <param name="nuisances">K, at least 1.</param>
    /// <param name="settings">What else to say about the residual, its features and nuisances apart; null for the defaults, which read no context.</param>
    /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
    /// <returns>The model, to be trained on templates.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or the pdf has categories.</exception>
    public static FactorizablePdf<T> Of(Pdf<T> baseModel, int nuisances, PolynomialResidualSettings? settings = null, bool ownsBase = false)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        settings = (settings ?? new PolynomialResidualSettings { Features = 1, Nuisances = 1 }) with { Features = Math.Max(1, baseModel.BaseColumns), Nuisances = nuisances };
        return new FactorizablePdf<T>(baseModel, new PolynomialResidual<T>(settings), ownsBase);
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default)
    {
        var (z, moved, ofResidual, evaluation) = Move(x, conditions);
        return evaluation.IsInside.Where(evaluation.LogDensity + ((moved.NormalLogDensity() - z.NormalLogDensity()) + ofResidual), evaluation.LogDensity);
    }

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var (z, moved, ofResidual, evaluation) = Move(x, conditions);
        logDet = evaluation.IsInside.Where((evaluation.LogDensity - z.NormalLogDensity()) + ofResidual, evaluation.LogDensity);
        return evaluation.IsInside.Where(moved, x.Tape!.Constant(T.NaN));
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var moved = Residual.Inverse(z, ResidualConditions(conditions), out var ofResidual);
        var x = Base.FromNoise(moved, BaseConditions(conditions), out var ofBase);
        logDet = LogDets.Add(z.Tape!, ofResidual, ofBase);
        return x;
    }

    /// <summary>A copy of its own with the same numbers, base included, possibly in another precision and on another device.</summary>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="device">Where the copy computes; null for the same device.</param>
    /// <returns>The copy; it shares nothing with this model and owns its base.</returns>
    public new FactorizablePdf<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        new(Base.ConvertTo<TOther>(device), Residual.ConvertTo<TOther>(), ownsBase: true);

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) => ConvertTo<TOther>(device);

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

    private protected override void ThrowIfDisposed()
    {
        base.ThrowIfDisposed();
        ThrowIfDisposed(Base);
    }

    private static Pdf<T> Checked(Pdf<T> baseModel, PolynomialResidual<T> residual)
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        ArgumentNullException.ThrowIfNull(residual);
        if (baseModel.BaseColumns != baseModel.NoiseFeatures)
            throw new ArgumentException($"Expected a pdf without categories, got \"{baseModel.Definition.ManifoldText}\".", nameof(baseModel));
        if (residual.Features != baseModel.BaseColumns)
            throw new ArgumentException($"Expected a residual of the {baseModel.BaseColumns} columns of the base point, got one of {residual.Features}.", nameof(residual));
        residual.CheckContext(baseModel, nameof(residual));
        return baseModel;
    }

    // A row outside the support stands at the origin, so that no NaN reaches the residual's parameters.
    private (Variable<T> Z, Variable<T> Moved, Variable<T> LogDet, PdfEvaluation<T> Evaluation) Move(Variable<T> x, Variable<T> conditions)
    {
        var evaluation = Base.Evaluate(x, BaseConditions(conditions), withBase: true);
        var z = evaluation.IsInside.Where(evaluation.BasePoint, x.Tape!.Constant(T.Zero));
        var moved = Residual.Forward(z, ResidualConditions(conditions), out var logDet);
        return (z, moved, logDet, evaluation);
    }

    private Variable<T> ResidualConditions(Variable<T> conditions) =>
        Residual.ContextFeatures == ContextFeatures ? conditions : conditions.Slice(ContextFeatures, Nuisances);

    private Variable<T> BaseConditions(Variable<T> conditions) => Transform<T>.Leading(conditions, Base.ConditionColumns);
}
