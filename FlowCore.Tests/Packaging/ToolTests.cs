using NUnit.Framework;

namespace FlowCore.Tests.Packaging;

/// <summary>The program as a .NET tool: packed from what was built, installed from the packed file alone, and run.</summary>
[TestFixture]
public sealed class ToolTests
{
    private const string Version = "0.1.0-tooltest";

    [Test]
    public void The_tool_is_packed_installed_from_a_local_source_and_fits_a_density()
    {
        var folder = Directory.CreateTempSubdirectory("flowcore-tool-").FullName;
        try
        {
            // The tests were built with it, in the same configuration.
            var configuration = new DirectoryInfo(TestContext.CurrentContext.TestDirectory).Parent!.Name;
            var feed = Path.Combine(folder, "feed");
            DotnetCommand.Run(folder, "pack", Repository.Path("samples", "FlowCore.Cli", "FlowCore.Cli.csproj"), "--no-build", "-c", configuration, "-o", feed, $"-p:Version={Version}");
            File.WriteAllText(Path.Combine(folder, "nuget.config"), """
                <configuration>
                  <packageSources>
                    <clear />
                    <add key="packed" value="feed" />
                  </packageSources>
                </configuration>
                """);
            var tools = Path.Combine(folder, "tools");
            DotnetCommand.Run(folder, "tool", "install", "FlowCore.Cli", "--tool-path", tools, "--version", Version, "--configfile", Path.Combine(folder, "nuget.config"));
            var program = Path.Combine(tools, OperatingSystem.IsWindows() ? "flowcore.exe" : "flowcore");
            Assert.That(DotnetCommand.RunProgram(folder, program, "help"), Does.Contain("diagnose"));
            File.Copy(Repository.Path("samples", "FlowCore.Cli", "data", "showers.csv"), Path.Combine(folder, "showers.csv"));
            DotnetCommand.RunProgram(folder, program, "fit", "showers.csv", "-o", "m.safetensors", "--flow", "affine", "--epochs", "1");
            Assert.That(DotnetCommand.RunProgram(folder, program, "evaluate", "m.safetensors", "showers.csv"), Does.Contain("mean -ln p"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
