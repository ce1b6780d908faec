using System.Numerics;
using FlowCore.IO;

namespace FlowCore.Parts;

/// <summary>Kinds of parts by their names, for one number type.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class PartCatalog<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Func<PartReader<T>, Part<T>>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, string> _kinds = [];

    internal PartCatalog()
    {
    }

    /// <summary>The names of all kinds, sorted.</summary>
    public IReadOnlyList<string> Kinds => [.. _readers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a kind.</summary>
    /// <typeparam name="TPart">The class of its parts.</typeparam>
    /// <exception cref="ArgumentException">Another kind has that name.</exception>
    public void Add<TPart>()
        where TPart : Part<T>, IPartKind<T>
    {
        if (string.IsNullOrWhiteSpace(TPart.Kind) || !_readers.TryAdd(TPart.Kind, TPart.Read))
            throw new ArgumentException($"Expected a name of its own for the kind of {NameOf(typeof(TPart))}, got '{TPart.Kind}'.", nameof(TPart));
        _kinds.Add(typeof(TPart), TPart.Kind);
    }

    /// <summary>The name of a part's kind.</summary>
    /// <exception cref="NotSupportedException">No list has it.</exception>
    internal string KindOf(Part<T> part) => _kinds.TryGetValue(part.GetType(), out var kind)
        ? kind
        : throw new NotSupportedException($"A part of the class {NameOf(part.GetType())} cannot be written: no list given to {nameof(PartRegistry)}.{nameof(PartRegistry.Add)} has its kind.");

    /// <summary>Builds a part of any kind.</summary>
    internal Part<T> Read(JsonFields fields)
    {
        var kind = fields.Text(PartWriter.KindName);
        if (!_readers.TryGetValue(kind, out var read))
        {
            throw new ModelFormatException(
                $"The metadata's {fields.Path} is of the unknown kind {ModelFormatException.Quote(kind)}. Known kinds are {string.Join(", ", Kinds)}.");
        }

        var part = read(new PartReader<T>(fields, this));
        fields.CheckAllUsed();
        return part;
    }

    internal static string NameOf(Type type) => type.Name.Split('`')[0];
}
