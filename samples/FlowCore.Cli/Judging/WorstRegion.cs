namespace FlowCore.Cli.Judging;

/// <summary>A region in one or two columns with more or fewer rows than the model puts there.</summary>
/// <param name="Where">Its ends: "2 &lt;= mass &lt; 3, 0 &lt;= pt &lt; 1".</param>
/// <param name="Rows">The rows in it.</param>
/// <param name="Expected">The rows that the model puts there.</param>
/// <param name="Deviation">The difference in standard deviations.</param>
/// <param name="PValue">The chance of a difference as large anywhere, where the model is right.</param>
internal sealed record WorstRegion(string Where, int Rows, double Expected, double Deviation, double PValue);
