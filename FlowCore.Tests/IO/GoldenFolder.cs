using NUnit.Framework;

namespace FlowCore.Tests.IO;

/// <summary>
/// Reference models with their arrays, which are not part of the project: the folder shared/golden beside an ancestor
/// of the tests, or the one that the environment variable FLOWCORE_GOLDEN names.
/// </summary>
internal static class GoldenFolder
{
    public static string FindOrIgnore()
    {
        var folder = Environment.GetEnvironmentVariable("FLOWCORE_GOLDEN");
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); folder is null && at is not null; at = at.Parent)
        {
            var candidate = Path.Combine(at.FullName, "shared", "golden");
            folder = Directory.Exists(candidate) ? candidate : null;
        }

        if (folder is null || !Directory.Exists(folder))
        {
            Assert.Ignore("The reference models are not here: no folder shared/golden beside an ancestor, no FLOWCORE_GOLDEN.");
        }

        return folder!;
    }
}
