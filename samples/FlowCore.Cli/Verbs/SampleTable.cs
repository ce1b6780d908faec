namespace FlowCore.Cli.Verbs;

/// <summary>A sample to draw. Immutable.</summary>
/// <param name="Name">The file it is from.</param>
/// <param name="Variables">The variables' names as markup.</param>
/// <param name="Columns">One array a variable, all of one length.</param>
internal sealed record SampleTable(string Name, string[] Variables, double[][] Columns);
