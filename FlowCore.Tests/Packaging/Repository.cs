using NUnit.Framework;

namespace FlowCore.Tests.Packaging;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its top folder.</summary>
    public static string Root { get; } = Find();

    /// <summary>The path of a file or folder in it.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "FlowCore.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests must run inside of the repository.");
    }
}
