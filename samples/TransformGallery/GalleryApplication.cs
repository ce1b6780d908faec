using System.CommandLine;
using CommandLine;

namespace TransformGallery;

/// <summary>The program: draws the figure of every transform.</summary>
internal static class GalleryApplication
{
    private const string OnlyVerb = "draw";

    private static readonly string _usual = Path.Combine("docs", "figures", "transforms");
    private static readonly Argument<string> _folder = new("FOLDER") { Description = "Where the figures go.", DefaultValueFactory = _ => _usual };
    private static readonly CommandApplication _application = new("The figures of docs/transforms.md.", new Verb(OnlyVerb, "Draw a figure of every transform.", [_folder], Draw));

    /// <summary>Runs the command line of this process; its only verb need not be named.</summary>
    /// <param name="args">The words after the program's name.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int RunProcess(IReadOnlyList<string> args) => _application.RunProcess(UsualVerb.Only(args, OnlyVerb));

    private static void Draw(CommandContext context, ParseResult parsed)
    {
        var folder = parsed.GetRequiredValue(_folder);
        OutputFile.PrepareFolder(folder);
        foreach (var entry in Gallery.All)
            entry.Draw().SaveSvg(Path.Combine(folder, entry.FileName));
        context.Reporter.Line($"{Gallery.All.Count} figures in {folder}");
    }
}
