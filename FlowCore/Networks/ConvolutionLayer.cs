using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>A convolution of an array whose columns stand pixel by pixel: a linear layer of the window around every pixel, the windows gathered first.</summary>
/// <remarks>The weight is [outputs, inputs · k · k] in the order of files, [outputs, inputs, k, k] row-major. With k = 1 nothing is gathered.</remarks>
internal sealed class ConvolutionLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T> _layer;
    private readonly int _pixels;
    private readonly GatherColumnsOperation<T>? _windows;

    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="inputs">The channels of the argument.</param>
    /// <param name="outputs">The channels of the result.</param>
    /// <param name="settings">Sizes and padding of the array.</param>
    /// <param name="kernelSize">k, odd.</param>
    public ConvolutionLayer(string name, UnaryFunction activation, int inputs, int outputs, ConvolutionalSettings settings, int kernelSize)
    {
        _pixels = settings.Height * settings.Width;
        _layer = new Layer<T>(name, activation, checked(inputs * kernelSize * kernelSize), outputs);
        if (kernelSize > 1)
            _windows = new GatherColumnsOperation<T>(Windows(inputs, settings, kernelSize));
    }

    public Parameter<T> Weight => _layer.Weight;

    public Parameter<T> Bias => _layer.Bias;

    /// <summary>Applies the layer.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, pixels · inputs].</param>
    /// <returns>[rows, pixels · outputs].</returns>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x)
    {
        var y = tape.Allocate(_pixels * _layer.Outputs);
        using var scope = tape.BeginScope();
        var windows = _windows is null ? x : _windows.Apply(VariableFunctions.Concatenate(x, tape.Constant(T.Zero)));
        for (var pixel = 0; pixel < _pixels; pixel++)
            _layer.ApplyInto(tape, tape.Slice(windows, pixel * _layer.Weight.Columns, _layer.Weight.Columns), tape.Slice(y, pixel * _layer.Outputs, _layer.Outputs));
        return y;
    }

    /// <summary>Draws fresh numbers, as <see cref="Layer{T}.Draw"/>.</summary>
    public void Draw(RandomStream stream, int index, double bound = 0) => _layer.Draw(stream, index, bound);

    /// <summary>Sets the layer so that it gives the same outputs for every input.</summary>
    public void StartAt(ReadOnlySpan<double> outputs) => _layer.StartAt(outputs);

    // For every pixel, channel and place of the window the column that is there; the column behind all is zero.
    private static int[] Windows(int inputs, ConvolutionalSettings settings, int kernelSize)
    {
        var (height, width, reach) = (settings.Height, settings.Width, kernelSize / 2);
        var windows = new int[checked(height * width * inputs * kernelSize * kernelSize)];
        var at = 0;
        for (var pixel = 0; pixel < height * width; pixel++)
        {
            for (var channel = 0; channel < inputs; channel++)
            {
                for (var place = 0; place < kernelSize * kernelSize; place++)
                {
                    var row = (pixel / width) + (place / kernelSize) - reach;
                    var column = (pixel % width) + (place % kernelSize) - reach;
                    var isInside = row >= 0 && row < height && column >= 0 && column < width;
                    if (settings.Padding == ArrayPadding.Periodic)
                        (row, column, isInside) = (Modulo(row, height), Modulo(column, width), true);
                    windows[at++] = isInside ? (((row * width) + column) * inputs) + channel : height * width * inputs;
                }
            }
        }

        return windows;
    }

    private static int Modulo(int index, int size) => ((index % size) + size) % size;
}
