namespace Plotting;

/// <summary>How a shape is painted.</summary>
internal enum ShapeKind
{
    /// <summary>Lines along the paths.</summary>
    Stroke,

    /// <summary>The area inside the closed paths, even-odd.</summary>
    Fill,

    /// <summary>As Fill, with sharp edges so that neighbours meet without a seam.</summary>
    Cells,

    /// <summary>A marker at every point of the paths.</summary>
    Markers,
}
