using System.Numerics;

namespace FlowCore.Parts;

/// <summary>The lists of kinds that files may name: the library's own, and what <see cref="Add"/> makes known.</summary>
/// <remarks>Thread-safe. A file names kinds, never types of .NET, so nothing but what stands in a list can be built from one.</remarks>
public static class PartRegistry
{
    private static readonly Lock _lock = new();
    private static readonly List<IPartList> _lists = [new KnownParts()];

    /// <summary>Makes the kinds of a list known, for all number types.</summary>
    /// <param name="list">The list. A list that was added before is not added again.</param>
    /// <exception cref="ArgumentException">One of its kinds has the name of another.</exception>
    public static void Add(IPartList list)
    {
        ArgumentNullException.ThrowIfNull(list);
        lock (_lock)
        {
            if (_lists.Exists(known => known.GetType() == list.GetType()))
                return;

            // Both number types that models are made of are tried before the list counts.
            _ = CatalogOf<float>([.. _lists, list]);
            _ = CatalogOf<double>([.. _lists, list]);
            _lists.Add(list);
        }
    }

    /// <summary>All known kinds for a number type.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <returns>The catalog as it is now.</returns>
    internal static PartCatalog<T> Catalog<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        lock (_lock)
        {
            if (Cache<T>.Catalog is not { } catalog || Cache<T>.Lists != _lists.Count)
            {
                catalog = CatalogOf<T>(_lists);
                Cache<T>.Catalog = catalog;
                Cache<T>.Lists = _lists.Count;
            }

            return catalog;
        }
    }

    private static PartCatalog<T> CatalogOf<T>(List<IPartList> lists)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var catalog = new PartCatalog<T>();
        foreach (var list in lists)
            list.AddTo(catalog);
        return catalog;
    }

    private static class Cache<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static PartCatalog<T>? Catalog { get; set; }

        public static int Lists { get; set; }
    }
}
