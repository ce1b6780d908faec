namespace Tables;

/// <summary>Rows from one precision to the other.</summary>
internal static class Precision
{
    /// <summary>Rounds to single precision.</summary>
    public static float[] Narrow(ReadOnlySpan<double> numbers)
    {
        var narrow = new float[numbers.Length];
        for (var i = 0; i < narrow.Length; i++)
            narrow[i] = (float)numbers[i];
        return narrow;
    }

    /// <summary>The same numbers in double precision.</summary>
    public static double[] Widen(ReadOnlySpan<float> numbers)
    {
        var wide = new double[numbers.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = numbers[i];
        return wide;
    }
}
