using System.Numerics;

namespace FlowCore.Parts;

/// <summary>An explicit list of kinds of parts, one line a kind, for every number type.</summary>
/// <remarks>Give it to <see cref="PartRegistry.Add"/> once, when the program starts, to save and load parts of your own.</remarks>
public interface IPartList
{
    /// <summary>Adds each kind of the list.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="catalog">Where to.</param>
    void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
