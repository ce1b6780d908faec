using System.CommandLine;
using CommandLine;

namespace FlowCore.Cli.Verbs;

/// <summary>Flags and arguments that the verbs on any saved model share.</summary>
internal static class ModelOptions
{
    /// <summary>The extension of model files.</summary>
    public const string Extension = ".safetensors";

    /// <summary>The extension of figures.</summary>
    public const string Figure = ".svg";

    public static Argument<string> Model() => new("MODEL")
    {
        Description = "A model file of this program, or a state dictionary of PyTorch; the content tells which.",
    };

    public static Option<string?> Base() => new("--base")
    {
        Description = "The base flow of a residual. [default: the one its file names]",
        HelpName = "FILE",
    };

    public static Option<string?> Context() => new("--context")
    {
        Description = "Context: a table with a row for each row, or one for all (.csv, .npy, .parquet and others, columns by the names that the model notes); or numbers such as 1,0.",
        HelpName = "FILE|NUMBERS",
    };

    public static Option<string?> Nuisances() => new("--nu")
    {
        Description = "Nuisances of a residual: an .npy file with a row for each row, or one for all; or numbers such as 0.5,-1.",
        HelpName = "FILE|NUMBERS",
    };

    public static Option<string> Output(string description) => new("--output", "-o")
    {
        Description = description,
        HelpName = "FILE",
        Required = true,
    };

    /// <summary>Refuses a name that is not that of a file of its kind.</summary>
    /// <param name="path">The name.</param>
    /// <param name="flag">The flag, for the message.</param>
    /// <param name="extension">What it has to end with.</param>
    public static void RequireExtension(string path, string flag, string extension = Extension)
    {
        if (!Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"{flag} must name a {extension} file, but it is '{path}'.");
    }

    public static Option<bool> Double() => new("--double")
    {
        Description = "Compute and write in double precision, to verify; the default is float.",
    };
}
