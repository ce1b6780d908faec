namespace FactorizableFlow.Validation;

/// <summary>Finds the study's own configs and models, wherever the program is started from.</summary>
internal static class StudyFolder
{
    private static readonly string _mark = Path.Combine("configs", "base_flows.yaml");
    private static readonly string _inRepository = Path.Combine("samples", "FactorizableFlow");

    /// <summary>The study's folder: the given one, or the first with configs/base_flows.yaml above the current folder or the program.</summary>
    /// <param name="given">What the user named, or null.</param>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static string Find(string? given)
    {
        if (given is not null)
        {
            return File.Exists(Path.Combine(given, _mark))
                ? given
                : throw new DirectoryNotFoundException($"The folder '{given}' is not the study's: it has no {_mark}.");
        }

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

        throw new DirectoryNotFoundException(
            "The study's folder (samples/FactorizableFlow, with configs and models) is not above the current folder; --study-dir names it.");
    }
}
