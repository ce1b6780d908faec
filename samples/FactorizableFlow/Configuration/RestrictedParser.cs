using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FactorizableFlow.Configuration;

/// <summary>
/// Passes YAML events on and refuses what no config needs and what costs more than it weighs when nodes are built from it: nesting
/// that would exhaust the stack, and keys that are not words. A key that is a section, or names one by an alias, has to be compared
/// through all it refers to, which a few lines make endless.
/// </summary>
internal sealed class RestrictedParser(IParser parser, int deepest) : IParser
{
    private readonly Stack<Container> _open = new();

    public ParsingEvent? Current => parser.Current;

    /// <summary>The line on which the last event began, counted from 1.</summary>
    public long Line { get; private set; } = 1;

    public bool MoveNext()
    {
        if (!parser.MoveNext())
            return false;
        var current = parser.Current!;
        Line = Math.Max(Line, current.Start.Line);
        switch (current)
        {
            case MappingEnd or SequenceEnd:
                _open.Pop();
                break;
            case NodeEvent or AnchorAlias:
                Visit(current);
                break;
        }

        return true;
    }

    private void Visit(ParsingEvent node)
    {
        if (_open.TryPeek(out var container) && container.IsMapping)
        {
            container.IsKeyNext = !container.IsKeyNext;
            if (!container.IsKeyNext && node is not Scalar)
                throw new YamlException(node.Start, node.End, "Expected a word as key, got a section, a list or an alias.");
        }

        if (node is not (MappingStart or SequenceStart))
            return;
        _open.Push(new Container(node is MappingStart));
        if (_open.Count > deepest)
            throw new YamlException(node.Start, node.End, $"Expected nesting of at most {deepest} levels, got more.");
    }

    private sealed class Container(bool isMapping)
    {
        public bool IsMapping { get; } = isMapping;

        public bool IsKeyNext { get; set; } = true;
    }
}
