using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z_j = a_j x_j + t_j with fixed numbers, a_j of either sign but not 0: log|det J| = Σ_j ln |a_j|.</summary>
/// <remarks>As nflows' affine transform of constants. A few operations a row; to standardise data take <see cref="Standardization{T}"/>, which subtracts before it scales.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FixedAffine<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _scale;
    private readonly double[] _shift;
    private readonly T[] _scaleRow;
    private readonly T[] _shiftRow;
    private readonly double _logDet;

    /// <summary>Creates the transform.</summary>
    /// <param name="scale">a of each feature, finite and not 0.</param>
    /// <param name="shift">t of each feature, finite.</param>
    /// <exception cref="ArgumentException">The sizes differ or a number is out of range.</exception>
    public FixedAffine(ReadOnlySpan<double> scale, ReadOnlySpan<double> shift)
        : base(scale.Length, 0, [])
    {
        if (shift.Length != scale.Length)
            throw new ArgumentException($"Expected a shift for each of {scale.Length} scales; {shift.Length} came.", nameof(shift));
        for (var j = 0; j < scale.Length; j++)
        {
            if (!double.IsFinite(scale[j]) || scale[j] == 0)
                throw new ArgumentException($"Expected finite scales other than 0; {scale[j]} came for feature {j}.", nameof(scale));
            if (!double.IsFinite(shift[j]))
                throw new ArgumentException($"Expected finite shifts; {shift[j]} came for feature {j}.", nameof(shift));
            _logDet += Math.Log(Math.Abs(scale[j]));
        }

        _scale = scale.ToArray();
        _shift = shift.ToArray();
        _scaleRow = Array.ConvertAll(_scale, value => T.CreateTruncating(value));
        _shiftRow = Array.ConvertAll(_shift, value => T.CreateTruncating(value));
    }

    /// <inheritdoc/>
    public static string Kind => "fixed-affine";

    /// <summary>a.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <summary>t.</summary>
    public ReadOnlySpan<double> Shift => _shift;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new FixedAffine<T>(reader.Numbers("scale"), reader.Numbers("shift"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("scale", Scale);
        writer.Write("shift", Shift);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        logDet = tape.Fill(1, T.CreateTruncating(_logDet));
        return (x * tape.Constant(_scaleRow)) + tape.Constant(_shiftRow);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        logDet = tape.Fill(1, T.CreateTruncating(-_logDet));
        return (z - tape.Constant(_shiftRow)) / tape.Constant(_scaleRow);
    }
}
