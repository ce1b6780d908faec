using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>The raw parameters of a τ for the features of a call.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly struct RawParameters<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ParameterColumns<T> _columns;
    private readonly Variable<T> _all;

    internal RawParameters(ParameterColumns<T> columns, Variable<T> all)
    {
        _columns = columns;
        _all = all;
    }

    /// <summary>D, the number of features.</summary>
    public int Features => _columns.Features;

    /// <summary>Which feature of the transform each one of the call is: where a τ with parameters of its own for each feature finds them.</summary>
    /// <remarks>The inverse of an autoregressive transform calls τ for the features of one rank only.</remarks>
    public ReadOnlySpan<int> FeatureIndices => _columns.FeatureIndices;

    /// <summary>One parameter of every feature: [rows, D], or shared [1, D] where all rows have the same.</summary>
    /// <param name="index">Which, from 0 to P − 1.</param>
    /// <returns>The variable.</returns>
    public Variable<T> this[int index] => Columns(index, 1);

    /// <summary>Consecutive parameters of every feature, feature by feature: [rows, D · count], or shared.</summary>
    /// <param name="first">The first, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Variable<T> Columns(int first, int count) => _columns.Take(_all, first, count);

    /// <summary>All parameters, as they came.</summary>
    internal Variable<T> All => _all;
}
