using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>Independent normal features with location μ and scale σ: ln p(z) = Σ_j ln N(z_j; μ_j, σ_j).</summary>
/// <remarks>The scale is kept as its logarithm, so learning cannot make it negative.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DiagonalNormal<T> : BaseDistribution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly NormalLogDensityOperation<T> _density = NormalLogDensityOperation<T>.Instance;
    private static readonly UnaryOperation<T> _exp = UnaryOperation<T>.Of(UnaryFunction.Exp);
    private static readonly BinaryOperation<T> _multiply = BinaryOperation<T>.Of(BinaryFunction.Multiply);
    private static readonly BinaryOperation<T> _add = BinaryOperation<T>.Of(BinaryFunction.Add);
    /// <summary>Creates the distribution.</summary>
    /// <param name="location">μ of each feature, finite.</param>
    /// <param name="scale">σ of each feature, finite and positive.</param>
    /// <param name="learnable">Whether training changes them.</param>
    /// <param name="name">The prefix of the parameters' names, <c>{name}.location</c> and <c>{name}.log_scale</c>.</param>
    /// <exception cref="ArgumentException">The sizes disagree or a number is out of range.</exception>
    public DiagonalNormal(ReadOnlySpan<double> location, ReadOnlySpan<double> scale, bool learnable = false, string name = "base")
        : base(
            location.Length,
            [
                new Parameter<T>($"{name}.location", 1, Math.Max(location.Length, 1), isVector: true) { Trainable = learnable },
                new Parameter<T>($"{name}.log_scale", 1, Math.Max(location.Length, 1), isVector: true) { Trainable = learnable },
            ])
    {
        if (scale.Length != location.Length)
            throw new ArgumentException($"Expected a scale for each of the {location.Length} locations; {scale.Length} came.", nameof(scale));
        for (var j = 0; j < location.Length; j++)
        {
            if (!double.IsFinite(location[j]))
                throw new ArgumentException($"Expected finite locations; {location[j]} came for feature {j}.", nameof(location));
            if (!double.IsFinite(scale[j]) || scale[j] <= 0)
                throw new ArgumentException($"Expected finite, positive scales; {scale[j]} came for feature {j}.", nameof(scale));
            ConstantRange.CheckLarge<T>(location[j], "The location", nameof(location));
            ConstantRange.CheckDivisor<T>(scale[j], "The scale", nameof(scale));
            Parameters[0].Values[j] = T.CreateTruncating(location[j]);
            Parameters[1].Values[j] = T.CreateTruncating(Math.Log(scale[j]));
        }

        Name = name;
    }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>μ of each feature.</summary>
    public IReadOnlyList<double> Location => Numbers(Parameters[0], value => value);

    /// <summary>σ of each feature.</summary>
    public IReadOnlyList<double> Scale => Numbers(Parameters[1], Math.Exp);

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Tape<T> tape, Variable<T> z)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return tape.Apply(_density, [z, tape.Use(Parameters[0]), ScaleOf(tape)], 1);
    }

    /// <inheritdoc/>
    public override void FillNoise(RandomStream stream, ulong firstRow, Span<T> rows) => stream.FillNormal(rows, firstRow * (ulong)Features);

    /// <inheritdoc/>
    public override Variable<T> DrawNoise(Tape<T> tape, RandomStream stream, ulong firstRow)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return tape.Draw(RandomDistribution.Normal, stream, firstRow * (ulong)Features, Features);
    }

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Tape<T> tape, Variable<T> noise)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var scaled = tape.Apply(_multiply, [noise, ScaleOf(tape)], Features);
        return tape.Apply(_add, [scaled, tape.Use(Parameters[0])], Features);
    }

    /// <inheritdoc/>
    protected internal override BaseDistribution<TOther> RecreateCore<TOther>()
    {
        var ones = new double[Features];
        Array.Fill(ones, 1);
        return new DiagonalNormal<TOther>(new double[Features], ones, Parameters[0].Trainable, Name);
    }

    private static double[] Numbers(Parameter<T> parameter, Func<double, double> map)
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return Array.ConvertAll(values, value => map(double.CreateTruncating(value)));
    }

    private Variable<T> ScaleOf(Tape<T> tape)
    {
        var scale = tape.AllocateShared(1, Features);
        tape.ApplyInto(_exp, [tape.Use(Parameters[1])], [scale]);
        return scale;
    }
}
