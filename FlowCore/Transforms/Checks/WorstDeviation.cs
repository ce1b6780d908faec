using System.Runtime.InteropServices;

namespace FlowCore.Transforms;

/// <summary>The worst of many deviations, and where it is.</summary>
internal sealed class WorstDeviation
{
    private double _worst = -1;
    private string _where = "";

    /// <summary>Counts numbers that must have the same bits.</summary>
    public static LawResult Bits<T>(string law, IEnumerable<(string What, T[] Expected, T[] Found)> pairs)
        where T : unmanaged
    {
        var count = 0;
        var where = "";
        foreach (var (what, expected, found) in pairs)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                if (MemoryMarshal.AsBytes(expected.AsSpan(i, 1)).SequenceEqual(MemoryMarshal.AsBytes(found.AsSpan(i, 1))))
                    continue;
                if (count++ == 0)
                    where = FormattableString.Invariant($"number {i} of {what}: {expected[i]:R} and {found[i]:R}");
            }
        }

        return new LawResult(law, count, 0, where);
    }

    /// <summary>Notes two numbers that should agree.</summary>
    public void Note(double expected, double found, double unit, string what, int row, int column = 0)
    {
        var deviation = expected.Equals(found) ? 0 : Math.Abs(expected - found) / unit;
        if (!double.IsFinite(deviation) || !double.IsFinite(found))
            deviation = double.PositiveInfinity;
        if (deviation <= _worst)
            return;
        _worst = deviation;
        _where = FormattableString.Invariant($"{what}, row {row}, column {column}: {expected:R} and {found:R}");
    }

    public LawResult For(string law, double tolerance) => new(law, Math.Max(_worst, 0), tolerance, _where);
}
