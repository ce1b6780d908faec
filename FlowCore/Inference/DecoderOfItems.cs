using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>A likelihood of events with any number of items, independent given z: ln p = ln Poisson(n; m(z)) + Σ_i ln q(item_i | z), the extended likelihood. N_d is n, at least 1.</summary>
/// <remarks>
/// Barlow 1990, "Extended maximum likelihood", equation 4. Rows are those of <see cref="RaggedLayout"/>. Draws of more items than there is room for are cut there, so leave room:
/// a mean m and 6 √m more.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class DecoderOfItems<T> : Decoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Flow<T> _items;
    private readonly Network<T> _count;
    private ParameterStore<T> _parameters;
    private bool _isJoined;

    /// <summary>Creates the decoder.</summary>
    /// <param name="layout">The rows.</param>
    /// <param name="items">q, the density of an item given z. It is the decoder's to dispose.</param>
    /// <param name="count">From z to ln m, one output. Its parameters must not belong to a model.</param>
    /// <exception cref="ArgumentException">A size does not fit; the message says which.</exception>
    public DecoderOfItems(RaggedLayout layout, Flow<T> items, Network<T> count)
        : base(Checked(layout, items, count).Device, layout.Columns, count.Inputs)
    {
        Layout = layout;
        _items = items;
        _count = count;
        _parameters = IJoinedPart<T>.JoinAll(Device, [("items.", items)], count.Parameters.Select(parameter => ("count.", parameter)));
    }

    /// <summary>The rows.</summary>
    public RaggedLayout Layout { get; }

    /// <summary>q, the density of an item given z.</summary>
    public Flow<T> Items => _items;

    /// <summary>The network of ln m.</summary>
    public Network<T> Count => _count;

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => _parameters;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> observation, Variable<T> latent)
    {
        Check(observation, latent);
        var tape = OperandChecks.TapeOf(observation, nameof(observation));
        var events = RaggedBlock<T>.Of(tape, observation, Layout);
        var sum = DecoderCounts.LogProbability(events.Counts, _count.Apply(latent), default);
        for (var j = 0; j < events.Longest; j++)
        {
            var next = tape.Allocate(1);
            using (tape.BeginScope())
            {
                var has = events.Has(j);
                var added = sum + _items.LogDensity(events.Item(j), latent);
                tape.CopyInto(has.IsNone ? added : has.Where(added, sum), next);
            }

            tape.Release(sum);
            sum = next;
        }

        return sum;
    }

    /// <inheritdoc/>
    public override double TermsOf(ReadOnlySpan<T> observation) => Math.Max(1, double.CreateTruncating(observation[0]));

    internal override void Join(ParameterStore<T> store)
    {
        ((IJoinedPart<T>)_items).Join(store);
        (_parameters, _isJoined) = (store, true);
    }

    // Every event draws as many items as it has room for, so that a row's numbers do not depend on those before it.
    private protected override void SampleCore(RandomStream stream, ulong firstRow, ReadOnlySpan<T> latents, Span<T> observations)
    {
        var (rows, most, k) = (latents.Length / LatentColumns, Layout.MaximumItems, Layout.ItemFeatures);
        var (logMeans, repeated, items) = (new T[rows], new T[checked(rows * most * LatentColumns)], new T[checked(rows * most * k)]);
        DecoderPass<T>.Run(Device, [], 0, latents.ToArray(), LatentColumns, (_, _, z) => _count.Apply(z), 1, logMeans);
        for (var i = 0; i < rows * most; i++)
            latents.Slice(i / most * LatentColumns, LatentColumns).CopyTo(repeated.AsSpan(i * LatentColumns));
        _items.Sample(stream.Substream(1), firstRow * (ulong)most, repeated, items, default);
        for (var i = 0; i < rows; i++)
        {
            var row = observations.Slice(i * Layout.Columns, Layout.Columns);
            var drawn = DecoderCounts.Draw(Math.Exp(double.CreateTruncating(logMeans[i])), double.PositiveInfinity, stream.Substream(0).Substream(firstRow + (ulong)i));
            var count = (int)Math.Min(drawn, most);
            row.Clear();
            row[0] = T.CreateChecked(count);
            items.AsSpan(i * most * k, count * k).CopyTo(row[1..]);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!disposing)
            return;
        _items.Dispose();
        if (!_isJoined)
            _parameters.Dispose();
    }

    private static Flow<T> Checked(RaggedLayout layout, Flow<T> items, Network<T> count)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(count);
        if (items.Features != layout.ItemFeatures)
            throw new ArgumentException($"Expected a flow of the {layout.ItemFeatures} numbers of an item, got one of {items.Features}.", nameof(items));
        if (count.Outputs != 1)
            throw new ArgumentException($"Expected a network of one output, got one of {count.Outputs}.", nameof(count));
        return items.ContextFeatures == count.Inputs
            ? items
            : throw new ArgumentException($"Expected a flow whose context is the {count.Inputs} inputs of the network of the count, got one of {items.ContextFeatures}.", nameof(items));
    }
}
