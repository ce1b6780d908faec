using System.Globalization;

namespace FlowCore.Cli.Judging;

/// <summary>A region in one or two columns with more or fewer rows than the model puts there.</summary>
/// <param name="Where">Its ends: "2 &lt;= mass &lt; 3, 0 &lt;= pt &lt; 1".</param>
/// <param name="Rows">The rows in it.</param>
/// <param name="Expected">The rows that the model puts there.</param>
/// <param name="Deviation">The difference in standard deviations.</param>
/// <param name="PValue">The chance of a difference as large anywhere, where the model is right.</param>
internal sealed record WorstRegion(string Where, int Rows, double Expected, double Deviation, double PValue)
{
    /// <summary>The region as a sentence: "Where 2 &lt;= mass &lt; 3 there are 30 rows and the model expects 12.5: it puts too few there, 0.42 of what is seen (+3.9 σ)."</summary>
    public string InWords()
    {
        var share = Rows == 0 ? "where there is none" : string.Create(CultureInfo.InvariantCulture, $"{Expected / Rows:0.00} of what is seen");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Where {Where} there are {Rows} rows and the model expects {Expected:0.0}: it puts too {(Deviation > 0 ? "few" : "many")} there, {share} ({Deviation:+0.0;−0.0} σ).");
    }
}
