namespace CommandLine;

/// <summary>What the program returns to the shell.</summary>
public static class ExitCode
{
    /// <summary>The work is done.</summary>
    public const int Success = 0;

    /// <summary>The work failed; one sentence on the error stream says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line asks for something that does not exist.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C, as shells count it: 128 plus the signal's number.</summary>
    public const int Cancelled = 130;
}
