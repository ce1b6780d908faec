using System.CommandLine;

namespace CommandLine;

/// <summary>Flags that name a folder to write to.</summary>
public static class FolderOption
{
    /// <summary>A folder with a usual name.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    /// <param name="usual">What counts where the flag is left out.</param>
    public static Option<string> Create(string name, string description, string usual) => new(name)
    {
        Description = description,
        HelpName = "FOLDER",
        DefaultValueFactory = _ => usual,
    };

    /// <summary>A folder without which nothing is written.</summary>
    /// <param name="name">The flag.</param>
    /// <param name="description">Its help.</param>
    public static Option<string?> Optional(string name, string description) => new(name)
    {
        Description = $"{description} [default: none]",
        HelpName = "FOLDER",
    };
}
