using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>An encoder of sets, whose order means nothing: ρ(pool of φ(o_1), …, φ(o_n)) with the pool [mean, ln(1 + n)], and where wanted the maximum and the sum.</summary>
/// <remarks>
/// Zaheer and others 2017, "Deep sets", theorem 2; the number of items is handed on, for a mean alone cannot know how sure to be. Items are added in their order, so
/// another order changes the result by its roundings. An event without items has the pool 0.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DeepSetEncoder<T> : RaggedEncoder<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FixedStandardization<T> _scale;

    /// <summary>Creates an encoder of perceptrons.</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="settings">The sizes; null for the defaults.</param>
    /// <param name="name">The prefix of the parameters' names, <c>{name}.items</c> and <c>{name}.events</c>.</param>
    /// <param name="initialization">Where fresh numbers come from; null for streams of the names' own.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public DeepSetEncoder(RaggedLayout layout, DeepSetSettings? settings = null, string name = "encoder", RandomStream? initialization = null)
        : this(
            layout ?? throw new ArgumentNullException(nameof(layout)), ItemsOf(layout, settings ??= new DeepSetSettings(), name, initialization?.Substream(0)),
            EventsOf(settings, name, initialization?.Substream(1)), settings.WithMaximum, settings.WithSum, settings.ItemScale)
    {
    }

    /// <summary>Creates an encoder of two networks.</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="items">φ, of an item's k numbers.</param>
    /// <param name="events">ρ, of the pool: φ's outputs, ln(1 + n), and φ's outputs again for the maximum and for the sum.</param>
    /// <param name="withMaximum">Whether the maximum counts.</param>
    /// <param name="withSum">Whether the sum counts, divided by the most items of an event.</param>
    /// <param name="itemScale">What items are standardised by; null for nothing.</param>
    /// <exception cref="ArgumentException">A network has other inputs, which the message names, or a number is out of range.</exception>
    public DeepSetEncoder(RaggedLayout layout, Network<T> items, Network<T> events, bool withMaximum = false, bool withSum = false, LocationScale? itemScale = null)
        : base(layout, Checked(layout, items, events, withMaximum, withSum).Outputs, [.. items.Parameters, .. events.Parameters])
    {
        Items = items;
        Events = events;
        WithMaximum = withMaximum;
        WithSum = withSum;
        _scale = new FixedStandardization<T>(itemScale, layout.ItemFeatures, "column", nameof(itemScale));
    }

    /// <inheritdoc/>
    public static string Kind => "deep-set-encoder";

    /// <summary>φ, the network of an item.</summary>
    public Network<T> Items { get; }

    /// <summary>ρ, the network of the pool.</summary>
    public Network<T> Events { get; }

    /// <summary>Whether the maximum counts.</summary>
    public bool WithMaximum { get; }

    /// <summary>Whether the sum counts.</summary>
    public bool WithSum { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new DeepSetEncoder<T>(
            new RaggedLayout(reader.Size("maximum_items"), reader.Size("item_features")), reader.Part<Network<T>>("items"), reader.Part<Network<T>>("events"),
            reader.Flag("with_maximum"), reader.Flag("with_sum"), FixedStandardization<T>.Of(reader.Numbers("location"), reader.Numbers("scale")));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("maximum_items", Layout.MaximumItems);
        writer.Write("item_features", Layout.ItemFeatures);
        writer.Write("with_maximum", WithMaximum);
        writer.Write("with_sum", WithSum);
        writer.Write("location", _scale.Location);
        writer.Write("scale", _scale.Scale);
        writer.Write("items", Items);
        writer.Write("events", Events);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Encode(Tape<T> tape, in RaggedBlock<T> events)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var (sum, largest) = (tape.Zeros(Items.Outputs), WithMaximum ? tape.Zeros(Items.Outputs) : default);
        for (var j = 0; j < events.Longest; j++)
        {
            var nextSum = tape.Allocate(Items.Outputs);
            var nextLargest = WithMaximum ? tape.Allocate(Items.Outputs) : default;
            using (tape.BeginScope())
            {
                var has = events.Has(j);
                var item = Items.ApplyCore(tape, _scale.Apply(tape, events.Item(j)));
                Put(tape, BinaryFunction.Add, has, sum, item, nextSum);

                // The first item is the largest so far, however far below 0.
                if (WithMaximum && j == 0)
                    tape.CopyInto(has.IsNone ? item : has.Where(item, largest), nextLargest);
                else if (WithMaximum)
                    Put(tape, BinaryFunction.Max, has, largest, item, nextLargest);
            }

            tape.Release(sum);
            tape.Release(largest);
            (sum, largest) = (nextSum, nextLargest);
        }

        return Events.ApplyCore(tape, Pool(tape, events.Counts, sum, largest));
    }

    private Variable<T> Pool(Tape<T> tape, Variable<T> counts, Variable<T> sum, Variable<T> largest)
    {
        var mean = sum / counts.Max(tape.Constant(T.One));
        var logCount = counts.Log1p();
        if (!WithSum)
            return WithMaximum ? VariableFunctions.Concatenate(mean, logCount, largest) : VariableFunctions.Concatenate(mean, logCount);
        var share = sum / T.CreateChecked(Layout.MaximumItems);
        return WithMaximum ? VariableFunctions.Concatenate(mean, logCount, largest, share) : VariableFunctions.Concatenate(mean, logCount, share);
    }

    // What events without the item had stays, to the bit.
    private static void Put(Tape<T> tape, BinaryFunction function, Variable<T> has, Variable<T> so, Variable<T> item, Variable<T> next)
    {
        if (has.IsNone)
            tape.ApplyInto(BinaryOperation<T>.Of(function), [so, item], [next]);
        else
            tape.ApplyInto(SelectOperation<T>.Instance, [has, so.Apply(function, item), so], [next]);
    }

    private static Network<T> Checked(RaggedLayout layout, Network<T> items, Network<T> events, bool withMaximum, bool withSum)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(events);
        if (items.Inputs != layout.ItemFeatures)
            throw new ArgumentException($"The network of the items: expected {layout.ItemFeatures} inputs, the numbers of an item, got {items.Inputs}.", nameof(items));
        var pooled = PooledColumns(items.Outputs, withMaximum, withSum);
        return events.Inputs == pooled
            ? events
            : throw new ArgumentException($"The network of the events: expected {pooled} inputs, the pool of {items.Outputs} outputs of an item, got {events.Inputs}.", nameof(events));
    }

    private static int PooledColumns(int width, bool withMaximum, bool withSum) => checked((width * (1 + (withMaximum ? 1 : 0) + (withSum ? 1 : 0))) + 1);

    private static Mlp<T> ItemsOf(RaggedLayout layout, DeepSetSettings settings, string name, RandomStream? initialization)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Mlp<T>([layout.ItemFeatures, .. settings.ItemUnits], settings.Activation, $"{name}.items", initialization);
    }

    private static Mlp<T> EventsOf(DeepSetSettings settings, string name, RandomStream? initialization) =>
        new([PooledColumns(settings.ItemUnits[^1], settings.WithMaximum, settings.WithSum), .. settings.EventUnits, settings.Outputs], settings.Activation, $"{name}.events", initialization);
}
