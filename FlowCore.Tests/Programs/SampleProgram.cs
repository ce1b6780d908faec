using System.Reflection;
using System.Xml.Linq;
using FlowCore.Tests.Packaging;

namespace FlowCore.Tests.Programs;

/// <summary>A program of the samples folder, called in this process through its entry point.</summary>
/// <param name="name">The name of its assembly.</param>
/// <param name="isOnCommandLine">Whether it is built on samples/CommandLine.</param>
internal sealed class SampleProgram(string name, bool isOnCommandLine)
{
    /// <summary>Whether it is built on samples/CommandLine; otherwise it is of the library alone.</summary>
    public bool IsOnCommandLine => isOnCommandLine;

    /// <summary>All of them, by the projects of the folder that are executables.</summary>
    public static IEnumerable<SampleProgram> All()
    {
        foreach (var path in Directory.EnumerateFiles(Repository.Path("samples"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var project = XDocument.Load(path);
            if (project.Descendants("OutputType").All(type => type.Value != "Exe"))
                continue;
            var uses = project.Descendants("ProjectReference").Select(reference => reference.Attribute("Include")!.Value);
            yield return new SampleProgram(
                project.Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path),
                uses.Any(use => use.Contains("CommandLine", StringComparison.Ordinal) || use.Contains("Cli", StringComparison.Ordinal)));
        }
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <returns>The exit code and what was written to the two streams.</returns>
    public (int Code, string Output, string Error) Run(params string[] words)
    {
        var main = Assembly.Load(name).EntryPoint!;
        var (output, error) = (Console.Out, Console.Error);
        using StringWriter outputOfProgram = new(), errorOfProgram = new();
        try
        {
            Console.SetOut(outputOfProgram);
            Console.SetError(errorOfProgram);
            var code = (int)main.Invoke(null, [words])!;
            return (code, outputOfProgram.ToString(), errorOfProgram.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => name;
}
