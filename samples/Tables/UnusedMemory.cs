namespace Tables;

/// <summary>What nobody uses any more. The collector knows no limit but the machine's and would keep it.</summary>
internal static class UnusedMemory
{
    /// <summary>Gives it to the system.</summary>
    public static void Return() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
}
