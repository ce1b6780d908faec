using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Distributions;

/// <summary>Independent normal features with location μ and scale σ: ln p(z) = Σ_j ln N(z_j; μ_j, σ_j).</summary>
/// <remarks>The scale is kept as its logarithm, so learning cannot make it negative.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DiagonalNormal<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the distribution.</summary>
    /// <param name="location">μ of each feature, finite.</param>
    /// <param name="scale">σ of each feature, finite and positive.</param>
    /// <param name="learnable">Whether training changes them.</param>
    /// <param name="name">The prefix of the parameters' names, <c>{name}.location</c> and <c>{name}.log_scale</c>.</param>
    /// <exception cref="ArgumentException">The sizes disagree or a number is out of range.</exception>
    public DiagonalNormal(ReadOnlySpan<double> location, ReadOnlySpan<double> scale, bool learnable = false, string name = "base")
        : base(location.Length, CreateParameters(Math.Max(location.Length, 1), learnable, name))
    {
        if (scale.Length != location.Length)
            throw new ArgumentException($"Expected a scale for each of the {location.Length} locations, got {scale.Length}.", nameof(scale));
        for (var j = 0; j < location.Length; j++)
        {
            if (!double.IsFinite(location[j]))
                throw new ArgumentException($"Expected finite locations, got {location[j]} for feature {j}.", nameof(location));
            if (!double.IsFinite(scale[j]) || scale[j] <= 0)
                throw new ArgumentException($"Expected finite, positive scales, got {scale[j]} for feature {j}.", nameof(scale));
            ConstantRange.CheckLarge<T>(location[j], "The location", nameof(location));
            ConstantRange.CheckDivisor<T>(scale[j], "The scale", nameof(scale));
            Parameters[0].Values[j] = T.CreateTruncating(location[j]);
            Parameters[1].Values[j] = T.CreateTruncating(Math.Log(scale[j]));
        }

        Name = name;
    }

    private DiagonalNormal(int features, bool learnable, string name)
        : base(features, CreateParameters(features, learnable, name)) => Name = name;

    /// <inheritdoc/>
    public static string Kind => "diagonal-normal";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>μ of each feature.</summary>
    public IReadOnlyList<double> Location => Numbers(Parameters[0], value => value);

    /// <summary>σ of each feature.</summary>
    public IReadOnlyList<double> Scale => Numbers(Parameters[1], Math.Exp);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new DiagonalNormal<T>(reader.Size("features"), reader.Flag("learnable"), reader.Text("name"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        return NormalLogDensityOperation<T>.Instance.Apply(z, tape.Use(Parameters[0]), tape.Use(Parameters[1]).Exp());
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        return (random * tape.Use(Parameters[1]).Exp()) + tape.Use(Parameters[0]);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("learnable", Parameters[0].Trainable);
    }

    private static Parameter<T>[] CreateParameters(int features, bool learnable, string name) =>
    [
        new Parameter<T>($"{name}.location", 1, features, isVector: true) { Trainable = learnable },
        new Parameter<T>($"{name}.log_scale", 1, features, isVector: true) { Trainable = learnable },
    ];

    private static double[] Numbers(Parameter<T> parameter, Func<double, double> map)
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return Array.ConvertAll(values, value => map(double.CreateTruncating(value)));
    }
}
