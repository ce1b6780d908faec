using System.Numerics;
using FlowCore.IO;

namespace FlowCore.Parts;

/// <summary>The constants of one part as they were written; each is taken once, under its name.</summary>
/// <remarks>
/// A constant that is missing, mistyped or out of range is a <see cref="ModelFormatException"/> that says where; so is one that
/// nobody took. An <see cref="ArgumentException"/> of a part's constructor is turned into one. Not thread-safe.
/// </remarks>
/// <typeparam name="T">The number type of the part to build.</typeparam>
public sealed class PartReader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly JsonFields _fields;
    private readonly PartCatalog<T> _catalog;

    internal PartReader(JsonFields fields, PartCatalog<T> catalog)
    {
        _fields = fields;
        _catalog = catalog;
    }

    /// <summary>Takes a text.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The text.</returns>
    public string Text(string name) => _fields.Text(name);

    /// <summary>Takes a number.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The number.</returns>
    public double Number(string name) => _fields.Number(name);

    /// <summary>Takes an integer of 0 or more.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The integer.</returns>
    public int Count(string name) => _fields.Integer(name);

    /// <summary>Takes an integer of 1 or more, not larger than the numbers in the file can fill.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The integer.</returns>
    public int Size(string name) => _fields.Size(name);

    /// <summary>Takes a yes or no.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The value.</returns>
    public bool Flag(string name) => _fields.Flag(name);

    /// <summary>Takes the name of an enumeration's value.</summary>
    /// <typeparam name="TEnum">The enumeration.</typeparam>
    /// <param name="name">The name.</param>
    /// <returns>The value.</returns>
    public TEnum Enumeration<TEnum>(string name)
        where TEnum : struct, Enum => _fields.Enumeration<TEnum>(name);

    /// <summary>Takes the name of an elementwise function.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The function.</returns>
    public UnaryFunction Function(string name) => _fields.Function(name);

    /// <summary>Takes integers of 0 or more.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The integers.</returns>
    public int[] Integers(string name) => _fields.Integers(name);

    /// <summary>Takes numbers.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The numbers.</returns>
    public double[] Numbers(string name) => _fields.Numbers(name);

    /// <summary>Whether there is a constant of a name: for constants that older files do not have.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True where there is.</returns>
    public bool Has(string name) => _fields.Has(name);

    /// <summary>Takes an inner part.</summary>
    /// <typeparam name="TPart">What it must be.</typeparam>
    /// <param name="name">The name.</param>
    /// <returns>The part.</returns>
    public TPart Part<TPart>(string name)
        where TPart : Part<T> => Read<TPart>(_fields.Object(name));

    /// <summary>Takes inner parts.</summary>
    /// <typeparam name="TPart">What each must be.</typeparam>
    /// <param name="name">The name.</param>
    /// <returns>The parts in their order.</returns>
    public IReadOnlyList<TPart> Parts<TPart>(string name)
        where TPart : Part<T> => _fields.Objects(name).ConvertAll(Read<TPart>);

    private TPart Read<TPart>(JsonFields fields)
        where TPart : Part<T>
    {
        var part = _catalog.Read(fields);
        return part as TPart
            ?? throw new ModelFormatException(
                $"The metadata's {fields.Path} is a {_catalog.KindOf(part)}; expected a {PartCatalog<T>.NameOf(typeof(TPart))}.");
    }
}
