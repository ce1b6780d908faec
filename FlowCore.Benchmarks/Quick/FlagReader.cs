namespace FlowCore.Benchmarks.Quick;

/// <summary>Reads flags that each take a value.</summary>
internal static class FlagReader
{
    /// <summary>The flags in their order, with their values.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <param name="usage">What is told with every error.</param>
    /// <param name="names">The flags that there are.</param>
    /// <exception cref="ArgumentException">An argument is unknown or lacks its value.</exception>
    public static List<(string Name, string Value)> Read(ReadOnlySpan<string> arguments, string usage, params ReadOnlySpan<string> names)
    {
        var flags = new List<(string, string)>();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!names.Contains(arguments[i]))
                throw new ArgumentException($"unknown argument '{arguments[i]}'; {usage}");
            if (i + 1 == arguments.Length)
                throw new ArgumentException($"'{arguments[i]}' lacks its value; {usage}");
            flags.Add((arguments[i], arguments[i + 1]));
        }

        return flags;
    }
}
