using System.CommandLine;
using CommandLine;
using Tables;

namespace FlowCore.Cli.Data;

/// <summary>The column of the weights of rows that a model is judged on: what the flag says, else what the fit had.</summary>
internal static class WeightColumn
{
    /// <summary>The word for rows that count alike.</summary>
    public const string None = "none";

    /// <summary>The flag.</summary>
    public static Option<string?> Option() => new("--weights")
    {
        Description = $"The column with the weights of the rows, at least 0; {None} to count rows alike. [default: that of the fit, where the model notes one]",
        HelpName = "NAME",
    };

    /// <summary>Which column it is; what was not asked for is said.</summary>
    /// <param name="reporter">Where it is said.</param>
    /// <param name="table">The table.</param>
    /// <param name="asked">The flag's value; null without it.</param>
    /// <param name="noted">The column of the fit; null where the model notes none.</param>
    /// <returns>The name; null for rows that count alike. A name that was asked for may be none of the table's.</returns>
    public static string? Of(ConsoleReporter reporter, Table table, string? asked, string? noted)
    {
        if (asked is not null)
            return asked == None && !table.Columns.Contains(None) ? null : asked;
        if (noted is null)
            return null;
        if (table.Columns.Contains(noted))
        {
            reporter.Line($"{table.Name}: rows have the weights '{noted}', as in the fit; --weights {None} counts them alike.");
            return noted;
        }

        reporter.Warning($"the model was fitted with weights '{noted}', {table.Name} has no such column: rows count alike.");
        return null;
    }
}
