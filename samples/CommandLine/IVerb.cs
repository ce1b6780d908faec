using System.CommandLine;

namespace CommandLine;

/// <summary>One verb of the program.</summary>
public interface IVerb
{
    /// <summary>The verb's command: name, help, flags, and an action that runs it in the given context.</summary>
    /// <param name="context">Where to report, and when to stop.</param>
    Command CreateCommand(CommandContext context);
}
