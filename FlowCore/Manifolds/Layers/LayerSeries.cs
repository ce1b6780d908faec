using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>Layers inside of a layer: those of a short definition string, with their raw numbers one behind the other.</summary>
internal sealed class LayerSeries<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ManifoldLayer<T>[] _layers;
    private readonly int[] _starts;

    private LayerSeries(ManifoldLayer<T>[] layers)
    {
        _layers = layers;
        _starts = new int[layers.Length];
        for (var l = 0; l < layers.Length; l++)
        {
            _starts[l] = ParameterCount;
            ParameterCount += layers[l].ParameterCount;
        }
    }

    /// <summary>How many raw numbers there are.</summary>
    public int ParameterCount { get; }

    /// <summary>The layers of a string.</summary>
    /// <param name="manifold">Where they act.</param>
    /// <param name="letters">The letters, from base to data.</param>
    /// <param name="option">The name of the option that has them, for errors.</param>
    /// <param name="said">What is said of the options at a position; what a letter does not have does not count.</param>
    /// <exception cref="ArgumentException">There is no letter, or one cannot stand there.</exception>
    public static LayerSeries<T> Create(Manifold manifold, string letters, string option, Func<int, IReadOnlyDictionary<string, OptionValue>> said)
    {
        if (letters.Length == 0)
            throw new ArgumentException($"Expected at least one letter for the option '{option}', got none.", nameof(letters));
        var layers = new ManifoldLayer<T>[letters.Length];
        for (var l = 0; l < letters.Length; l++)
        {
            var letter = LayerLetters.Find(manifold, letters[l])
                ?? throw new ArgumentException($"Expected letters of {manifold} for the option '{option}', got '{letters[l]}' in \"{letters}\".", nameof(letters));
            var known = said(l).Where(value => letter.Options.Any(has => has.Name == value.Key)).ToDictionary();
            layers[l] = letter.Create<T>(manifold, new LayerOptions(letter, known), new LayerPlace(l, letters.Length));
        }

        return new LayerSeries<T>(layers);
    }

    /// <summary>From data to base, the last layer first, or first to last.</summary>
    public Variable<T> Evaluate(Variable<T> x, Variable<T> numbers, int start, out Variable<T> logDet, bool firstToLast = false)
    {
        logDet = default;
        for (var step = 0; step < _layers.Length; step++)
        {
            var l = firstToLast ? step : _layers.Length - 1 - step;
            x = _layers[l].Evaluate(x, new LayerParameters<T>(_layers[l], numbers, start + _starts[l]), out var ofLayer);
            logDet = LayerChain<T>.Add(logDet, ofLayer);
        }

        return x;
    }

    /// <summary>From base to data, in the other order.</summary>
    public Variable<T> Sample(Variable<T> z, Variable<T> numbers, int start, out Variable<T> logDet, bool firstToLast = false)
    {
        logDet = default;
        for (var step = 0; step < _layers.Length; step++)
        {
            var l = firstToLast ? _layers.Length - 1 - step : step;
            z = _layers[l].Sample(z, new LayerParameters<T>(_layers[l], numbers, start + _starts[l]), out var ofLayer);
            logDet = LayerChain<T>.Add(logDet, ofLayer);
        }

        return z;
    }

    /// <summary>Sets fresh numbers.</summary>
    public void Fresh(Span<double> numbers, RandomStream stream)
    {
        for (var l = 0; l < _layers.Length; l++)
            _layers[l].Fresh(numbers.Slice(_starts[l], _layers[l].ParameterCount), stream.Substream((ulong)l));
    }
}
