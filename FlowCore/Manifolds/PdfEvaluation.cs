using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>What a pdf says of the points of a block.</summary>
/// <param name="LogDensity">ln p, [rows, 1], per unit of the coordinates' measure.</param>
/// <param name="FactorLogDensities">ln p of every factor given those before it, [rows, factors].</param>
/// <param name="BasePoint">The Gaussian base point, [rows, base columns], NaN in rows outside the support; "no variable" where it was not asked for.</param>
/// <param name="LogBase">ln of the normal density of the base point, [rows, 1], −∞ in rows outside; "no variable" where it was not asked for.</param>
/// <param name="IsInside">[rows, 1]: 1 in rows of the support, 0 in others.</param>
/// <typeparam name="T">The number type.</typeparam>
public readonly record struct PdfEvaluation<T>(
    Variable<T> LogDensity, Variable<T> FactorLogDensities, Variable<T> BasePoint, Variable<T> LogBase, Variable<T> IsInside)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
