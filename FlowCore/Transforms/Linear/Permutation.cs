using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>y_j = x_π(j): the features in another order; log|det J| = 0.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Permutation<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _indices;
    private readonly int[] _inverse;
    private readonly ArrangeInputsOperation<T> _forwardOperation;
    private readonly ArrangeInputsOperation<T> _inverseOperation;

    /// <summary>Creates the permutation.</summary>
    /// <param name="indices">π: for each feature of the result which feature of the argument it is.</param>
    /// <exception cref="ArgumentException">Not a permutation of 0 to D − 1.</exception>
    public Permutation(ReadOnlySpan<int> indices)
        : base(indices.Length, 0, [])
    {
        _indices = indices.ToArray();
        _inverse = new int[_indices.Length];
        Array.Fill(_inverse, -1);
        for (var i = 0; i < _indices.Length; i++)
        {
            if ((uint)_indices[i] >= (uint)_indices.Length || _inverse[_indices[i]] >= 0)
                throw new ArgumentException($"Expected each of 0 to {_indices.Length - 1} once, got {_indices[i]} at {i}.", nameof(indices));
            _inverse[_indices[i]] = i;
        }

        _forwardOperation = new ArrangeInputsOperation<T>(0, _indices);
        _inverseOperation = new ArrangeInputsOperation<T>(0, _inverse);
    }

    /// <inheritdoc/>
    public static string Kind => "permutation";

    /// <summary>π.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>π⁻¹.</summary>
    public ReadOnlySpan<int> InverseIndices => _inverse;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Permutation<T>(reader.Integers("indices"));
    }

    /// <summary>The permutation that reverses the order of the features.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <returns>The reversal.</returns>
    public static Permutation<T> Reversal(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var indices = new int[features];
        for (var i = 0; i < features; i++)
            indices[i] = features - 1 - i;
        return new Permutation<T>(indices);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("indices", Indices);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        return _forwardOperation.Apply(tape, default, x);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        logDet = default;
        return _inverseOperation.Apply(tape, default, z);
    }
}
