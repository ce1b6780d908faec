using System.CommandLine;
using CommandLine;

namespace FactorizableFlow.Verbs;

/// <summary>Flags that several verbs of the study share: what a config may say as well.</summary>
internal static class StudyOptions
{
    private const string OfConfig = "the config's, or ";

    public static Option<string> Config() => new("--cfg", "-c")
    {
        Description = "The YAML config. Paths in it are relative to its own folder.",
        HelpName = "FILE",
        Required = true,
    };

    public static Option<ulong?> Seed() => CommonOptions.Seed(OfConfig + CommonOptions.DefaultSeed);

    public static Option<int?> Threads() => CommonOptions.Threads(OfConfig + "0");

    public static Option<string?> Device() => CommandDevice.Option(OfConfig + CommandDevice.Processor);
}
