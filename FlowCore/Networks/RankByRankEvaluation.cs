using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>
/// Evaluates a <see cref="MaskedMlp{T}"/> while its inputs become known: for each rank in turn the hidden units that can now
/// be computed, and the outputs of that rank's features. All ranks together cost one evaluation of the network.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public struct RankByRankEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaskedMlp<T> _network;
    private readonly Tape<T> _tape;
    private readonly Variable<T> _anyBlock;
    private readonly Variable<T> _inputs;
    private LayerVariables _weights;
    private LayerVariables _biases;
    private LayerVariables _values;

    /// <summary>Starts with inputs that networks of the same order may share.</summary>
    internal RankByRankEvaluation(MaskedMlp<T> network, Tape<T> tape, Variable<T> inputs, Variable<T> anyBlock)
    {
        _network = network;
        _tape = tape;
        _anyBlock = anyBlock;
        _inputs = inputs;
        for (var l = 0; l < network.Layers.Length; l++)
        {
            var layer = network.Layers[l];
            _weights[l] = tape.Use(layer.Weight);
            _biases[l] = tape.Use(layer.Bias);
            _values[l] = tape.Allocate(layer.Outputs);
        }
    }

    /// <summary>The features in rank order: [rows, D], filled rank by rank.</summary>
    public readonly Variable<T> Solved => _tape.Slice(_inputs, _network.Order.ContextFeatures, _network.Order.Features);

    /// <summary>The columns where the features of a rank belong; they must be written before the next rank is evaluated.</summary>
    /// <param name="group">The rank, counted from 0.</param>
    /// <returns>[rows, features of the rank], to be written.</returns>
    public readonly Variable<T> SolvedOf(int group)
    {
        var start = _network.Order.GroupStart[group];
        return _tape.Slice(_inputs, _network.Order.ContextFeatures + start, _network.Order.GroupStart[group + 1] - start);
    }

    /// <summary>The outputs of the features of one rank. Call it for each rank once, from 0 upwards.</summary>
    /// <param name="group">The rank, counted from 0.</param>
    /// <returns>[rows, features of the rank · outputs per feature].</returns>
    public readonly Variable<T> Outputs(int group)
    {
        var x = _inputs;
        Variable<T> outputs = default;
        for (var l = 0; l < _network.Layers.Length; l++)
        {
            outputs = _network.Layers[l].ApplyGroup(_tape, group, x, _weights[l], _biases[l], _values[l], _anyBlock);
            x = _values[l];
        }

        return outputs;
    }

    /// <summary>Gives the memory back. <see cref="Solved"/> must not be read afterwards.</summary>
    public readonly void Release()
    {
        _tape.Release(_inputs);
        ReleaseLayers();
    }

    /// <summary>Gives the memory of the layers back, but not that of the inputs.</summary>
    internal readonly void ReleaseLayers()
    {
        for (var l = 0; l < _network.Layers.Length; l++)
            _tape.Release(_values[l]);
    }

    [InlineArray(MaskedMlp<T>.MaximumHiddenLayers + 1)]
    private struct LayerVariables
    {
        private Variable<T> _first;
    }
}
