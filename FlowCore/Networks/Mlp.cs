using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>A multilayer perceptron: linear layers with an activation between them, every output of every input.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Mlp<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T>[] _parameters;
    private readonly LinearOperation<T> _hidden;
    private readonly LinearOperation<T> _last;

    /// <summary>Creates a network.</summary>
    /// <param name="sizes">The inputs, the units of each hidden layer, the outputs; each at least 1.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names; layer l is called <c>{name}.{2l}.weight</c> and <c>{name}.{2l}.bias</c>.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs. Null for zeros.</param>
    /// <param name="zeroLastLayer">Whether the last layer starts at zero instead.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes, a size is not positive, or the name is empty.</exception>
    public Mlp(ReadOnlySpan<int> sizes, Activation activation, string name, RandomStream? initialization = null, bool zeroLastLayer = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (sizes.Length < 2)
            throw new ArgumentException($"Expected the sizes of inputs and outputs at least; {sizes.Length} came.", nameof(sizes));
        foreach (var size in sizes)
        {
            if (size < 1)
                throw new ArgumentException($"Expected sizes of at least 1; {size} came.", nameof(sizes));
        }

        Inputs = sizes[0];
        Outputs = sizes[^1];
        Activation = activation;
        _hidden = new LinearOperation<T>(activation);
        _last = new LinearOperation<T>(Activation.Identity);
        _parameters = new Parameter<T>[2 * (sizes.Length - 1)];
        for (var l = 0; l < sizes.Length - 1; l++)
        {
            var weight = new Parameter<T>($"{name}.{2 * l}.weight", sizes[l + 1], sizes[l]);
            var bias = new Parameter<T>($"{name}.{2 * l}.bias", 1, sizes[l + 1], isVector: true);
            if (initialization is { } stream && !(zeroLastLayer && l == sizes.Length - 2))
            {
                FreshParameters.FillUniform(weight, sizes[l], stream.Substream((ulong)(2 * l)));
                FreshParameters.FillUniform(bias, sizes[l], stream.Substream((ulong)((2 * l) + 1)));
            }

            _parameters[2 * l] = weight;
            _parameters[(2 * l) + 1] = bias;
        }
    }

    /// <summary>How many inputs.</summary>
    public int Inputs { get; }

    /// <summary>How many outputs.</summary>
    public int Outputs { get; }

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; }

    /// <summary>Weight and bias of each layer in turn.</summary>
    public IReadOnlyList<Parameter<T>> Parameters => _parameters;

    /// <summary>Applies the network.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, <see cref="Inputs"/>].</param>
    /// <returns>[rows, <see cref="Outputs"/>].</returns>
    /// <exception cref="ArgumentException">x has other columns.</exception>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var h = x;
        for (var l = 0; l < _parameters.Length; l += 2)
        {
            var operation = l == _parameters.Length - 2 ? _last : _hidden;
            var next = operation.Apply(tape, h, tape.Use(_parameters[l]), tape.Use(_parameters[l + 1]));
            if (l > 0)
                tape.Release(h);
            h = next;
        }

        return h;
    }
}
