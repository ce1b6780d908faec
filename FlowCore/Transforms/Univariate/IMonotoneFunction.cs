using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>An increasing function of one number, for <see cref="MonotoneSolver{T}"/>: a structure that holds the variables it depends on.</summary>
/// <typeparam name="T">The number type.</typeparam>
public interface IMonotoneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Where x lives.</summary>
    Axis Domain { get; }

    /// <summary>f(x) and ln f'(x), number by number, of operations of the tape.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="logSlope">[rows, D], or shared [1, D]; "no variable" for zero.</param>
    /// <returns>[rows, D].</returns>
    Variable<T> Evaluate(Variable<T> x, out Variable<T> logSlope);
}
