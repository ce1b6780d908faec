using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>A transform of some columns; the others pass as they are. log|det J| is that of the transform.</summary>
/// <remarks>Conditions reach the transform as they are. It costs what the transform costs and two copies of the rows.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class OnColumns<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _columns;
    private readonly GatherColumnsOperation<T> _taken;
    private readonly GatherColumnsOperation<T>? _passing;
    private readonly GatherColumnsOperation<T> _together;

    /// <summary>Applies a transform to columns.</summary>
    /// <param name="inner">The transform, with as many columns behind it as before it.</param>
    /// <param name="features">D, at least the columns of the transform.</param>
    /// <param name="columns">For each column of the transform which of the D it is, in any order; each once.</param>
    /// <exception cref="ArgumentException">
    /// The columns are not those of the transform, or it lives on a sphere or a simplex and its columns do not stand one behind the other.
    /// </exception>
    public OnColumns(Transform<T> inner, int features, params ReadOnlySpan<int> columns)
        : base(features, Checked(inner, columns).ConditionColumns, inner.Parameters)
    {
        Inner = inner;
        _columns = columns.ToArray();
        var places = new int[features];
        Array.Fill(places, -1);
        for (var i = 0; i < _columns.Length; i++)
        {
            if ((uint)_columns[i] >= (uint)features || places[_columns[i]] >= 0)
                throw new ArgumentException($"Expected columns from 0 to {features - 1}, each once, got {_columns[i]} at {i}.", nameof(columns));
            places[_columns[i]] = i;
        }

        // The result is put together as [transformed, passing]; column j is found there at places[j].
        var passing = new List<int>();
        for (var j = 0; j < features; j++)
        {
            if (places[j] >= 0)
                continue;
            places[j] = _columns.Length + passing.Count;
            passing.Add(j);
        }

        _taken = new GatherColumnsOperation<T>(_columns);
        _passing = passing.Count == 0 ? null : new GatherColumnsOperation<T>([.. passing]);
        _together = new GatherColumnsOperation<T>(places);
        Domain = Place(inner.Domain);
        Codomain = Place(inner.Codomain);
    }

    /// <inheritdoc/>
    public static string Kind => "on-columns";

    /// <summary>The transform.</summary>
    public Transform<T> Inner { get; }

    /// <summary>The columns that it is applied to.</summary>
    public ReadOnlySpan<int> Columns => _columns;

    /// <inheritdoc/>
    public override Domain Domain { get; }

    /// <inheritdoc/>
    public override Domain Codomain { get; }

    /// <inheritdoc/>
    protected internal override int BlockColumns => Math.Max(Features, Inner.BlockColumns);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new OnColumns<T>(reader.Part<Transform<T>>("inner"), reader.Size("features"), reader.Integers("columns"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("columns", Columns);
        writer.Write("inner", Inner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var argument = _taken.Apply(x);
        return Join(tape, x, argument, Inner.ForwardCore(tape, argument, ConditionsOf(Inner, conditions), out logDet));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var argument = _taken.Apply(z);
        return Join(tape, z, argument, Inner.InverseCore(tape, argument, ConditionsOf(Inner, conditions), out logDet));
    }

    private static Transform<T> Checked(Transform<T> inner, ReadOnlySpan<int> columns)
    {
        ArgumentNullException.ThrowIfNull(inner);
        return inner.Features == columns.Length && inner.NoiseFeatures == columns.Length
            ? inner
            : throw new ArgumentException(
                $"Expected {inner.Features} columns for a transform from {inner.Features} to {inner.NoiseFeatures} columns, got {columns.Length}.", nameof(columns));
    }

    private Variable<T> Join(Tape<T> tape, Variable<T> x, Variable<T> argument, Variable<T> result)
    {
        if (result.Id != argument.Id)
            tape.Release(argument);
        var parts = result;
        if (_passing is not null)
        {
            var passing = _passing.Apply(x);
            parts = ConcatenateOperation<T>.Instance.Apply(result, passing);
            tape.Release(passing);
            tape.Release(result);
        }

        var y = _together.Apply(parts);
        tape.Release(parts);
        return y;
    }

    private Domain Place(Domain inner)
    {
        if (inner.Axes is { } own)
        {
            var axes = new Axis[Features];
            Array.Fill(axes, Axis.Real);
            for (var i = 0; i < own.Length; i++)
                axes[_columns[i]] = own[i];
            return Domain.Of(axes);
        }

        // The coordinates of a point of a sphere or a simplex stay together.
        var first = _columns[0];
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_columns[i] != first + i)
                throw new ArgumentException($"Expected columns one behind the other for {inner}, got {_columns[i]} at {i}.", nameof(inner));
        }

        var domains = new List<Domain> { inner };
        if (first > 0)
            domains.Insert(0, Domain.Reals(first));
        if (first + _columns.Length < Features)
            domains.Add(Domain.Reals(Features - first - _columns.Length));
        return Domain.Product([.. domains]);
    }
}
