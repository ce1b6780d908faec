namespace FlowCore.Cli.Exchange;

/// <summary>A univariate map of which zuko makes a flow of its own.</summary>
/// <param name="Class">The class of the flow.</param>
/// <param name="Arguments">What its constructor says of the map.</param>
/// <param name="Flags">What import has to be told where a file does not state it; empty for nothing.</param>
internal sealed record FlowMap(string Class, string Arguments, string Flags);
