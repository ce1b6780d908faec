using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>The right side of an ordinary differential equation, dy/dt = f(y, t), of operations of the tape: a structure that holds the variables it depends on.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal interface IVectorField<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(y, t), row by row.</summary>
    /// <param name="state">y, [rows, D], a block.</param>
    /// <param name="time">t, the same for all rows.</param>
    /// <returns>[rows, D].</returns>
    Variable<T> Derivative(Variable<T> state, double time);
}
