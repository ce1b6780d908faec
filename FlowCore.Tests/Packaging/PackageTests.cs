using System.IO.Compression;
using NUnit.Framework;

namespace FlowCore.Tests.Packaging;

/// <summary>The package as a stranger meets it: packed, looked into, and referenced by a project outside of the repository.</summary>
[TestFixture]
public sealed class PackageTests
{
    private const string Version = "0.1.0-packagetest";

    private string _folder = "";
    private string _package = "";

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = Directory.CreateTempSubdirectory("flowcore-package-").FullName;
        var library = Repository.Path("FlowCore", "FlowCore.csproj");
        DotnetCommand.Run(_folder, "pack", library, "-c", "Release", "-o", Path.Combine(_folder, "feed"), $"-p:Version={Version}", "--artifacts-path", Path.Combine(_folder, "artifacts"));
        _package = Path.Combine(_folder, "feed", $"FlowCore.{Version}.nupkg");
    }

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void The_package_holds_library_documentation_readme_and_licence_and_depends_on_tensors_alone()
    {
        using var zip = ZipFile.OpenRead(_package);
        var names = zip.Entries.Select(entry => entry.FullName).ToList();
        using var reader = new StreamReader(zip.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open());
        var specification = reader.ReadToEnd();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(names, Does.Contain("lib/net10.0/FlowCore.dll"));
            Assert.That(names, Does.Contain("lib/net10.0/FlowCore.xml"));
            Assert.That(names, Does.Contain("README.md"));
            Assert.That(specification, Does.Contain("<license type=\"expression\">MIT</license>"));
            Assert.That(specification.Split("<dependency ").Skip(1).ToList(), Has.Count.EqualTo(1).And.All.StartsWith("id=\"System.Numerics.Tensors\""));
            Assert.That(File.Exists(Path.ChangeExtension(_package, ".snupkg")), "symbols");
        }
    }

    [Test]
    public void A_project_that_references_the_package_trains_a_flow_and_samples_from_it()
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "consumer")).FullName;
        File.WriteAllText(Path.Combine(project, "nuget.config"), """
            <configuration>
              <packageSources>
                <add key="packed" value="../feed" />
              </packageSources>
            </configuration>
            """);
        // The user's own package folder serves the dependencies; the packed library lands in a folder that goes with the test.
        File.WriteAllText(Path.Combine(project, "consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{Path.Combine(_folder, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{UserPackages()}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowCore" Version="{Version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), """
            using System.Numerics.Tensors;
            using FlowCore.Flows;
            using FlowCore.Training;

            var random = new Random(1);
            var data = new float[2000 * 2];
            for (var i = 0; i < data.Length; i++)
                data[i] = 3 + random.NextSingle() - random.NextSingle();
            var samples = Tensor.Create(data, [2000, 2]);

            var flow = NeuralSplineFlow.Create<float>(features: 2);
            flow.Fit(samples, options: new TrainingOptions { Epochs = 3 });
            var drawn = flow.Sample(1000, seed: 1);

            var mean = 0.0;
            foreach (var value in drawn)
                mean += value / 2000.0;
            Console.WriteLine($"{drawn.Lengths[0]} rows, mean within bounds: {Math.Abs(mean - 3) < 0.5}");
            """);
        var output = DotnetCommand.Run(project, "run", "-c", "Release");
        Assert.That(output.Trim(), Does.EndWith("1000 rows, mean within bounds: True"));
    }

    private static string UserPackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
