namespace LognormalFields;

/// <summary>Finds the configs and models that come with the program, wherever it is started from.</summary>
internal static class SampleFolder
{
    private static readonly string _mark = Path.Combine("configs", "pointwise.json");
    private static readonly string _inRepository = Path.Combine("samples", "Fields");

    /// <summary>The folder: the first with configs/pointwise.json above the current folder or the program.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find()
    {
        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                foreach (var candidate in new[] { folder.FullName, Path.Combine(folder.FullName, _inRepository) })
                {
                    if (File.Exists(Path.Combine(candidate, _mark)))
                        return candidate;
                }
            }
        }

        throw new DirectoryNotFoundException("The folder samples/Fields, with configs and models, is not above the current folder.");
    }
}
