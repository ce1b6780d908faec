using FactorizableFlow.Training;

namespace FactorizableFlow.Configuration;

/// <summary>The paths of a config, found wrong when the config is read and not after hours of training.</summary>
internal static class ConfigPath
{
    /// <summary>A path of the section "paths", made absolute; null where it names none.</summary>
    /// <param name="map">The section.</param>
    /// <param name="key">The key.</param>
    /// <param name="folder">The config's folder.</param>
    /// <exception cref="ConfigurationException">The path can be no file's.</exception>
    public static string? Resolve(ConfigMap map, string key, string folder)
    {
        if (map.OptionalText(key) is not { } path)
            return null;
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            throw map.Error(key, $"'{map.Name(key)}' must be the path of a file, but it is empty or holds a null character.");
        var full = Path.GetFullPath(path, folder);
        return Path.EndsInDirectorySeparator(full) || Path.GetFileName(path) is "." or ".." || Directory.Exists(full)
            ? throw map.Error(key, $"'{map.Name(key)}' must be the path of a file, but '{path}' is a folder.")
            : full;
    }

    /// <summary>Refuses two models in one file: the second to be trained would replace the first.</summary>
    /// <param name="map">The section.</param>
    /// <param name="paths">Its paths.</param>
    /// <exception cref="ConfigurationException">Two keys name one file.</exception>
    public static void RequireDifferent(ConfigMap map, PathSettings paths)
    {
        (string Key, string? Path)[] written =
        [
            ("kin_model", paths.KinModel), ("score_model", paths.ScoreModel),
            ("kin_residual_model", paths.KinResidualModel), ("score_residual_model", paths.ScoreResidualModel),
        ];
        (string Key, string? Path)[] read = [("kin_base_model", paths.KinBaseModel), ("score_base_model", paths.ScoreBaseModel)];
        for (var i = 0; i < written.Length; i++)
        {
            // A residual must not replace the base that it stands on; a base flow may well be some residual's.
            foreach (var other in i < 2 ? written[..i] : [.. written[..i], .. read])
            {
                if (written[i].Path is { } path && other.Path is { } taken && ModelPath.ForWriting(path) == ModelPath.ForWriting(taken))
                {
                    throw map.Error(
                        written[i].Key, $"'{map.Name(written[i].Key)}' must be a file of its own, but '{map.Name(other.Key)}' is '{ModelPath.ForWriting(taken)}' as well.");
                }
            }
        }
    }
}
