using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>Records F of the rows of a sample.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="sample">The rows.</param>
/// <returns>[rows, columns].</returns>
public delegate Variable<T> RowFunction<T>(in TapeSample<T> sample)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
