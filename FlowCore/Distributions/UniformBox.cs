using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Independent uniform features on a box: ln p(z) = −Σ_j ln(upper_j − lower_j) inside, −∞ outside.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class UniformBox<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly UnaryOperation<T> _relu = UnaryOperation<T>.Of(UnaryFunction.ReLU);
    private static readonly UnaryOperation<T> _log = UnaryOperation<T>.Of(UnaryFunction.Log);
    private static readonly BinaryOperation<T> _add = BinaryOperation<T>.Of(BinaryFunction.Add);
    private static readonly BinaryOperation<T> _multiply = BinaryOperation<T>.Of(BinaryFunction.Multiply);
    private static readonly BinaryOperation<T> _subtract = BinaryOperation<T>.Of(BinaryFunction.Subtract);
    private static readonly SumColumnsOperation<T> _sumColumns = SumColumnsOperation<T>.Instance;

    // The largest factor whose product with a normal number does not vanish.
    private static readonly ScaleShiftOperation<T> _oneMinusOverTiny =
        new(-T.One / NumberLimits<T>.SmallestNormal, T.One);

    private readonly double[] _lower;
    private readonly double[] _upper;
    private readonly T[] _lowerRow;
    private readonly T[] _upperRow;
    private readonly T[] _widthRow;
    private readonly ScaleShiftOperation<T> _minusLogVolume;

    /// <summary>Creates the distribution.</summary>
    /// <param name="lower">The lower bound of each feature, finite; it belongs to the box.</param>
    /// <param name="upper">The upper bound of each feature, finite and above the lower; it belongs to the box.</param>
    /// <exception cref="ArgumentException">The sizes disagree or a number is out of range.</exception>
    public UniformBox(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
        : base(lower.Length, [])
    {
        if (upper.Length != lower.Length)
            throw new ArgumentException($"Expected an upper bound for each of the {lower.Length} lower ones, got {upper.Length}.", nameof(upper));
        for (var j = 0; j < lower.Length; j++)
        {
            if (!double.IsFinite(lower[j]) || !double.IsFinite(upper[j]) || !(lower[j] < upper[j]))
                throw new ArgumentException($"Expected finite bounds, the lower below the upper, got [{lower[j]}, {upper[j]}] for feature {j}.", nameof(upper));
            ConstantRange.CheckLarge<T>(lower[j], "The lower bound", nameof(lower));
            ConstantRange.CheckLarge<T>(upper[j], "The upper bound", nameof(upper));
            ConstantRange.Check<T>(upper[j] - lower[j], "The width", nameof(upper));
        }

        _lower = lower.ToArray();
        _upper = upper.ToArray();
        _lowerRow = new T[Features];
        _upperRow = new T[Features];
        _widthRow = new T[Features];
        var logVolume = 0.0;
        for (var j = 0; j < Features; j++)
        {
            _lowerRow[j] = T.CreateTruncating(_lower[j]);
            _upperRow[j] = T.CreateTruncating(_upper[j]);
            _widthRow[j] = T.CreateTruncating(_upper[j] - _lower[j]);
            logVolume += Math.Log(_upper[j] - _lower[j]);
        }

        _minusLogVolume = new ScaleShiftOperation<T>(T.One, T.CreateTruncating(-logVolume));
    }

    /// <inheritdoc/>
    public static string Kind => "uniform-box";

    /// <summary>The lower bound of each feature.</summary>
    public ReadOnlySpan<double> Lower => _lower;

    /// <summary>The upper bound of each feature.</summary>
    public ReadOnlySpan<double> Upper => _upper;

    /// <inheritdoc/>
    public override RandomDistribution RandomDistribution => RandomDistribution.Uniform;

    /// <inheritdoc/>
    public override Domain Domain
    {
        get
        {
            var axes = new Axis[Features];
            for (var j = 0; j < axes.Length; j++)
                axes[j] = Axis.Interval(_lower[j], _upper[j]);
            return Domain.Of(axes);
        }
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new UniformBox<T>(reader.Numbers("lower"), reader.Numbers("upper"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        // How far z is outside, as a sum over the features: zero inside. The density is constant, so there is no gradient, at the ends and outside either.
        z = tape.StopGradient(z);
        var above = tape.Apply(_relu, [tape.Apply(_subtract, [z, tape.SharedRow(_upperRow)], Features)], Features);
        var below = tape.Apply(_relu, [tape.Apply(_subtract, [tape.SharedRow(_lowerRow), z], Features)], Features);
        var outside = tape.Apply(_sumColumns, [tape.Apply(_add, [above, below], Features)], 1);
        // ln max(1 − outside / tiny, 0) is 0 inside and −∞ elsewhere.
        var inside = tape.Apply(_relu, [tape.Apply(_oneMinusOverTiny, [outside], 1)], 1);
        return tape.Apply(_minusLogVolume, [tape.Apply(_log, [inside], 1)], 1);
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        return tape.Apply(_add, [tape.SharedRow(_lowerRow), tape.Apply(_multiply, [random, tape.SharedRow(_widthRow)], Features)], Features);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("lower", Lower);
        writer.Write("upper", Upper);
    }
}
