using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>An increasing map of the unit interval onto itself, of u with 1 − u beside it, whose raw numbers somebody gives.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal interface IUnitMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many raw numbers there are.</summary>
    int ParameterCount { get; }

    /// <summary>Evaluation or sampling.</summary>
    /// <param name="u">u, [rows, 1].</param>
    /// <param name="rest">1 − u, [rows, 1].</param>
    /// <param name="numbers">The raw numbers, [rows, columns] or shared; "no variable" where there are none.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="sample">The direction.</param>
    /// <param name="logSlope">ln of the slope of the evaluation, [rows, 1]; "no variable" for zero.</param>
    /// <returns>The image and 1 minus it.</returns>
    (Variable<T> U, Variable<T> Remainder) Apply(Variable<T> u, Variable<T> rest, Variable<T> numbers, int start, bool sample, out Variable<T> logSlope);

    /// <summary>Sets fresh numbers.</summary>
    /// <param name="numbers">Receives <see cref="ParameterCount"/> numbers.</param>
    /// <param name="stream">Where random ones come from.</param>
    void Fresh(Span<double> numbers, RandomStream stream);
}
