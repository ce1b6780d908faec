using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// A small network for each feature with weights of its own, from a number of the feature and its S signals to one number: what is inside of
/// <see cref="MonotoneNetwork{T}"/> and <see cref="IntegratedNetwork{T}"/>.
/// </summary>
/// <remarks>Weights are stacked, [D · out, in], in the order of zuko's [D, out, in]; a feature's is a stretch of columns as the tape shows a weight, so every layer is a product as fast as any.</remarks>
internal sealed class FeatureNetworks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _sizes;
    private readonly string _name;

    /// <param name="features">D, at least 1.</param>
    /// <param name="signals">S, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer, at least one layer.</param>
    /// <param name="name">The prefix of the names: layer l is called <c>{name}.{2l}.weight</c> and <c>{name}.{2l}.bias</c>.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs. Null for zeros.</param>
    public FeatureNetworks(int features, int signals, ReadOnlySpan<int> hiddenSizes, string name, RandomStream? initialization)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(signals);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (hiddenSizes.IsEmpty)
            throw new ArgumentException("Expected at least one hidden layer, got none.", nameof(hiddenSizes));
        foreach (var size in hiddenSizes)
        {
            if (size < 1)
                throw new ArgumentException($"Expected hidden layers of at least 1 unit, got {size}.", nameof(hiddenSizes));
        }

        Features = features;
        Signals = signals;
        _name = name;
        _sizes = [signals + 1, .. hiddenSizes, 1];
        var parameters = new Parameter<T>[2 * Layers];
        for (var l = 0; l < Layers; l++)
        {
            var weight = new Parameter<T>($"{name}.{2 * l}.weight", checked(features * _sizes[l + 1]), _sizes[l]);
            var bias = new Parameter<T>($"{name}.{2 * l}.bias", 1, features * _sizes[l + 1], isVector: true);
            if (initialization is { } stream)
            {
                FreshParameters.FillUniform(weight, _sizes[l], stream.Substream((ulong)(2 * l)));
                FreshParameters.FillUniform(bias, _sizes[l], stream.Substream((ulong)((2 * l) + 1)));
            }

            (parameters[2 * l], parameters[(2 * l) + 1]) = (weight, bias);
        }

        Parameters = parameters;
    }

    /// <summary>D.</summary>
    public int Features { get; }

    /// <summary>S.</summary>
    public int Signals { get; }

    /// <summary>Weight and bias of each layer.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>How many layers, the last one included.</summary>
    public int Layers => _sizes.Length - 1;

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _sizes.AsSpan(1, _sizes.Length - 2);

    /// <summary>The prefix of the names.</summary>
    public string Name => _name;

    /// <summary>The inputs of a layer.</summary>
    public int Inputs(int layer) => _sizes[layer];

    /// <summary>The outputs of a layer.</summary>
    public int Outputs(int layer) => _sizes[layer + 1];

    /// <summary>The number of each feature and behind it its signals: [rows, D · (S + 1)].</summary>
    /// <param name="x">[rows, D].</param>
    /// <param name="signals">[rows, D · S], or shared.</param>
    public Variable<T> Arrange(Variable<T> x, Variable<T> signals)
    {
        var tape = x.Tape!;
        var inputs = tape.Allocate(x.Columns * _sizes[0]);
        for (var j = 0; j < x.Columns; j++)
        {
            tape.ApplyInto(
                ConcatenateOperation<T>.Instance, [tape.Slice(x, j, 1), tape.Slice(signals, j * Signals, Signals)], [tape.Slice(inputs, j * _sizes[0], _sizes[0])]);
        }

        return inputs;
    }

    /// <summary>A layer of one feature's network.</summary>
    /// <param name="operation">The product, with its activation.</param>
    /// <param name="layer">Which layer.</param>
    /// <param name="feature">Whose network.</param>
    /// <param name="x">[rows, inputs].</param>
    /// <param name="weight">The stacked weights, as the tape shows the parameter.</param>
    /// <param name="bias">The stacked biases, or "no variable".</param>
    /// <param name="y">[rows, outputs], allocated.</param>
    public void Apply(LinearOperation<T> operation, int layer, int feature, Variable<T> x, Variable<T> weight, Variable<T> bias, Variable<T> y)
    {
        var outputs = Outputs(layer);
        var tape = x.Tape!;
        operation.ApplyInto(x, tape.Slice(weight, feature * outputs, outputs), bias.IsNone ? bias : tape.Slice(bias, feature * outputs, outputs), y);
    }
}
