using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Fitting;
using FlowCore.Transforms;

namespace FlowCore.Factorizable;

/// <summary>Factorizable flows of fitted densities.</summary>
public static class FactorizableFlows
{
    /// <summary>
    /// A fresh residual on a fitted density: the density itself for every ν until it is trained. Where the density starts with
    /// a chart (a <see cref="SupportChart{T}"/> or a <see cref="Standardization{T}"/>), the residual stands behind it, so that it too works on numbers of order one.
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="baseModel">The density at the central ν. It is read, never changed.</param>
    /// <param name="nuisances">K, at least 1.</param>
    /// <param name="settings">What else to say about the residual, its features and nuisances apart; null for the defaults, which read no context.</param>
    /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
    /// <returns>The model, to be trained on templates.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public static FactorizableFlow<T> WithNuisances<T>(
        this DensityModel<T> baseModel, int nuisances, PolynomialResidualSettings? settings = null, bool ownsBase = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(baseModel);
        settings = (settings ?? new PolynomialResidualSettings { Features = 1, Nuisances = 1 }) with { Features = baseModel.Features, Nuisances = nuisances };
        return new FactorizableFlow<T>(baseModel, new PolynomialResidual<T>(settings), ownsBase, TakeChartOut(baseModel) is not null);
    }

    /// <summary>The fixed coordinates that a density brings its features to first, and what follows; null where it has none.</summary>
    internal static (Transform<T> Chart, Transform<T>[] Behind)? TakeChartOut<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        model is Flow<T> { Transform: Composition<T> { Parts: [SupportChart<T> or Standardization<T>, ..] parts } }
            ? (parts[0], [.. parts.Skip(1)])
            : null;
}
