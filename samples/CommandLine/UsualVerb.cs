namespace CommandLine;

/// <summary>Command lines whose verb is left out.</summary>
public static class UsualVerb
{
    private static readonly string[] _ofProgram = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>Puts the usual verb in front of a command line that has no word or begins with a flag of its own; help and version stay those of the program.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="verb">The verb.</param>
    /// <returns>The words with a verb.</returns>
    public static IReadOnlyList<string> Complete(IReadOnlyList<string> args, string verb)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args.Count == 0 || (args[0].StartsWith('-') && !_ofProgram.Contains(args[0])) ? [verb, .. args] : args;
    }

    /// <summary>Puts the only verb of a program in front of its command line, so that it need not be named; its help is that of the program.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <param name="verb">The verb.</param>
    /// <returns>The words with the verb.</returns>
    public static IReadOnlyList<string> Only(IReadOnlyList<string> args, string verb)
    {
        ArgumentNullException.ThrowIfNull(args);
        return args switch
        {
            ["--version"] => args,
            ["help"] => [verb, "--help"],
            [var first, ..] when first == verb => args,
            _ => [verb, .. args],
        };
    }
}
