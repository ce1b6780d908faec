using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>Which component of a mixture a uniform number of a row chooses.</summary>
internal static class ComponentChoice
{
    /// <summary>One for the component in whose part of (0, 1) the place falls, zero for the others; no gradient passes.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="place">A uniform number a row, [rows, 1].</param>
    /// <param name="logits">The weights before the softmax, shared [1, K].</param>
    /// <param name="components">K.</param>
    /// <returns>[rows, K].</returns>
    public static Variable<T> Of<T>(Tape<T> tape, Variable<T> place, Variable<T> logits, int components)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (components == 1)
            return tape.Ones(1);
        var ends = logits.StopGradient().SoftmaxSegments(components).CumulativeSum(components);

        // One from the chosen component on; for the last one it is one whatever its rounded sum of weights.
        var fromChosen = place.Less(ends).Slice(0, components - 1);
        return VariableFunctions.Concatenate(fromChosen, tape.Constant(T.One)) - VariableFunctions.Concatenate(tape.Constant(T.Zero), fromChosen);
    }
}
