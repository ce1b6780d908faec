namespace Plotting;

/// <summary>One connected piece of a level set, in data units.</summary>
/// <param name="Points">Its points in order; the field is higher on the left when y points up.</param>
/// <param name="IsClosed">Whether the last point joins the first.</param>
public sealed record ContourLine(IReadOnlyList<PlotPoint> Points, bool IsClosed);
