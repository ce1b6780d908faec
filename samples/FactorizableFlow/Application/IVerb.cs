using System.CommandLine;

namespace FactorizableFlow.Application;

/// <summary>One verb of the program.</summary>
internal interface IVerb
{
    /// <summary>The verb's command: name, help, flags, and an action that runs it in the given context.</summary>
    Command CreateCommand(StudyContext context);
}
