using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Inference;

/// <summary>F of an expectation I = E F(x), x drawn from a model: recorded on the tape, so I has gradients by parameters, context and nuisances.</summary>
/// <remarks>
/// It takes a <see cref="TapeSample{T}"/>, never an array: rows that were drawn before know nothing of the parameters, and the gradient of a mean over them is not that of the
/// expectation. <see cref="RowFunctional"/> has the usual ones and makes one of a function. Thread-safe: several workers record at once, each on its own tape.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public interface IRowFunctional<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers F has for each row, at least 1.</summary>
    int Columns { get; }

    /// <summary>Records F of each row of a block.</summary>
    /// <param name="sample">The rows and what the model knows of them.</param>
    /// <returns>[rows, <see cref="Columns"/>].</returns>
    Variable<T> Evaluate(in TapeSample<T> sample);
}
