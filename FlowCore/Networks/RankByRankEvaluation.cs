using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>
/// Evaluates a <see cref="MaskedNetwork{T}"/> while its inputs become known: for each rank in turn the hidden units that can now
/// be computed, and the outputs of that rank's features. All ranks together cost one evaluation of the network.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct RankByRankEvaluation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MaskedNetwork<T> _network;
    private readonly Tape<T> _tape;
    private readonly Variable<T> _anyBlock;
    private readonly Variable<T> _inputs;
    private readonly Variable<T>[] _variables;

    /// <summary>Starts with inputs that networks of the same order may share.</summary>
    internal RankByRankEvaluation(MaskedNetwork<T> network, Tape<T> tape, Variable<T> inputs, Variable<T> anyBlock)
    {
        _network = network;
        _tape = tape;
        _anyBlock = anyBlock;
        _inputs = inputs;

        // Rented, for their number is the network's and a warm call must not allocate.
        _variables = ArrayPool<Variable<T>>.Shared.Rent(network.RankByRankVariables);
        network.BeginRanks(tape, _variables.AsSpan(0, network.RankByRankVariables));
    }

    /// <summary>The features in rank order: [rows, D], filled rank by rank.</summary>
    public Variable<T> Solved => _tape.Slice(_inputs, _network.Order.ContextFeatures, _network.Order.Features);

    private ReadOnlySpan<Variable<T>> Variables => _variables.AsSpan(0, _network.RankByRankVariables);

    /// <summary>The columns where the features of a rank belong; they must be written before the next rank is evaluated.</summary>
    /// <param name="group">The rank, counted from 0.</param>
    /// <returns>[rows, features of the rank], to be written.</returns>
    public Variable<T> SolvedOf(int group)
    {
        var start = _network.Order.GroupStart[group];
        return _tape.Slice(_inputs, _network.Order.ContextFeatures + start, _network.Order.GroupStart[group + 1] - start);
    }

    /// <summary>The outputs of the features of one rank. Call it for each rank once, from 0 upwards.</summary>
    /// <param name="group">The rank, counted from 0.</param>
    /// <returns>[rows, features of the rank · outputs per feature].</returns>
    public Variable<T> Outputs(int group) => _network.OutputsOfRank(_tape, group, _inputs, _anyBlock, Variables);

    /// <summary>Gives the memory back, once. <see cref="Solved"/> must not be read afterwards.</summary>
    public void Release()
    {
        _tape.Release(_inputs);
        ReleaseLayers();
    }

    /// <summary>Gives the memory of the layers back, but not that of the inputs.</summary>
    internal void ReleaseLayers()
    {
        _network.EndRanks(_tape, Variables);
        ArrayPool<Variable<T>>.Shared.Return(_variables, clearArray: true);
    }
}
