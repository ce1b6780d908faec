using System.Numerics;

namespace FlowCore.Parts;

/// <summary>What a class of parts says about itself: the name of its kind, and how to build a part from its constants.</summary>
/// <typeparam name="T">The number type.</typeparam>
public interface IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The name of the kind in files: lower case with hyphens. Files outlive classes, so it never changes.</summary>
    static abstract string Kind { get; }

    /// <summary>Builds a part from what <see cref="Part{T}.Write"/> wrote. Its parameters need no values: they are filled afterwards.</summary>
    /// <param name="reader">The constants; each must be taken.</param>
    /// <returns>The part, its parameters in the same order as when it was written.</returns>
    /// <exception cref="IO.ModelFormatException">A constant is missing or out of range.</exception>
    static abstract Part<T> Read(PartReader<T> reader);
}
