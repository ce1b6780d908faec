using System.Globalization;
using CommandLine;
using FactorizableFlow.Generator;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FactorizableFlow.Configuration;

/// <summary>
/// One section of a config file, read strictly: <see cref="AllowOnly"/> refuses a key that means nothing, and every value is asked for
/// by type. Errors name the file, the line, the key, what was expected and what was found.
/// </summary>
internal sealed class ConfigMap
{
    private readonly string _file;
    private readonly string _path;
    private readonly YamlMappingNode _node;
    private readonly ConfigBudget _budget;
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);

    public ConfigMap(string file, string path, YamlMappingNode node, ConfigBudget budget)
    {
        _file = file;
        _path = path;
        _node = node;
        _budget = budget;
        AddEntries(node, new HashSet<YamlMappingNode>(ReferenceEqualityComparer.Instance), depth: 0);
    }

    /// <summary>The keys that are present, in the file's order.</summary>
    public IReadOnlyCollection<string> Keys => _entries.Keys;

    /// <summary>Whether the key is present with a value.</summary>
    public bool Has(string key)
    {
        var isThere = _entries.TryGetValue(key, out var entry) && !IsNull(entry.Value);
        if (isThere)
            _budget.Last = (entry.Value.Start.Line, Name(key));
        return isThere;
    }

    /// <summary>The line of a key, counted from 1.</summary>
    /// <param name="key">A key that is present.</param>
    public long Line(string key) => _entries[key].Key.Start.Line;

    /// <summary>The full name of a key, for messages: training.kin.lr.</summary>
    public string Name(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    /// <summary>A section that may be absent.</summary>
    public ConfigMap? OptionalSection(string key)
    {
        if (!Has(key))
            return null;

        var value = _entries[key].Value;
        return value is YamlMappingNode map
            ? new ConfigMap(_file, Name(key), map, _budget)
            : throw Wrong(key, "a section of keys");
    }

    /// <summary>A list of sections; empty if absent.</summary>
    public IReadOnlyList<ConfigMap> Sections(string key)
    {
        if (!Has(key))
            return [];

        if (_entries[key].Value is not YamlSequenceNode list)
            throw Wrong(key, "a list of sections");

        List<ConfigMap> sections = [];
        foreach (var item in list.Children)
        {
            var path = $"{Name(key)}[{sections.Count}]";
            sections.Add(item is YamlMappingNode map
                ? new ConfigMap(_file, path, map, _budget)
                : throw Fail(item, $"'{path}' must be a section of keys, but it is {Describe(item)}."));
        }

        return sections;
    }

    /// <summary>A text, or null if absent.</summary>
    public string? OptionalText(string key) =>
        !Has(key) ? null
        : _entries[key].Value is YamlScalarNode { Value: { } text } ? text
        : throw Wrong(key, "a text");

    /// <summary>A text that must be there.</summary>
    public string Text(string key) => OptionalText(key) ?? throw Missing(key);

    /// <summary>One of a few words.</summary>
    public string Choice(string key, string @default, params string[] choices)
    {
        var value = OptionalText(key) ?? @default;
        return choices.Contains(value, StringComparer.Ordinal)
            ? value
            : throw Fail(
                _entries[key].Value,
                $"'{Name(key)}' must be one of {string.Join(", ", choices)}, but it is '{value}'{DidYouMean(value, choices)}");
    }

    /// <summary>true or false.</summary>
    public bool Boolean(string key, bool @default)
    {
        if (!Has(key))
            return @default;

        // The words of YAML 1.1, which Python's readers follow.
        return PlainText(_entries[key].Value)?.ToUpperInvariant() switch
        {
            "TRUE" or "YES" or "ON" => true,
            "FALSE" or "NO" or "OFF" => false,
            _ => throw Wrong(key, "true or false"),
        };
    }

    /// <summary>A whole number within bounds; without a default it must be there.</summary>
    public long Integer(string key, long? @default = null, long minimum = long.MinValue, long maximum = long.MaxValue)
    {
        if (!Has(key))
            return @default ?? throw Missing(key);

        return TryInteger(_entries[key].Value, out var value) && value >= minimum && value <= maximum
            ? value
            : throw Wrong(key, Bounded("a whole number", minimum, maximum));
    }

    /// <summary>A whole number that fits an int.</summary>
    public int Integer32(string key, int? @default = null, int minimum = int.MinValue, int maximum = int.MaxValue) =>
        (int)Integer(key, @default, minimum, maximum);

    /// <summary>A finite number within bounds; without a default it must be there.</summary>
    public double Real(string key, double? @default = null, double minimum = double.NegativeInfinity, bool exclusive = false)
    {
        if (!Has(key))
            return @default ?? throw Missing(key);

        if (TryReal(_entries[key].Value, out var value) && (exclusive ? value > minimum : value >= minimum))
            return value;

        var bound = double.IsNegativeInfinity(minimum) ? "" : string.Create(
            CultureInfo.InvariantCulture, $"{(exclusive ? " above" : " of at least")} {minimum}");
        throw Wrong(key, $"a number{bound}");
    }

    /// <summary>A list of finite numbers, or null if absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="length">How many there must be; null for any number but none.</param>
    public double[]? OptionalReals(string key, int? length = null)
    {
        if (!Has(key))
            return null;

        var expected = length is { } n ? $"a list of {n} numbers" : "a list of numbers";
        if (_entries[key].Value is not YamlSequenceNode list || list.Children.Count == 0
            || (length is { } required && list.Children.Count != required))
        {
            throw Wrong(key, expected);
        }

        var values = new double[list.Children.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryReal(list.Children[i], out values[i]))
            {
                throw Fail(
                    list.Children[i], $"'{Name(key)}' must be {expected}, but its element {i} is {Describe(list.Children[i])}.");
            }
        }

        return values;
    }

    /// <summary>A list of finite numbers that must be there.</summary>
    public double[] Reals(string key, int? length = null) => OptionalReals(key, length) ?? throw Missing(key);

    /// <summary>A pair of finite numbers.</summary>
    public Point2 Pair(string key, Point2? @default = null)
    {
        var values = OptionalReals(key, 2);
        return values is not null ? new Point2(values[0], values[1]) : @default ?? throw Missing(key);
    }

    /// <summary>A list of whole numbers within bounds that must be there.</summary>
    public int[] Integers(string key, int minimum, int maximum) =>
        Has(key) ? IntegerList(_entries[key].Value, Name(key), minimum, maximum, null) : throw Missing(key);

    /// <summary>A list of lists of numbers, each of the same length; empty if absent.</summary>
    public IReadOnlyList<double[]> RealRows(string key)
    {
        if (!Has(key))
            return [];

        if (_entries[key].Value is not YamlSequenceNode list)
            throw Wrong(key, "a list of lists of numbers");

        List<double[]> rows = [];
        foreach (var item in list.Children)
        {
            if (item is YamlSequenceNode numbers)
                Take(numbers.Children.Count, numbers);
            var row = item is YamlSequenceNode inner ? new double[inner.Children.Count] : [];
            for (var i = 0; i < row.Length; i++)
            {
                if (!TryReal(((YamlSequenceNode)item).Children[i], out row[i]))
                    row = [];
            }

            if (row.Length == 0 || (rows.Count > 0 && row.Length != rows[0].Length))
            {
                var expected = rows.Count > 0 ? $"a list of {rows[0].Length} numbers like the first" : "a list of numbers";
                throw Fail(item, $"'{Name(key)}[{rows.Count}]' must be {expected}, but it is {Describe(item)}.");
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>A list of pairs of whole numbers within bounds; empty if absent.</summary>
    public IReadOnlyList<(int First, int Second)> IntegerPairs(string key, int minimum, int maximum)
    {
        if (!Has(key))
            return [];

        if (_entries[key].Value is not YamlSequenceNode list)
            throw Wrong(key, "a list of pairs of whole numbers");

        List<(int, int)> pairs = [];
        foreach (var item in list.Children)
        {
            var pair = IntegerList(item, $"{Name(key)}[{pairs.Count}]", minimum, maximum, 2);
            pairs.Add((pair[0], pair[1]));
        }

        return pairs;
    }

    /// <summary>Refuses the first key that is not among these, and suggests the nearest.</summary>
    public ConfigMap AllowOnly(params IReadOnlyCollection<string> keys)
    {
        foreach ((var key, (var keyNode, _)) in _entries)
        {
            if (!keys.Contains(key))
            {
                var where = _path.Length == 0 ? "" : $" in '{_path}'";
                throw Fail(keyNode, $"unknown key '{key}'{where}{Suggestion.Phrase(key, keys)}");
            }
        }

        return this;
    }

    /// <summary>An error about this section's key; about the section itself if the key is absent.</summary>
    public ConfigurationException Error(string key, string message) =>
        Fail(_entries.TryGetValue(key, out var entry) ? entry.Key : _node, message);

    private static string Bounded(string kind, long minimum, long maximum) =>
        minimum == long.MinValue || minimum == int.MinValue ? kind
        : maximum == long.MaxValue || maximum == int.MaxValue ? $"{kind} of at least {minimum}"
        : $"{kind} from {minimum} to {maximum}";

    private static string DidYouMean(string value, string[] choices) =>
        Suggestion.Nearest(value, choices) is { } nearest ? $"; did you mean '{nearest}'?" : ".";

    private static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" or "Null" or "NULL" };

    private static string? PlainText(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } ? text : null;

    // Underscores between digits group them in YAML 1.1 (200_000).
    private static bool TryInteger(YamlNode node, out long value)
    {
        value = 0;
        return PlainText(node) is { } text
            && long.TryParse(Ungroup(text), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryReal(YamlNode node, out double value)
    {
        value = 0;
        return PlainText(node) is { } text
            && double.TryParse(Ungroup(text), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    private static string Ungroup(string text) =>
        text.Length > 0 && char.IsAsciiDigit(text[^1]) ? text.Replace("_", "", StringComparison.Ordinal) : text;

    private static string Describe(YamlNode node) => node switch
    {
        _ when IsNull(node) => "empty",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => $"'{Shorten(text)}'",
        YamlScalarNode { Value: { } text } => $"the text '{Shorten(text)}'",
        YamlSequenceNode list => $"a list of {list.Children.Count}",
        YamlMappingNode => "a section of keys",
        _ => "something else",
    };

    private static string Shorten(string text) => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 37), "...");

    private int[] IntegerList(YamlNode node, string name, int minimum, int maximum, int? length)
    {
        var expected = length is { } n ? $"a list of {n} whole numbers" : "a list of whole numbers";
        if (node is not YamlSequenceNode list || list.Children.Count == 0
            || (length is { } required && list.Children.Count != required))
        {
            throw Fail(node, $"'{name}' must be {expected}, but it is {Describe(node)}.");
        }

        var values = new int[list.Children.Count];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TryInteger(list.Children[i], out var value) || value < minimum || value > maximum)
            {
                throw Fail(
                    list.Children[i],
                    $"'{name}' must be {expected} from {minimum} to {maximum}, but its element {i} is {Describe(list.Children[i])}.");
            }

            values[i] = (int)value;
        }

        return values;
    }

    // The merge key of YAML 1.1: what this section names itself wins over what it takes in, and what it took in first over what
    // comes later, so that a section taken in a second time adds nothing.
    private void AddEntries(YamlMappingNode node, HashSet<YamlMappingNode> seen, int depth)
    {
        const int deepestMerge = 16;
        seen.Add(node);
        Take(node.Children.Count, node);
        YamlNode? merged = null;
        foreach ((var keyNode, var value) in node.Children)
        {
            if (keyNode is not YamlScalarNode { Value: { } key })
                throw Fail(keyNode, "Expected a word as key, got a section or a list.");

            if (key == "<<")
                merged = value;
            else
                _entries.TryAdd(key, (keyNode, value));
        }

        if (merged is null)
            return;

        IReadOnlyList<YamlNode> sources = merged is YamlSequenceNode list ? [.. list.Children] : [merged];
        var named = new HashSet<YamlNode>(ReferenceEqualityComparer.Instance);
        foreach (var source in sources)
        {
            if (source is not YamlMappingNode map || depth >= deepestMerge || ReferenceEquals(map, _node))
                throw Fail(merged, "'<<' must name a section of keys to take in, which does not take in this one.");

            if (!named.Add(map))
                throw Fail(merged, "'<<' must name different sections, but it names one twice.");

            if (!seen.Contains(map))
                AddEntries(map, seen, depth + 1);
        }
    }

    private void Take(int entries, YamlNode node)
    {
        if (!_budget.TryTake(entries))
            throw Fail(node, "aliases and '<<' must not repeat more entries than the file has, but they do.");
    }

    private ConfigurationException Missing(string key) =>
        Fail(_node, _path.Length == 0 ? $"the key '{key}' is missing." : $"the key '{key}' is missing in '{_path}'.");

    private ConfigurationException Wrong(string key, string expected)
    {
        var value = _entries[key].Value;
        return Fail(value, $"'{Name(key)}' must be {expected}, but it is {Describe(value)}.");
    }

    private ConfigurationException Fail(YamlNode node, string message) =>
        new($"{_file}, line {node.Start.Line.ToString(CultureInfo.InvariantCulture)}: {message}");
}
