using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>What a pdf makes of random numbers.</summary>
/// <param name="X">The points, [rows, columns of the coordinates].</param>
/// <param name="BasePoint">The Gaussian base point, [rows, base columns].</param>
/// <param name="LogDensity">ln p, [rows, 1], per unit of the coordinates' measure.</param>
/// <param name="LogBase">ln of the normal density of the base point, [rows, 1].</param>
/// <typeparam name="T">The number type.</typeparam>
public readonly record struct PdfDraw<T>(Variable<T> X, Variable<T> BasePoint, Variable<T> LogDensity, Variable<T> LogBase)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
