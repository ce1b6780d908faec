using System.Numerics;
using FlowCore.Distributions;

namespace FlowCore.Flows;

/// <summary>A kind of flow that is made in one line.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Create">Makes a fresh one, of the features, at least 2 for couplings, the context columns, the seed and the device.</param>
/// <param name="TakesContext">Whether there may be a context.</param>
/// <param name="IsClosed">Whether both directions are closed formulas; otherwise one of them is solved for.</param>
/// <param name="IsOfAngles">Whether its features are angles in [−π, π].</param>
public sealed record ReadyMadeFlow<T>(
    string Name, Func<int, int, ulong, Device?, Flow<T>> Create, bool TakesContext = true, bool IsClosed = true, bool IsOfAngles = false)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
