using System.Collections.ObjectModel;

namespace TransformGallery;

/// <summary>The figures of the page about transforms, <c>docs/transforms.md</c>.</summary>
internal static class Gallery
{
    /// <summary>All of them, in the order of the page.</summary>
    public static ReadOnlyCollection<GalleryEntry> All { get; } = [.. LineEntries.All, .. PlaneEntries.All, .. BaseEntries.All];
}
