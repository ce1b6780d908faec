using System.Diagnostics;
using NUnit.Framework;

namespace FlowCore.Tests.Packaging;

/// <summary>Commands run as a stranger runs them.</summary>
internal static class DotnetCommand
{
    /// <summary>Runs dotnet, which must succeed.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="arguments">The words.</param>
    /// <returns>Its output.</returns>
    public static string Run(string folder, params string[] arguments) => RunProgram(folder, "dotnet", arguments);

    /// <summary>Runs a program, which must succeed.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The words.</param>
    /// <returns>Its output.</returns>
    public static string RunProgram(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own settings are not the stranger's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, $"{program} {string.Join(' ', arguments)}\n{output}\n{error.Result}");
        return output;
    }
}
