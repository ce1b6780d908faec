namespace FlowCore.Tests.Cli;

/// <summary>A command line that cannot be.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Sentence">What it is told, from its beginning on; @ is the folder.</param>
/// <param name="Words">The words; @ is the folder.</param>
internal sealed record BadCommandLine(int Code, string Sentence, string[] Words)
{
    public override string ToString() => string.Join(' ', Words);
}
