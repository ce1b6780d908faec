using System.CommandLine;
using CommandLine;

namespace FlowCore.Cli.Data;

/// <summary>Flags that name columns of a table.</summary>
internal static class ColumnList
{
    /// <summary>A flag that takes a comma list of names.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    public static Option<string?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "NAMES",
    };

    /// <summary>The names of a list.</summary>
    /// <param name="list">The flag's value.</param>
    /// <param name="flag">The flag, for messages.</param>
    /// <param name="what">What the names are of, for messages.</param>
    /// <exception cref="UsageException">A name is empty or comes twice.</exception>
    public static string[] Split(string list, string flag, string what = "column")
    {
        var names = list.Split(',', StringSplitOptions.TrimEntries);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0)
                throw new UsageException($"{flag} must be names of {what}s with commas between them, but it is '{list}'.");
            if (Array.IndexOf(names, names[i]) < i)
                throw new UsageException($"{flag} names the {what} '{names[i]}' twice.");
        }

        return names;
    }
}
