using System.CommandLine;

namespace FlowCore.Cli.Verbs;

/// <summary>Flags and arguments that the verbs on any saved model share.</summary>
internal static class ModelOptions
{
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
        Description = "Context: an .npy file with a row for each row, or one for all; or numbers such as 1,0.",
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

    public static Option<bool> Double() => new("--double")
    {
        Description = "Compute and write in double precision, to verify; the default is float.",
    };
}
