using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// x = μ + diag(σ) (1 + M) z with M strictly lower triangular, all of which a network computes from the conditions: behind a standard normal base
/// the normal distribution of any conditional mean and covariance L Lᵀ, L = diag(σ) (1 + M), or without M of independent features.
/// </summary>
/// <remarks>
/// Dorta and others 2018, "Structured uncertainty prediction networks", with the Cholesky factor of the covariance instead of the precision. Each row of L
/// is scaled as a whole, so M is free of units. ln σ = a / (1 + |a / ln S|) lies between ±ln S, as for <see cref="Affine{T}"/>; log|det ∂z/∂x| = −Σ ln σ_i. The network's outputs
/// are μ, then a, then M row by row: D, D and D(D−1)/2 numbers.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ConditionalTriangular<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _steepness;
    private readonly PackedMatrix<T>? _lower;

    /// <summary>Connects the map with a network of the conditions.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditioner">The network; <see cref="Outputs"/> says how many outputs it has.</param>
    /// <param name="isDiagonal">Whether there is no M.</param>
    /// <param name="slope">S in (0, 1); 0 for no limit.</param>
    /// <exception cref="ArgumentException">The network has other outputs, or a number is out of range.</exception>
    public ConditionalTriangular(int features, Network<T> conditioner, bool isDiagonal = false, double slope = 1e-3)
        : base(features, (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs, conditioner.Parameters)
    {
        if (conditioner.Outputs != Outputs(features, isDiagonal))
            throw new ArgumentException($"Expected a network of {Outputs(features, isDiagonal)} outputs, got {conditioner.Outputs}.", nameof(conditioner));
        new AffineSettings { Slope = slope }.Check(nameof(slope));
        Conditioner = conditioner;
        IsDiagonal = isDiagonal;
        Slope = slope;
        _steepness = slope == 0 ? T.Zero : T.CreateTruncating(1 / Math.Abs(Math.Log(slope)));
        if (!isDiagonal && features > 1)
            _lower = new PackedMatrix<T>(features, static (i, j) => i == j ? PackedMatrix<T>.One : i > j ? PackedMatrix<T>.First + PackedMatrix<T>.Below(i, j) : PackedMatrix<T>.Zero);
    }

    /// <summary>Creates the map with a multilayer perceptron <c>{name}.hyper</c>.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditionColumns">C, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="isDiagonal">Whether there is no M.</param>
    /// <param name="initialization">Where fresh weights come from; null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ConditionalTriangular(
        int features, int conditionColumns, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name, bool isDiagonal = false, RandomStream? initialization = null)
        : this(features, new Mlp<T>([conditionColumns, .. hiddenSizes, Outputs(features, isDiagonal)], activation, $"{name}.hyper", initialization), isDiagonal)
    {
    }

    /// <inheritdoc/>
    public static string Kind => "conditional-triangular";

    /// <summary>The network.</summary>
    public Network<T> Conditioner { get; }

    /// <summary>Whether there is no M.</summary>
    public bool IsDiagonal { get; }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope { get; }

    /// <summary>How many numbers the network has to give.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="isDiagonal">Whether there is no M.</param>
    /// <returns>2 D, and D(D−1)/2 more with M.</returns>
    public static int Outputs(int features, bool isDiagonal)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return checked((2 * features) + (isDiagonal ? 0 : PackedMatrix<T>.TriangleLength(features)));
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ConditionalTriangular<T>(reader.Size("features"), reader.Part<Network<T>>("conditioner"), reader.Flag("diagonal"), reader.Number("slope"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("diagonal", IsDiagonal);
        writer.Write("slope", Slope);
        writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var z = Standardize(tape, x, conditions, out var logScale);
        logDet = -logScale.SumColumns();
        return z;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var numbers = Numbers(tape, conditions);
        var logScale = LogScale(numbers);
        logDet = logScale.SumColumns();
        var mixed = _lower is null ? z : _lower.Rows(numbers.Slice(2 * Features, numbers.Columns - (2 * Features))).BatchedMultiply(z, Features, Features, 1);
        return (mixed * logScale.Exp()) + numbers.Slice(0, Features);
    }

    /// <summary>z, and ln σ of each feature.</summary>
    internal Variable<T> Standardize(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logScale)
    {
        var numbers = Numbers(tape, conditions);
        logScale = LogScale(numbers);
        var scaled = (x - numbers.Slice(0, Features)) * (-logScale).Exp();
        return _lower is null
            ? scaled
            : _lower.Rows(numbers.Slice(2 * Features, numbers.Columns - (2 * Features))).BatchedTriangularSolve(scaled, Features, unitDiagonal: true);
    }

    private Variable<T> Numbers(Tape<T> tape, Variable<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return Conditioner.ApplyCore(tape, tape.AsBlock(conditions));
    }

    private Variable<T> LogScale(Variable<T> numbers)
    {
        var a = numbers.Slice(Features, Features);
        return Slope == 0 ? a : a / ((a.Abs() * _steepness) + T.One);
    }
}
