using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The layers of one factor, from base to data, and where their raw parameters stand in the factor's vector.</summary>
internal sealed class LayerChain<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ManifoldLayer<T>[] _layers;
    private readonly int[] _firstNumber;
    private readonly int[] _firstArray;
    private readonly bool _firstIsAtData;

    /// <param name="manifold">Where the layers act.</param>
    /// <param name="layers">The layers, in the order of the vector.</param>
    /// <param name="firstIsAtData">Whether the first one stands next to the data, and not to the base.</param>
    public LayerChain(Manifold manifold, IReadOnlyList<ManifoldLayer<T>> layers, bool firstIsAtData = false)
    {
        Manifold = manifold;
        _layers = [.. layers];
        _firstIsAtData = firstIsAtData;
        _firstNumber = new int[_layers.Length];
        _firstArray = new int[_layers.Length];
        var arrays = 0;
        for (var l = 0; l < _layers.Length; l++)
        {
            (_firstNumber[l], _firstArray[l]) = (ParameterCount, arrays);
            ParameterCount = checked(ParameterCount + _layers[l].ParameterCount);
            arrays += _layers[l].Arrays.Count;
        }
    }

    public Manifold Manifold { get; }

    public IReadOnlyList<ManifoldLayer<T>> Layers => _layers;

    public int ParameterCount { get; }

    /// <summary>Where the numbers of a layer begin in the vector.</summary>
    public int StartOf(int layer) => _firstNumber[layer];

    /// <summary>Parameters of the chain's own, one for each array, named <c>{prefix}.{layer}.{array}</c>.</summary>
    public Parameter<T>[] CreateParameters(string prefix) =>
    [
        .. _layers.SelectMany((layer, l) => layer.Arrays.Select(array => new Parameter<T>($"{prefix}.{l}.{array.Name}", 1, array.Count, isVector: true))),
    ];

    /// <summary>From data to base.</summary>
    /// <param name="state">The state.</param>
    /// <param name="own">The chain's own parameters; null where a network gives them.</param>
    /// <param name="all">The vector that a network gives, [rows, columns] or shared.</param>
    /// <param name="start">Where the chain's numbers begin in it.</param>
    /// <param name="logDet">Σ ln|det|; "no variable" for zero.</param>
    /// <param name="layers">How many layers, from the data's side.</param>
    public Variable<T> Evaluate(
        Variable<T> state, IReadOnlyList<Parameter<T>>? own, Variable<T> all, int start, out Variable<T> logDet, int layers = int.MaxValue)
    {
        logDet = default;
        for (var step = 0; step < Math.Min(layers, _layers.Length); step++)
        {
            var l = FromData(step);
            state = _layers[l].Evaluate(state, Parameters(state.Tape!, l, own, all, start), out var ofLayer);
            logDet = TangentRules.Sum(logDet, ofLayer);
        }

        return state;
    }

    /// <summary>From base to data; the log-determinant is the evaluation's.</summary>
    public Variable<T> Sample(Variable<T> state, IReadOnlyList<Parameter<T>>? own, Variable<T> all, int start, out Variable<T> logDet)
    {
        logDet = default;
        for (var step = _layers.Length - 1; step >= 0; step--)
        {
            var l = FromData(step);
            state = _layers[l].Sample(state, Parameters(state.Tape!, l, own, all, start), out var ofLayer);
            logDet = TangentRules.Sum(logDet, ofLayer);
        }

        return state;
    }

    /// <summary>Fresh numbers of all layers.</summary>
    public double[] Fresh(RandomStream stream)
    {
        var numbers = new double[ParameterCount];
        Fresh(numbers, stream);
        return numbers;
    }

    /// <summary>Sets fresh numbers of all layers.</summary>
    public void Fresh(Span<double> numbers, RandomStream stream)
    {
        for (var l = 0; l < _layers.Length; l++)
            _layers[l].Fresh(numbers.Slice(_firstNumber[l], _layers[l].ParameterCount), stream.Substream((ulong)l));
    }

    private int FromData(int step) => _firstIsAtData ? step : _layers.Length - 1 - step;

    private LayerParameters<T> Parameters(Tape<T> tape, int layer, IReadOnlyList<Parameter<T>>? own, Variable<T> all, int start) => own is null
        ? new LayerParameters<T>(_layers[layer], all, start + _firstNumber[layer])
        : new LayerParameters<T>(_layers[layer], tape, own, _firstArray[layer]);
}
