using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>(c − location) / scale with fixed numbers, in front of what reads c: constants of the part that has it, not parameters.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class FixedStandardization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _location;
    private readonly double[] _scale;
    private readonly T[] _locationRow;
    private readonly T[] _scaleRow;

    /// <param name="numbers">Location and scale of each column; null for none, and then nothing is done.</param>
    /// <param name="columns">How many columns there are.</param>
    /// <param name="what">What a column is, for messages.</param>
    /// <param name="name">The name of the argument that the numbers came in.</param>
    public FixedStandardization(LocationScale? numbers, int columns, string what, string name)
    {
        _location = numbers is null ? [] : [.. numbers.Location];
        _scale = numbers is null ? [] : [.. numbers.Scale];
        if (numbers is not null && (_location.Length != columns || _scale.Length != columns))
            throw new ArgumentException($"Expected {columns} locations and scales, got {_location.Length} and {_scale.Length}.", name);
        for (var i = 0; i < _location.Length; i++)
        {
            if (!double.IsFinite(_location[i]) || !double.IsFinite(_scale[i]) || _scale[i] <= 0)
                throw new ArgumentException($"Expected finite locations and positive scales, got ({_location[i]}, {_scale[i]}) for {what} {i}.", name);
            ConstantRange.CheckLarge<T>(_location[i], "The location", name);
            ConstantRange.CheckDivisor<T>(_scale[i], "The scale", name);
        }

        _locationRow = Array.ConvertAll(_location, value => T.CreateTruncating(value));
        _scaleRow = Array.ConvertAll(_scale, value => T.CreateTruncating(value));
    }

    /// <summary>The location of each column; empty for none.</summary>
    public ReadOnlySpan<double> Location => _location;

    /// <summary>The scale of each column; empty for none.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>The numbers that were written, or null where none were.</summary>
    public static LocationScale? Of(double[] location, double[] scale) => location.Length + scale.Length == 0 ? null : new LocationScale(location, scale);

    /// <summary>Standardises.</summary>
    public Variable<T> Apply(Tape<T> tape, Variable<T> c) =>
        _locationRow.Length == 0 ? c : (c - tape.Constant(_locationRow)) / tape.Constant(_scaleRow);
}
