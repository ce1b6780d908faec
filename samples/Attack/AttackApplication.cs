using System.CommandLine;
using CommandLine;

namespace Attack;

/// <summary>The program: exit code 0 where every promise of docs/reliability.md held, else 1.</summary>
internal static class AttackApplication
{
    private const string OnlyVerb = "attack";

    private static readonly AttackOptions _usual = new();
    private static readonly Option<int> _minutes = NumberOption.Whole("--minutes", "How long the whole attack may take; what is begun is finished.", _usual.Minutes);
    private static readonly Option<int> _mutants = NumberOption.Whole("--mutants", "Damaged files, at most.", _usual.Mutants, minimum: 0);
    private static readonly Option<int> _kills = NumberOption.Whole("--kills", "Trainings that are killed, at most.", _usual.Kills, minimum: 0);
    private static readonly Option<int> _seed = NumberOption.Whole("--seed", "The same seed gives the same files; kills depend on the clock as well.", _usual.Seed, minimum: 0);
    private static readonly CommandApplication _application = new(
        "Files damaged at random and runs killed at any moment, judged from outside.",
        new Verb(OnlyVerb, "Attack the library until the time is over, then print a table.", [_minutes, _mutants, _kills, _seed], (_, parsed) => AttackRun.Run(new AttackOptions
        {
            Minutes = parsed.GetValue(_minutes),
            Mutants = parsed.GetValue(_mutants),
            Kills = parsed.GetValue(_kills),
            Seed = parsed.GetValue(_seed),
        })));

    /// <summary>Runs the command line of this process; its only verb need not be named.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(UsualVerb.Only(args, OnlyVerb));
}
