using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FactorizableFlow.Configuration;

/// <summary>Passes YAML events on and refuses nesting so deep that building nodes from it would exhaust the stack.</summary>
internal sealed class DepthLimitedParser(IParser parser, int deepest) : IParser
{
    private int _depth;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        if (!parser.MoveNext())
            return false;

        _depth += parser.Current!.NestingIncrease;
        return _depth <= deepest
            ? true
            : throw new YamlException(parser.Current.Start, parser.Current.End, $"The nesting is deeper than {deepest} levels.");
    }
}
