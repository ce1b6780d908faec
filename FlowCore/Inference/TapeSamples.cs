using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>Draws on a tape: <c>model.DrawOnTape(tape, stream)</c>.</summary>
public static class TapeSamples
{
    /// <summary>Draws a row for each of the tape's block, differentiable in parameters and conditions.</summary>
    /// <remarks>A base distribution that chooses one of several components (a mixture) is differentiable in the components, not in their weights.</remarks>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="tape">The tape, at the begin of a block or anywhere in it.</param>
    /// <param name="stream">Where the noise comes from.</param>
    /// <param name="firstRow">The index of the block's first row; a row depends on stream and index alone, and is that of <c>model.Sample</c>.</param>
    /// <param name="conditions">[rows, C + K], a block or a shared row, possibly a leaf; "no variable" for none.</param>
    /// <returns>The sample.</returns>
    /// <exception cref="ArgumentException">A shape is not the model's.</exception>
    public static TapeSample<T> DrawOnTape<T>(this DensityModel<T> model, Tape<T> tape, RandomStream stream, ulong firstRow = 0, Variable<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tape);
        return TapeSample<T>.OfNoise(model, model.DrawNoise(tape, stream, firstRow, conditions), conditions);
    }
}
