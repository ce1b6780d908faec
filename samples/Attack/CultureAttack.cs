namespace Attack;

/// <summary>The same command under other languages: the same bytes and the same sentences.</summary>
internal static class CultureAttack
{
    /// <summary>The languages.</summary>
    public static IReadOnlyList<string> Cultures { get; } = ["tr-TR", "de-DE", "ar-SA", "hi-IN"];

    /// <summary>Trains, inspects and is refused under a language, and compares.</summary>
    /// <param name="folder">A folder to work in.</param>
    /// <param name="culture">The language.</param>
    /// <param name="row">Counts it.</param>
    public static void Run(TrainingFolder folder, string culture, AttackRow row)
    {
        string[][] commands = [folder.Command(), ["inspect", folder.Model], folder.Command("--lr"), ["log-prob", folder.Model, "--x", "none.npy", "-o", "x"]];
        folder.Clear();
        var expected = Results(folder, commands, "C");
        folder.Clear();
        var actual = Results(folder, commands, culture.Replace('-', '_') + ".UTF-8");
        for (var i = 0; i < commands.Length; i++)
            row.Count(refused: false, actual[i] == expected[i] ? null : $"'{commands[i][0]}' differs: {actual[i]}");
    }

    private static string[] Results(TrainingFolder folder, string[][] commands, string language)
    {
        var environment = new Dictionary<string, string> { ["LANG"] = language, ["LC_ALL"] = language, ["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "0" };
        return
        [
            .. commands.Select(command =>
            {
                using var process = StudyProcess.Start("", environment, command);
                var (code, output, error) = process.Wait(TimeSpan.FromMinutes(2)) ?? (-1, "", "it did not end");
                var bytes = File.Exists(folder.Model) ? Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(folder.Model))) : "";

                // What a training prints beside the model has times in it.
                return command[0] == "train-base-flows" ? $"{code} {error} {bytes}" : $"{code} {output} {error}";
            }),
        ];
    }
}
