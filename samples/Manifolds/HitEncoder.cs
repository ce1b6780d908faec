using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Networks;
using FlowCore.Parts;

namespace ManifoldsSample;

/// <summary>An encoder of one's own, of hits: the mean of what a network says of each hit, the mean of the hits and of the products of their time with their places, and how many there are.</summary>
/// <remarks>The products are what the direction of a line is made of; the network need not find them.</remarks>
internal sealed class HitEncoder<T> : RaggedEncoder<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _hits;
    private readonly Network<T> _events;

    /// <summary>A fresh encoder.</summary>
    /// <param name="layout">The rows of events; the last number of a hit is its time.</param>
    /// <param name="units">The units of the networks.</param>
    /// <param name="outputs">The numbers of a code.</param>
    public HitEncoder(RaggedLayout layout, int units, int outputs)
        : this(
            layout, new Mlp<T>([layout.ItemFeatures, units, units], UnaryFunction.Tanh, "hits"),
            new Mlp<T>([units + (2 * layout.ItemFeatures) + 1, units, outputs], UnaryFunction.Tanh, "events"))
    {
    }

    private HitEncoder(RaggedLayout layout, Network<T> hits, Network<T> events)
        : base(layout, events.Outputs, [.. hits.Parameters, .. events.Parameters]) => (_hits, _events) = (hits, events);

    public static string Kind => "sample-hit-encoder";

    public static Part<T> Read(PartReader<T> reader) => new HitEncoder<T>(
        new RaggedLayout(reader.Size("maximum_items"), reader.Size("item_features")), reader.Part<Network<T>>("hits"), reader.Part<Network<T>>("events"));

    protected override void Write(PartWriter writer)
    {
        writer.Write("maximum_items", Layout.MaximumItems);
        writer.Write("item_features", Layout.ItemFeatures);
        writer.Write("hits", _hits);
        writer.Write("events", _events);
    }

    protected override Variable<T> Encode(Tape<T> tape, in RaggedBlock<T> events)
    {
        var sum = tape.Zeros(_hits.Outputs + (2 * Layout.ItemFeatures));
        for (var j = 0; j < events.Longest; j++)
        {
            var hit = events.Item(j);
            var next = sum + VariableFunctions.Concatenate(_hits.Apply(hit), hit, hit * hit.Slice(Layout.ItemFeatures - 1, 1));

            // An event that has no such hit keeps its sum.
            var has = events.Has(j);
            sum = has.IsNone ? next : has.Where(next, sum);
        }

        return _events.Apply(VariableFunctions.Concatenate(sum / events.Counts.Max(tape.Constant(T.One)), events.Counts.Log1p()));
    }
}
