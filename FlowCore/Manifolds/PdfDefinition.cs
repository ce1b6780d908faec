using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>The two strings of a pdf, read: factors with their manifolds, and the letters of each one's layers.</summary>
/// <remarks>
/// Manifolds: <c>e3</c>, <c>s1</c>, <c>s2</c>, <c>i1</c>, <c>i1_-2_5</c>, <c>a2</c>, <c>d4</c>, with + between factors. Layers: for each factor its letters, from
/// base to data, with + between factors. Immutable.
/// </remarks>
public sealed class PdfDefinition
{
    private PdfDefinition(string manifolds, string layers, Manifold[] factors, string[] letters) =>
        (ManifoldText, LayerText, Factors, Letters) = (manifolds, layers, factors, letters);

    /// <summary>The string of the manifolds.</summary>
    public string ManifoldText { get; }

    /// <summary>The string of the layers.</summary>
    public string LayerText { get; }

    /// <summary>The manifold of each factor.</summary>
    public IReadOnlyList<Manifold> Factors { get; }

    /// <summary>The letters of each factor, from base to data.</summary>
    public IReadOnlyList<string> Letters { get; }

    /// <summary>Reads the strings.</summary>
    /// <param name="manifolds">The manifolds, for example <c>e4+s2+e4</c>.</param>
    /// <param name="layers">The layers, for example <c>gggg+n+gggg</c>.</param>
    /// <returns>What they say.</returns>
    /// <exception cref="ArgumentException">A string is not of this form; the message says at which character, and what may stand there.</exception>
    public static PdfDefinition Parse(string manifolds, string layers)
    {
        ArgumentNullException.ThrowIfNull(manifolds);
        ArgumentNullException.ThrowIfNull(layers);
        var factors = ParseManifolds(manifolds);
        var letters = layers.Split('+');
        if (letters.Length != factors.Count)
        {
            throw new ArgumentException(
                $"Expected layers for {factors.Count} factors, as \"{manifolds}\" has, got {letters.Length} in \"{layers}\"; a + stands between factors.", nameof(layers));
        }

        var at = 0;
        for (var k = 0; k < letters.Length; k++)
        {
            if (letters[k].Length == 0)
                throw Error(nameof(layers), layers, at, $"a letter of {Allowed(factors[k])} for factor {k}, {factors[k]}");
            for (var l = 0; l < letters[k].Length; l++)
            {
                if (LayerLetters.Find(factors[k], letters[k][l]) is null)
                    throw Error(nameof(layers), layers, at + l, $"a letter of {Allowed(factors[k])} for factor {k}, {factors[k]}");
            }

            at += letters[k].Length + 1;
        }

        return new PdfDefinition(manifolds, layers, [.. factors], letters);
    }

    /// <summary>Reads the string of the manifolds.</summary>
    internal static List<Manifold> ParseManifolds(string manifolds)
    {
        ArgumentNullException.ThrowIfNull(manifolds);
        var factors = new List<Manifold>();
        var at = 0;
        foreach (var part in manifolds.Split('+'))
        {
            factors.Add(ParseManifold(manifolds, part, at));
            at += part.Length + 1;
        }

        return factors;
    }

    private static string Allowed(Manifold manifold)
    {
        var letters = LayerLetters.All.Where(letter => letter.ActsOn(manifold)).Select(letter => letter.Letter).Distinct().Order();
        return $"\"{string.Concat(letters)}\"";
    }

    private static Manifold ParseManifold(string text, string part, int at)
    {
        const string Forms = "e<D>, s1, s2, i1, i1_<lo>_<hi>, a<d> or d<K>";
        if (part.Length == 0 || !"esiad".Contains(part[0], StringComparison.Ordinal))
            throw Error("manifolds", text, at, Forms);
        var words = part[1..].Split('_');
        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var dimension))
            throw Error("manifolds", text, at + 1, $"the dimension of '{part[0]}'");
        if (part[0] == 'i' && words.Length is 1 or 3 && dimension == 1)
            return words.Length == 1 ? Manifold.Interval() : ParseInterval(text, words, at);
        if (words.Length != 1)
        {
            throw Error(
                "manifolds", text, at + 1 + words[0].Length, part[0] == 'i' ? "the ends of the interval as _<lo>_<hi>" : $"nothing behind '{part[0]}{words[0]}'; only intervals have ends");
        }

        return (part[0], dimension) switch
        {
            ('e', >= 1) => Manifold.Euclidean(dimension),
            ('s', 1) => Manifold.Circle,
            ('s', 2) => Manifold.Sphere,
            ('a', >= 1) => Manifold.Simplex(dimension),
            ('d', >= 2) => Manifold.Category(dimension),
            ('s', _) => throw Error("manifolds", text, at + 1, "1 or 2, the circle or the sphere"),
            ('i', _) => throw Error("manifolds", text, at + 1, "1, for intervals have one dimension"),
            ('d', _) => throw Error("manifolds", text, at + 1, "at least 2 classes"),
            _ => throw Error("manifolds", text, at + 1, "a dimension of at least 1"),
        };
    }

    private static Manifold ParseInterval(string text, string[] words, int at)
    {
        var start = at + 3;
        Span<double> ends = stackalloc double[2];
        for (var i = 0; i < 2; i++)
        {
            if (!double.TryParse(words[i + 1], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out ends[i]))
                throw Error("manifolds", text, start, i == 0 ? "the lower end of the interval, a decimal number" : "the upper end of the interval, a decimal number");
            if (i == 1 && !(ends[0] < ends[1]))
                throw Error("manifolds", text, start, "an upper end above the lower one");
            start += words[i + 1].Length + 1;
        }

        return Manifold.Interval(ends[0], ends[1]);
    }

    private static ArgumentException Error(string name, string text, int at, string expected) => new(
        at < text.Length
            ? $"Expected {expected} at character {at + 1} of \"{text}\", got '{text[at]}'."
            : $"Expected {expected} at the end of \"{text}\", got nothing.",
        name);
}
