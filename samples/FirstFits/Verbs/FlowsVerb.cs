using System.CommandLine;
using CommandLine;

namespace FirstFits.Verbs;

/// <summary>flows: the table of all ready-made flows.</summary>
internal sealed class FlowsVerb : IVerb
{
    public Command CreateCommand(CommandContext context)
    {
        var names = ProblemOptions.Names("a choice of six");
        var command = new Command("flows", "Every ready-made flow with its defaults on the densities without context, as a table in Markdown.") { names };
        command.SetAction(parsed =>
        {
            var chosen = parsed.GetValue(names) is { Length: > 0 } given ? given : FlowTable.Usual;
            FlowTable.Print(context.Reporter.Line, [.. ProblemOptions.Named(chosen).Where(problem => problem.ContextFeatures == 0)]);
            return ExitCode.Success;
        });
        return command;
    }
}
