using System.Numerics;

namespace FlowCore.Manifolds;

/// <summary>Layers inside of a layer: those of a short definition string.</summary>
internal static class LayerSeries<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The layers of a string, with their raw numbers one behind the other.</summary>
    /// <param name="manifold">Where they act.</param>
    /// <param name="letters">The letters, from base to data.</param>
    /// <param name="option">The name of the option that has them, for errors.</param>
    /// <param name="said">What is said of the options at a position; what a letter does not have does not count.</param>
    /// <param name="firstIsAtData">Whether the letters go from data to base instead.</param>
    /// <exception cref="ArgumentException">There is no letter, or one cannot stand there.</exception>
    public static LayerChain<T> Create(
        Manifold manifold, string letters, string option, Func<int, IReadOnlyDictionary<string, OptionValue>> said, bool firstIsAtData = false)
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

        return new LayerChain<T>(manifold, layers, firstIsAtData);
    }
}
