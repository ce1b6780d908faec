using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Manifolds;

/// <summary>The raw parameters of a layer in a call: its own, the same for all rows, or columns that a network gave for every row.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct LayerParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ManifoldLayer<T> _layer;
    private readonly Tape<T>? _tape;
    private readonly IReadOnlyList<Parameter<T>>? _own;
    private readonly Variable<T> _all;
    private readonly int _start;

    /// <summary>Parameters that stand in columns one behind the other, in the order of the layer's arrays.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="all">[rows, columns], or shared [1, columns]; "no variable" for a layer without parameters.</param>
    /// <param name="start">The column where the layer's begin.</param>
    public LayerParameters(ManifoldLayer<T> layer, Variable<T> all, int start = 0)
    {
        _layer = layer;
        _all = all;
        _start = start;
    }

    internal LayerParameters(ManifoldLayer<T> layer, Tape<T> tape, IReadOnlyList<Parameter<T>> own, int start)
    {
        _layer = layer;
        _tape = tape;
        _own = own;
        _start = start;
    }

    /// <summary>An array of the layer, row-major.</summary>
    /// <param name="array">Its index among <see cref="ManifoldLayer{T}.Arrays"/>.</param>
    /// <returns>[rows, count], or shared [1, count].</returns>
    public Variable<T> this[int array] => _own is null
        ? _all.Slice(_start + _layer.StartOf(array), _layer.Arrays[array].Count)
        : _tape!.Use(_own[_start + array]);

    /// <summary>Some numbers of an array, in their row-major order.</summary>
    /// <param name="array">Its index among <see cref="ManifoldLayer{T}.Arrays"/>.</param>
    /// <param name="first">The first, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>[rows, count], or shared [1, count].</returns>
    public Variable<T> Columns(int array, int first, int count) => this[array].Slice(first, count);
}
