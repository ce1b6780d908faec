using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Statistics;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Independent features with Student's t distribution: location μ, scale s and ν degrees of freedom of each; heavier tails than normal ones.</summary>
/// <remarks>
/// <para>
/// ln p(z) = Σ_j c(ν_j) − ln s_j − ½(ν_j + 1) ln(1 + ((z_j − μ_j)/s_j)² / ν_j), c(ν) = ln Γ((ν + 1)/2) − ln Γ(ν/2) − ½ ln(νπ); ν = softplus(raw) + 0.01, s = e^(log scale)
/// (Johnson, Kotz and Balakrishnan 1995, "Continuous univariate distributions", volume 2, chapter 28).
/// </para>
/// <para>
/// A sample takes two uniform numbers u, v a feature: √(ν (u^(−2/ν) − 1)) cos 2πv has the distribution exactly (Bailey 1994, "Polar generation of random variates with
/// the t-distribution"). It is differentiable in μ, s and ν. Below ν ≈ 0.3 samples may leave the range of float.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class StudentT<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double SmallestDegrees = 0.01;

    /// <summary>Creates the distribution with location 0 and scale 1.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="degreesOfFreedom">ν of every feature, above 0.01 and finite.</param>
    /// <param name="learnable">Whether training changes location, scale and degrees of freedom.</param>
    /// <param name="name">The prefix of the names: <c>.location</c>, <c>.log_scale</c> and <c>.raw_degrees</c>, [D] each.</param>
    /// <exception cref="ArgumentException">A number is out of range or the name is empty.</exception>
    public StudentT(int features, double degreesOfFreedom = 5, bool learnable = false, string name = "base")
        : base(features, CreateParameters(features, degreesOfFreedom, learnable, name)) => Name = name;

    /// <inheritdoc/>
    public static string Kind => "student-t";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override int RandomNumbers => 2 * Features;

    /// <inheritdoc/>
    public override RandomDistribution RandomDistribution => RandomDistribution.Uniform;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StudentT<T>(reader.Size("features"), 5, reader.Flag("learnable"), reader.Text("name"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var (logScale, degrees) = (tape.Use(Parameters[1]), Degrees(tape));
        var standard = (z - tape.Use(Parameters[0])) * (-logScale).Exp();
        var tails = (standard.Square() / degrees).Log1p() * ((degrees + T.One) * T.CreateTruncating(0.5));
        return (StudentNormalizerOperation<T>.Instance.Apply(degrees) - logScale).SumColumns() - tails.SumColumns();
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        var degrees = Degrees(tape);
        var logarithm = random.Slice(0, Features).Log() * (T.CreateTruncating(-2) / degrees);
        var radius = (logarithm.Expm1() * degrees).Sqrt();
        var direction = (random.Slice(Features, Features) * T.CreateTruncating(2 * Math.PI)).Cos();
        return (radius * direction * tape.Use(Parameters[1]).Exp()) + tape.Use(Parameters[0]);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("learnable", Parameters[0].Trainable);
    }

    private static Parameter<T>[] CreateParameters(int features, double degrees, bool learnable, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!double.IsFinite(degrees) || degrees <= SmallestDegrees)
            throw new ArgumentOutOfRangeException(nameof(degrees), degrees, $"Expected finite degrees of freedom above {SmallestDegrees}; {degrees} came.");

        // The inverse of softplus, without overflow.
        var excess = degrees - SmallestDegrees;
        var raw = excess + Math.Log(-Math.Exp(-excess) + 1);
        Parameter<T>[] parameters =
        [
            LinearParameters.Vector<T>($"{name}.location", features), LinearParameters.Vector<T>($"{name}.log_scale", features),
            LinearParameters.Vector<T>($"{name}.raw_degrees", features, raw),
        ];
        foreach (var parameter in parameters)
            parameter.Trainable = learnable;
        return parameters;
    }

    /// <summary>ν of each feature as it is now.</summary>
    internal double[] ReadDegrees()
    {
        var raw = new T[Features];
        Parameters[2].Read(raw);
        return Array.ConvertAll(raw, value =>
        {
            var x = double.CreateTruncating(value);
            return Math.Max(x, 0) + SpecialFunctions.Log1p(Math.Exp(-Math.Abs(x))) + SmallestDegrees;
        });
    }

    private Variable<T> Degrees(Tape<T> tape) => tape.Use(Parameters[2]).Softplus() + T.CreateTruncating(SmallestDegrees);
}
