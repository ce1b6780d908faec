using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>What a chart makes of given points of one manifold.</summary>
/// <param name="State">The state of layers; a legal stand-in in rows outside the support.</param>
/// <param name="IsInside">[rows, 1]: 1 in rows of the support, 0 in others.</param>
/// <param name="LogMeasure">[rows, 1]: what the coordinates add to the log-density in the manifold's own measure; "no variable" for zero.</param>
internal readonly record struct ChartedPoint<T>(Variable<T> State, Variable<T> IsInside, Variable<T> LogMeasure)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
