using NUnit.Framework;

namespace FlowCore.Tests.Golden;

/// <summary>The test vectors of the reference, which the build copies beside the tests.</summary>
internal static class GoldenFolder
{
    /// <summary>The path of a file of the vectors: "nsf_d2_c2.npz".</summary>
    public static string File(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", name);

    /// <summary>The state dictionaries of all reference models.</summary>
    public static string[] StateDictionaries() => Directory.GetFiles(Path.GetDirectoryName(File("*"))!, "*.pt");
}
