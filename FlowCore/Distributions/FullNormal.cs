using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>A normal distribution with any covariance: z = μ + L ε, L lower triangular with L_ii = e^{λ_i}, so the covariance is L Lᵀ.</summary>
/// <remarks>
/// ln p(z) = −½ |L⁻¹(z − μ)|² − Σ λ_i − ½ D ln 2π, by a triangular solution of ½D² a row (Bishop 2006, "Pattern recognition and machine learning", equation 2.43).
/// Samples are differentiable in μ and L.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FullNormal<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T> _lower;

    /// <summary>Creates the distribution; it starts as the standard normal one.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="learnable">Whether training changes it.</param>
    /// <param name="name">The prefix of the names: <c>.location</c> (μ), <c>.log_diagonal</c> (λ), <c>.lower_entries</c> (below the diagonal, by rows; none for one feature).</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public FullNormal(int features, bool learnable = false, string name = "base")
        : base(features, CreateParameters(features, learnable, name))
    {
        Name = name;
        _lower = new PackedMatrix<T>(
            features,
            (i, j) => i > j ? PackedMatrix<T>.First + features + PackedMatrix<T>.Below(i, j) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero);
    }

    /// <inheritdoc/>
    public static string Kind => "full-normal";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new FullNormal<T>(reader.Size("features"), reader.Flag("learnable"), reader.Text("name"));
    }

    /// <summary>The normal distribution of the greatest likelihood: mean and covariance (divided by n) of rows.</summary>
    /// <param name="rows">Row-major [n, features], with more rows than features.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="learnable">Whether training changes it.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite, or their covariance has not the full rank.</exception>
    public static FullNormal<T> FromData(ReadOnlySpan<T> rows, int features, bool learnable = false, string name = "base")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var (mean, factor) = DataMoments.MeanAndFactor(rows, features);
        var distribution = new FullNormal<T>(features, learnable, name);
        var (logDiagonal, entries) = (new T[features], new T[PackedMatrix<T>.TriangleLength(features)]);
        for (var i = 0; i < features; i++)
        {
            logDiagonal[i] = T.CreateTruncating(Math.Log(factor[(i * features) + i]));
            for (var j = 0; j < i; j++)
                entries[PackedMatrix<T>.Below(i, j)] = T.CreateTruncating(factor[(i * features) + j]);
        }

        distribution.Parameters[0].Write(Array.ConvertAll(mean, value => T.CreateTruncating(value)));
        distribution.Parameters[1].Write(logDiagonal);
        if (features > 1)
            distribution.Parameters[2].Write(entries);
        return distribution;
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        return (z - tape.Use(Parameters[0])).TriangularSolve(Lower(tape)).NormalLogDensity() - tape.Use(Parameters[1]).SumColumns();
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        return random.Linear(Lower(tape), tape.Use(Parameters[0]));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("learnable", Parameters[0].Trainable);
    }

    private static Parameter<T>[] CreateParameters(int features, bool learnable, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Parameter<T>[] parameters =
        [
            LinearParameters.Vector<T>($"{name}.location", features), LinearParameters.Vector<T>($"{name}.log_diagonal", features),
            .. LinearParameters.Triangle<T>($"{name}.lower_entries", features),
        ];
        foreach (var parameter in parameters)
            parameter.Trainable = learnable;
        return parameters;
    }

    private Variable<T> Lower(Tape<T> tape) =>
        _lower.Weight(tape.Use(Parameters[1]).Exp(), Features == 1 ? default : tape.Use(Parameters[2]));
}
