using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A multi-scale flow: after each part but the last the leading columns leave for the output, and the rest goes on; log|det J| is the sum of the parts'.</summary>
/// <remarks>
/// Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.6. Outputs stand in the order in which they leave, as in nflows' multi-scale composition, which
/// splits along an axis of n so that the first ⌈n / 2⌉ leave. In an array of channels, rows and columns split along the channels these are the first ⌈C / 2⌉·H·W columns; for another
/// axis, let the part end with a <see cref="Permutation{T}"/>. Later parts are smaller, so it costs less than as many parts of all columns.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Factored<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Transform<T>[] _parts;
    private readonly int[] _leaving;

    /// <summary>Composes parts; after each but the last the first half of the columns leaves, rounded upwards.</summary>
    /// <param name="parts">The parts, at least one; each takes what the one before it left.</param>
    /// <exception cref="ArgumentException">There is none, or a part has other columns than reach it.</exception>
    public Factored(params IReadOnlyList<Transform<T>> parts)
        : this(parts, Halves(parts))
    {
    }

    /// <summary>Composes parts.</summary>
    /// <param name="parts">The parts, at least one; each takes what the one before it left.</param>
    /// <param name="leaving">For each part but the last how many of the leading columns of its result leave, at least 1.</param>
    /// <exception cref="ArgumentException">There is no part, a part has other columns than reach it, or a number is out of range.</exception>
    public Factored(IReadOnlyList<Transform<T>> parts, IReadOnlyList<int> leaving)
        : this(parts, leaving, Compose(parts, leaving))
    {
    }

    private Factored(IReadOnlyList<Transform<T>> parts, IReadOnlyList<int> leaving, Composition<T> layers)
        : base(layers.Features, layers.ConditionColumns, layers.Parameters)
    {
        _parts = [.. parts];
        _leaving = [.. leaving];
        Layers = layers;
    }

    /// <inheritdoc/>
    public static string Kind => "factored";

    /// <summary>The parts.</summary>
    public IReadOnlyList<Transform<T>> Parts => _parts;

    /// <summary>For each part but the last how many columns leave behind it.</summary>
    public ReadOnlySpan<int> Leaving => _leaving;

    /// <inheritdoc/>
    public override Domain Domain => Layers.Domain;

    /// <inheritdoc/>
    public override Domain Codomain => Layers.Codomain;

    /// <summary>The same as transforms of all columns: what left stands in front, and a part acts on the columns behind it.</summary>
    internal Composition<T> Layers { get; }

    /// <inheritdoc/>
    protected internal override int BlockColumns => Layers.BlockColumns;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Factored<T>(reader.Parts<Transform<T>>("parts"), reader.Integers("leaving"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("leaving", Leaving);
        writer.Write("parts", _parts);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Layers.ForwardCore(tape, x, conditions, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Layers.InverseCore(tape, z, conditions, out logDet);

    private static int[] Halves(IReadOnlyList<Transform<T>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var leaving = new int[Math.Max(parts.Count - 1, 0)];
        for (var i = 0; i < leaving.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(parts[i], nameof(parts));
            leaving[i] = (parts[i].Features + 1) / 2;
        }

        return leaving;
    }

    private static Composition<T> Compose(IReadOnlyList<Transform<T>> parts, IReadOnlyList<int> leaving)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(leaving);
        if (parts.Count == 0 || leaving.Count != parts.Count - 1)
            throw new ArgumentException($"Expected parts and how many columns leave behind each but the last, got {parts.Count} parts and {leaving.Count} numbers.", nameof(parts));
        ArgumentNullException.ThrowIfNull(parts[0], nameof(parts));
        var features = parts[0].Features;
        var layers = new List<Transform<T>>();
        var gone = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            ArgumentNullException.ThrowIfNull(parts[i], nameof(parts));
            if (parts[i].Features != features - gone)
                throw new ArgumentException($"Expected part {i} to have {features - gone} features, got {parts[i].Features}.", nameof(parts));
            layers.Add(gone == 0 ? parts[i] : new OnColumns<T>(parts[i], features, [.. Enumerable.Range(gone, features - gone)]));
            if (i == leaving.Count)
                continue;
            if (leaving[i] < 1 || leaving[i] >= features - gone)
                throw new ArgumentException($"Expected between 1 and {features - gone - 1} columns to leave behind part {i}, got {leaving[i]}.", nameof(leaving));
            gone += leaving[i];
        }

        return new Composition<T>(features, layers);
    }
}
