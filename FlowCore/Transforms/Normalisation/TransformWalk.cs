using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;

namespace FlowCore.Transforms;

/// <summary>Rows on their way from the data through the parts of a flow, each part met with what reaches it.</summary>
/// <remarks>For the rare steps that look at whole batches: rows wait on the host between two parts. Rows are added up in their order, so results do not depend on threads.</remarks>
internal sealed class TransformWalk<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A block of them is small on any device.
    private const int MostRows = 1024;

    private readonly int _blockRows;
    private readonly Kernels<T> _kernels;
    private readonly Tape<T> _tape;
    private readonly Visit _visit;
    private readonly VisitUnits _visitUnits;
    private int _count;
    private T[] _conditions;
    private int _conditionColumns;
    private T[] _rows;

    private TransformWalk(Flow<T> flow, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions, Visit visit, VisitUnits visitUnits)
    {
        if (x.IsEmpty || x.Length % flow.Features != 0)
            throw new ArgumentException($"Expected rows of {flow.Features} numbers; {x.Length} numbers came.", nameof(x));
        _count = x.Length / flow.Features;
        _conditionColumns = flow.ConditionColumns;
        if (conditions.Length != (long)_count * _conditionColumns)
            throw new ArgumentException($"Expected {_count} rows of {_conditionColumns} numbers; {conditions.Length} numbers came.", nameof(conditions));
        _rows = x.ToArray();
        _conditions = conditions.ToArray();
        _visit = visit;
        _visitUnits = visitUnits;
        _kernels = flow.Device.CreateKernels<T>();
        _blockRows = Math.Min(MostRows, flow.BlockRows);
        _tape = new Tape<T>(_kernels, _blockRows);
    }

    /// <summary>What to do with a part that is not made of others.</summary>
    /// <param name="part">The part.</param>
    /// <param name="rows">What reaches it.</param>
    /// <param name="inverse">Whether it is passed backwards.</param>
    internal delegate void Visit(Transform<T> part, ReadOnlySpan<T> rows, bool inverse);

    /// <summary>What to do with a normalisation of units inside of a network.</summary>
    /// <param name="normalization">The normalisation.</param>
    /// <param name="rows">What reaches it, by the normalisations before it as they are now.</param>
    internal delegate void VisitUnits(UnitNormalization<T> normalization, ReadOnlySpan<T> rows);

    /// <summary>Walks the rows through the flow's transform.</summary>
    internal static void Run(Flow<T> flow, ReadOnlySpan<T> x, ReadOnlySpan<T> conditions, Visit visit, VisitUnits visitUnits)
    {
        ArgumentNullException.ThrowIfNull(flow);
        using var walk = new TransformWalk<T>(flow, x, conditions, visit, visitUnits);
        walk.Pass(flow.Transform, inverse: false);
        if (flow.Base is ConditionalNormal<T> { Encoder: { } encoder })
            walk.WatchEncoder(encoder);
    }

    /// <summary>The normalisations of units in the networks that such a walk meets.</summary>
    internal static IEnumerable<UnitNormalization<T>> NormalizationsOf(Flow<T> flow) =>
        [.. Met(flow.Transform).SelectMany(part => part.Normalizations), .. flow.Base is ConditionalNormal<T> normal ? normal.Encoder.Normalizations : []];

    /// <summary>The parts of a transform that such a walk meets.</summary>
    internal static IEnumerable<Transform<T>> Met(Transform<T> part) => part switch
    {
        Inverted<T> inverted => Met(inverted.Inner),
        Composition<T> composition => composition.Parts.SelectMany(Met),
        OnColumns<T> some => Met(some.Inner),
        OnPixels<T> pixels => Met(pixels.Inner),
        SideBySide<T> beside => beside.Parts.SelectMany(Met),
        Factored<T> factored => Met(factored.Layers),
        Embedded<T> embedded => Met(embedded.Inner).Prepend(embedded),
        Coupling<T> { Unconditional: { } alone } coupling => Met(alone).Append(coupling),
        _ => [part],
    };

    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    private void Pass(Transform<T> part, bool inverse)
    {
        if (part is Inverted<T> inverted)
        {
            Pass(inverted.Inner, !inverse);
        }
        else if (part is Composition<T> composition)
        {
            var parts = composition.Parts;
            for (var i = 0; i < parts.Count; i++)
                Pass(parts[inverse ? parts.Count - 1 - i : i], inverse);
        }
        else if (part is OnColumns<T> some)
        {
            PassColumns(some, inverse);
        }
        else if (part is OnPixels<T> pixels)
        {
            PassPixels(pixels, inverse);
        }
        else if (part is SideBySide<T> beside)
        {
            PassBeside(beside, inverse);
        }
        else if (part is Factored<T> factored)
        {
            Pass(factored.Layers, inverse);
        }
        else if (part is Embedded<T> embedded)
        {
            PassEmbedded(embedded, inverse);
        }
        else
        {
            if (part is Coupling<T> { Unconditional: { } alone } coupling)
                PassAlone(alone, coupling, inverse);
            WatchNetworks(part, inverse);
            _visit(part, _rows, inverse);
            Apply(part, inverse);
        }
    }

    private void PassColumns(OnColumns<T> part, bool inverse)
    {
        var (all, columns) = (_rows, part.Columns.ToArray());
        _rows = Take(all, part.Features, columns);
        Pass(part.Inner, inverse);
        Put(_rows, all, part.Features, columns);
        _rows = all;
    }

    // To the transform of a pixel the pixels are rows.
    private void PassPixels(OnPixels<T> part, bool inverse)
    {
        var (count, conditions, channels, pixels) = (_count, _conditions, part.Inner.Features, part.Height * part.Width);
        var all = _rows;
        _rows = new T[all.Length];
        _conditions = new T[conditions.Length * pixels];
        _count *= pixels;
        for (var i = 0; i < all.Length; i++)
            _rows[(((i / part.Features * pixels) + (i % pixels)) * channels) + (i / pixels % channels)] = all[i];
        for (var i = 0; i < _conditions.Length; i++)
            _conditions[i] = conditions[(i / (pixels * _conditionColumns) * _conditionColumns) + (i % _conditionColumns)];
        Pass(part.Inner, inverse);
        var result = new T[all.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = _rows[(((i / part.Features * pixels) + (i % pixels)) * channels) + (i / pixels % channels)];
        (_rows, _conditions, _count) = (result, conditions, count);
    }

    private void PassBeside(SideBySide<T> whole, bool inverse)
    {
        var (from, to) = inverse ? (whole.NoiseFeatures, whole.Features) : (whole.Features, whole.NoiseFeatures);
        var (all, result) = (_rows, new T[_count * to]);
        var (start, end) = (0, 0);
        foreach (var part in whole.Parts)
        {
            var (inputs, outputs) = inverse ? (part.NoiseFeatures, part.Features) : (part.Features, part.NoiseFeatures);
            _rows = Take(all, from, [.. Enumerable.Range(start, inputs)]);
            Pass(part, inverse);
            Put(_rows, result, to, [.. Enumerable.Range(end, outputs)]);
            start += inputs;
            end += outputs;
        }

        _rows = result;
    }

    private void PassEmbedded(Embedded<T> part, bool inverse)
    {
        var (conditions, columns) = (_conditions, _conditionColumns);
        var embedded = new T[_count * part.Embedding.Outputs];
        foreach (var normalization in part.Normalizations)
            Watch(normalization, () => Embed(part.Embedding, embedded));
        Embed(part.Embedding, embedded);
        (_conditions, _conditionColumns) = (embedded, part.Embedding.Outputs);
        Pass(part.Inner, inverse);
        (_conditions, _conditionColumns) = (conditions, columns);
    }

    private void WatchEncoder(Network<T> encoder)
    {
        var numbers = new T[_count * encoder.Outputs];
        foreach (var normalization in encoder.Normalizations)
            Watch(normalization, () => Embed(encoder, numbers));
    }

    private void Embed(Network<T> network, T[] embedded)
    {
        var columns = _conditionColumns;
        for (var start = 0; start < _count; start += _blockRows)
        {
            var rows = Math.Min(_blockRows, _count - start);
            _tape.Begin(rows, record: false);
            var all = _tape.Input(_conditions.AsSpan(start * columns, rows * columns), columns);
            var result = network.Apply(Transform<T>.Leading(all, network.Inputs));
            _tape.ReadValue(result, embedded.AsSpan(start * network.Outputs, rows * network.Outputs));
        }
    }

    // A network sees x in either direction, so backwards x is found first, by the numbers as they are.
    private void WatchNetworks(Transform<T> part, bool inverse)
    {
        if (!part.Normalizations.Any())
            return;
        var rows = _rows;
        if (inverse)
            Apply(part, inverse: true);
        var x = _rows;
        foreach (var normalization in part.Normalizations)
        {
            Watch(normalization, () =>
            {
                _rows = x;
                Apply(part, inverse: false);
            });
        }

        _rows = rows;
    }

    private void Watch(UnitNormalization<T> normalization, Action pass)
    {
        var units = new T[_count * normalization.Units];
        var at = 0;
        normalization.Watcher = h =>
        {
            var block = units.AsSpan(at, Math.Min(_blockRows * normalization.Units, units.Length - at));
            _tape.ReadValue(h, block);
            at += block.Length;
        };
        try
        {
            pass();
        }
        finally
        {
            normalization.Watcher = null;
        }

        _visitUnits(normalization, units);
    }

    // What a coupling does to the features that pass, before the coupling itself applies it to them.
    private void PassAlone(Transform<T> part, Coupling<T> coupling, bool inverse)
    {
        var all = _rows;
        _rows = Take(all, coupling.Features, coupling.Passing.ToArray());
        Pass(part, inverse);
        _rows = all;
    }

    private T[] Take(T[] all, int width, int[] columns)
    {
        var some = new T[_count * columns.Length];
        for (var row = 0; row < _count; row++)
        {
            for (var i = 0; i < columns.Length; i++)
                some[(row * columns.Length) + i] = all[(row * width) + columns[i]];
        }

        return some;
    }

    private void Put(T[] some, T[] all, int width, int[] columns)
    {
        for (var row = 0; row < _count; row++)
        {
            for (var i = 0; i < columns.Length; i++)
                all[(row * width) + columns[i]] = some[(row * columns.Length) + i];
        }
    }

    private void Apply(Transform<T> part, bool inverse)
    {
        var (from, to) = inverse ? (part.NoiseFeatures, part.Features) : (part.Features, part.NoiseFeatures);
        var result = new T[_count * to];
        for (var start = 0; start < _count; start += _blockRows)
        {
            var rows = Math.Min(_blockRows, _count - start);
            _tape.Begin(rows, record: false);
            var argument = _tape.Input(_rows.AsSpan(start * from, rows * from), from);
            var conditions = part.ConditionColumns == 0
                ? default
                : Transform<T>.Leading(_tape.Input(_conditions.AsSpan(start * _conditionColumns, rows * _conditionColumns), _conditionColumns), part.ConditionColumns);
            var value = inverse ? part.Inverse(argument, conditions, out _) : part.Forward(argument, conditions, out _);
            _tape.ReadValue(value, result.AsSpan(start * to, rows * to));
        }

        _rows = result;
    }
}
