using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>A convolution of an array whose columns stand pixel by pixel, as a layer of a network: its two parameters and the operation that uses them.</summary>
/// <remarks>The weight is [outputs, inputs · k · k] in the order of files, [outputs, inputs, k, k] row-major.</remarks>
internal sealed class ConvolutionLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T> _layer;
    private readonly ConvolutionOperation<T> _operation;

    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="inputs">The channels of the argument.</param>
    /// <param name="outputs">The channels of the result.</param>
    /// <param name="settings">Sizes and padding of the array.</param>
    /// <param name="kernelSize">k, odd.</param>
    public ConvolutionLayer(string name, UnaryFunction activation, int inputs, int outputs, ConvolutionalSettings settings, int kernelSize)
    {
        var shape = new ConvolutionShape(inputs, outputs, settings.Height, settings.Width, kernelSize, settings.Padding == ArrayPadding.Periodic) { PixelsFirst = true };
        _layer = new Layer<T>(name, activation, shape.WindowLength, outputs);
        _operation = new ConvolutionOperation<T>(shape, activation);
    }

    public Parameter<T> Weight => _layer.Weight;

    public Parameter<T> Bias => _layer.Bias;

    /// <summary>Applies the layer.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, pixels · inputs].</param>
    /// <returns>[rows, pixels · outputs].</returns>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x) => _operation.Apply(x, tape.Use(Weight), tape.Use(Bias));

    /// <summary>Draws fresh numbers, as <see cref="Layer{T}.Draw"/>.</summary>
    public void Draw(RandomStream stream, int index, double bound = 0) => _layer.Draw(stream, index, bound);

    /// <summary>Sets the layer so that it gives the same outputs for every input.</summary>
    public void StartAt(ReadOnlySpan<double> outputs) => _layer.StartAt(outputs);
}
