using System.Globalization;
using System.Numerics;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>The layers of nflows and normflows one after the other, with those between that have no tensors and are told by the caller.</summary>
internal static class StateLayers
{
    /// <summary>A layer whose tensors tell what it is.</summary>
    public const string Known = "*";

    private const string Flag = $"--layers ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Layers)})";
    private const string Words = "identity, exp, tanh, softplus, logit, logit:ALPHA, leaky-relu, leaky-relu:SLOPE, log-tanh, log-tanh:CUT, cauchy-cdf, cauchy-cdf-inverse or swap";

    /// <summary>Reads the layers of a list.</summary>
    /// <param name="source">The tensors.</param>
    /// <param name="list">What the names of the layers begin with, up to their number.</param>
    /// <param name="words">What the caller says of each; null where nothing is said.</param>
    /// <param name="isChoice">Whether a word is a choice for a layer that has tensors.</param>
    /// <param name="read">
    /// Reads a layer with its name, such a choice or null, and the number of features where it is known, else 0; gives null where it needs that number.
    /// </param>
    /// <param name="features">How many features there are, 0 where it is not known.</param>
    /// <returns>The layers in the order of the file; null where no tensor tells the number of features.</returns>
    public static List<Transform<T>>? Read<T>(
        TensorSource source, string list, IReadOnlyList<string>? words, Func<string, bool> isChoice, Func<string, string?, int, Transform<T>?> read, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var indices = source.Indices(list);
        var count = words?.Count ?? (indices.Count == 0 ? 0 : indices.Max + 1);
        if (indices.Count > 0 && indices.Max >= count)
            throw new ModelFormatException($"Expected a word for each layer up to '{list}{indices.Max}', got {count} in {Flag}.");

        if (count > indices.Count && words is null)
        {
            var gap = Enumerable.Range(0, count).First(index => !indices.Contains(index));
            throw new ModelFormatException(
                $"Expected tensors of every layer, got none of '{list}{gap}': a layer without tensors; {Flag} says what each layer is, such as exp,*,* with * for one whose tensors tell. There are {Words}.");
        }

        var layers = new Transform<T>?[count];
        for (var i = 0; i < count; i++)
        {
            var word = Normal(words?[i]);
            if (!indices.Contains(i))
            {
                if (word == Known)
                    throw new ModelFormatException($"Expected tensors of the layer '{list}{i}', of which {Flag} says {Known}, got none.");

                continue;
            }

            if (word != Known && !isChoice(word))
                throw new ModelFormatException($"Expected {Known} in {Flag} for the layer '{list}{i}', which has tensors, got {ModelFormatException.Quote(word)}.");

            layers[i] = read($"{list}{i}", word == Known ? null : word, features);
        }

        // Some layers are the same for any number of features; the others tell it.
        if (features == 0)
            features = layers.FirstOrDefault(layer => layer is not null)?.Features ?? 0;
        return features == 0 ? null : [.. layers.Select((layer, i) => layer ?? Later(i))];

        Transform<T> Later(int i) => indices.Contains(i)
            ? read($"{list}{i}", words is null || Normal(words[i]) == Known ? null : Normal(words[i]), features)!
            : Create<T>(Normal(words![i]), features, $"{list}{i}");
    }

    /// <summary>Composes layers and names the list where they do not fit together.</summary>
    public static Composition<T> Compose<T>(IReadOnlyList<Transform<T>> layers, string list)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var contexts = layers.Select(layer => layer.ConditionColumns).Where(columns => columns > 0).Distinct().ToList();
        if (contexts.Count > 1)
            throw new ModelFormatException($"Expected layers of one number of context features in '{list}', got {contexts[0]} and {contexts[1]}.");

        return StateSplines.Checked(list, () => new Composition<T>(layers[0].Features, layers));
    }

    private static string Normal(string? word) => word is null ? Known : word.Trim().ToLowerInvariant().Replace('_', '-');

    private static Transform<T> Create<T>(string word, int features, string layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var parts = word.Split(':');
        double? number = null;
        if (parts.Length == 2 && double.TryParse(parts[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            number = value;

        return StateSplines.Checked<Transform<T>>(layer, () => (parts[0], parts.Length == 1, number) switch
        {
            ("identity", true, _) => new Composition<T>(features),
            ("swap", true, _) => Swap<T>(features),
            ("exp", true, _) => Of(new Exp<T>()),
            ("tanh", true, _) => Of(new Tanh<T>()),
            ("softplus", true, _) => Of(new Softplus<T>()),
            ("cauchy-cdf", true, _) => Of(new CauchyCdf<T>()),
            ("cauchy-cdf-inverse", true, _) => new Inverted<T>(Of(new CauchyCdf<T>())),
            ("logit", true, _) => Of(new Logit<T>()),
            ("logit", _, { } alpha) => Of(new Logit<T>(alpha)),
            ("leaky-relu", true, _) => Of(new LeakyReLU<T>()),
            ("leaky-relu", _, { } slope) => Of(new LeakyReLU<T>(slope)),
            ("log-tanh", true, _) => Of(LogTanh<T>.Nflows()),
            ("log-tanh", _, { } cut) => Of(LogTanh<T>.Nflows(cut)),
            _ => throw new ModelFormatException($"Expected {Words} in {Flag} for the layer '{layer}', which has no tensors, got {ModelFormatException.Quote(word)}."),
        });

        Elementwise<T> Of(Univariate<T> univariate) => new(univariate, features);
    }

    // From data to noise: the second half comes first, and of an odd number the second half is the smaller one.
    private static Permutation<T> Swap<T>(int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var half = (features + 1) / 2;
        return new Permutation<T>([.. Enumerable.Range(half, features - half), .. Enumerable.Range(0, half)]);
    }
}
