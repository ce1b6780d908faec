namespace FlowCore.Numerics;

/// <summary>Working memory of the calling thread, kept from one use to the next so that nothing is allocated when warm.</summary>
/// <remarks>A span is valid until the same thread asks again: ask once for all that a computation needs, and call nothing that asks, too.</remarks>
internal static class Workspace
{
    [ThreadStatic]
    private static double[]? _numbers;

    [ThreadStatic]
    private static int[]? _integers;

    /// <summary>Numbers; their content is unspecified.</summary>
    internal static Span<double> Numbers(int length)
    {
        if (_numbers is null || _numbers.Length < length)
            _numbers = new double[length];
        return _numbers.AsSpan(0, length);
    }

    /// <summary>Integers; their content is unspecified.</summary>
    internal static Span<int> Integers(int length)
    {
        if (_integers is null || _integers.Length < length)
            _integers = new int[length];
        return _integers.AsSpan(0, length);
    }
}
