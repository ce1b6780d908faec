using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Independent features centred at 0, each uniform on an interval of a full width, or normal with a deviation: ln p = −∞ where a uniform one is outside.</summary>
/// <remarks>As normflows' base for flows of angles beside real numbers, but there the density outside the box is finite, and the whole then not normalised.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class UniformNormal<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The largest factor whose product with a normal number does not vanish.
    private static readonly T _overTiny = T.One / NumberLimits<T>.SmallestNormal;

    private readonly bool[] _isUniform;
    private readonly double[] _scale;
    private readonly T[] _halfWidths;
    private readonly T[] _deviations;
    private readonly T[] _widths;
    private readonly T[] _normal;
    private readonly T _constant;

    /// <summary>Creates the distribution.</summary>
    /// <param name="isUniform">For each feature whether it is uniform.</param>
    /// <param name="scale">The full width of a uniform feature, the standard deviation of a normal one; finite and positive.</param>
    /// <exception cref="ArgumentException">The sizes differ or a number is out of range.</exception>
    public UniformNormal(ReadOnlySpan<bool> isUniform, ReadOnlySpan<double> scale)
        : base(isUniform.Length, [])
    {
        if (scale.Length != isUniform.Length)
            throw new ArgumentException($"Expected a scale for each of {isUniform.Length} features; {scale.Length} came.", nameof(scale));
        (_isUniform, _scale) = (isUniform.ToArray(), scale.ToArray());
        (_halfWidths, _deviations, _widths, _normal) = (new T[Features], new T[Features], new T[Features], new T[Features]);
        var constant = 0.0;
        for (var j = 0; j < Features; j++)
        {
            if (!double.IsFinite(scale[j]) || scale[j] <= 0)
                throw new ArgumentException($"Expected finite, positive scales; {scale[j]} came for feature {j}.", nameof(scale));

            // A normal feature is never outside; a uniform one has no exponent.
            _halfWidths[j] = isUniform[j] ? T.CreateTruncating(scale[j] / 2) : T.PositiveInfinity;
            _deviations[j] = isUniform[j] ? T.Zero : T.CreateTruncating(scale[j]);
            _widths[j] = isUniform[j] ? T.CreateTruncating(scale[j]) : T.Zero;
            _normal[j] = isUniform[j] ? T.Zero : T.CreateTruncating(1 / scale[j]);
            constant -= Math.Log(scale[j]) + (isUniform[j] ? 0 : 0.5 * Math.Log(2 * Math.PI));
        }

        _constant = T.CreateTruncating(constant);
    }

    /// <inheritdoc/>
    public static string Kind => "uniform-normal";

    /// <summary>For each feature whether it is uniform.</summary>
    public ReadOnlySpan<bool> IsUniform => _isUniform;

    /// <summary>The full width of a uniform feature, the standard deviation of a normal one.</summary>
    public ReadOnlySpan<double> Scale => _scale;

    /// <inheritdoc/>
    public override Domain Domain
    {
        get
        {
            var axes = new Axis[Features];
            for (var j = 0; j < axes.Length; j++)
                axes[j] = _isUniform[j] ? Axis.Interval(-_scale[j] / 2, _scale[j] / 2) : Axis.Real;
            return Domain.Of(axes);
        }
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new UniformNormal<T>(Array.ConvertAll(reader.Integers("uniform"), flag => flag != 0), reader.Numbers("scale"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var exponent = (z * tape.Constant(_normal)).Square().SumColumns() * T.CreateTruncating(-0.5);

        // ln max(1 − outside / tiny, 0) is 0 inside and −∞ elsewhere.
        var outside = (z.StopGradient().Abs() - tape.Constant(_halfWidths)).ReLU().SumColumns();
        var inside = (T.One - (outside * _overTiny)).ReLU().Log();
        return exponent + inside + _constant;
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        var place = random.NormalCdf() - T.CreateTruncating(0.5);
        return (random * tape.Constant(_deviations)) + (place * tape.Constant(_widths));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("uniform", Array.ConvertAll(_isUniform, flag => flag ? 1 : 0));
        writer.Write("scale", _scale);
    }
}
