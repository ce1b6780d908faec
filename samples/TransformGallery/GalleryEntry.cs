using Plotting;

namespace TransformGallery;

/// <summary>A figure of the gallery.</summary>
/// <param name="Name">Its name, that of the file.</param>
/// <param name="Draw">Draws it, the same bytes at every call.</param>
internal sealed record GalleryEntry(string Name, Func<Figure> Draw)
{
    /// <summary>The name of its file.</summary>
    public string FileName => $"{Name}.svg";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
