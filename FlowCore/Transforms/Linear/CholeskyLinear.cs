using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>z = L (x − b), L lower triangular with L_ii = e^{λ_i}: log|det J| = Σ_i λ_i. With normal noise the density of x is normal with inverse covariance LᵀL.</summary>
/// <remarks>
/// <para>
/// The inverse of a covariance has one such factor (Golub and Van Loan, "Matrix Computations", section 4.2), so the family is that of all normal
/// distributions, and nothing more. The numbers are b, λ and what is below the diagonal, row by row: 2D + D(D − 1)/2. They are free, or
/// outputs of a network of the conditions: then every row has a normal distribution of its own.
/// </para>
/// <para>A row costs ½D² in either direction, D² with a network, whose matrices are laid out for every row. Take it as the first layer of a flow, started at the
/// data (<see cref="FromData"/>), or alone as a conditional normal distribution.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class CholeskyLinear<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly PackedMatrix<T> _lower;

    /// <summary>Creates the transform with free numbers; it starts as the identity.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the name: <c>{name}.cholesky</c> holds b, λ and the strictly lower triangle by rows.</param>
    /// <exception cref="ArgumentException">The size is out of range or the name is empty.</exception>
    public CholeskyLinear(int features, string name)
        : this(features, 0, [LinearParameters.Vector<T>($"{name}.cholesky", NumbersOf(features))])
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    /// <summary>Creates the transform with a network that gives its numbers.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditioner">The network, from the conditions to 2D + D(D − 1)/2 numbers: b, λ, the strictly lower triangle by rows.</param>
    /// <exception cref="ArgumentException">The network has another number of outputs.</exception>
    public CholeskyLinear(int features, Network<T> conditioner)
        : this(features, (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs, conditioner.Parameters)
    {
        if (conditioner.Outputs != NumbersOf(features))
            throw new ArgumentException($"Expected a network of {NumbersOf(features)} outputs; one of {conditioner.Outputs} came.", nameof(conditioner));
        Conditioner = conditioner;
    }

    /// <summary>Creates the transform with a multilayer perceptron <c>{name}.hyper</c>.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditionColumns">C, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="initialization">Where fresh weights come from; null for a stream of the name's own. The last layer starts at zero: the transform as the identity.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public CholeskyLinear(int features, int conditionColumns, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name, RandomStream? initialization = null)
        : this(features, new Mlp<T>([conditionColumns, .. hiddenSizes, NumbersOf(features)], activation, $"{name}.hyper", initialization, zeroLastLayer: true))
    {
    }

    private CholeskyLinear(int features, int conditionColumns, IReadOnlyList<Parameter<T>> parameters)
        : base(features, conditionColumns, parameters)
    {
        _lower = new PackedMatrix<T>(
            features,
            (i, j) => i > j ? PackedMatrix<T>.First + features + PackedMatrix<T>.Below(i, j) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero);
        Name = string.Empty;
    }

    /// <inheritdoc/>
    public static string Kind => "cholesky-linear";

    /// <summary>The prefix of the parameter's name; empty with a network.</summary>
    public string Name { get; }

    /// <summary>The network that gives the numbers; null where they are free.</summary>
    public Network<T>? Conditioner { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var features = reader.Size("features");
        return reader.Has("conditioner")
            ? new CholeskyLinear<T>(features, reader.Part<Network<T>>("conditioner"))
            : new CholeskyLinear<T>(features, reader.Text("name"));
    }

    /// <summary>The transform that gives rows mean 0 and the identity as covariance: b is their mean, LᵀL the inverse of their covariance (divided by n).</summary>
    /// <param name="rows">Row-major [n, features], with more rows than features.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the parameter's name.</param>
    /// <returns>The transform.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows or are not finite, or their covariance has not the full rank.</exception>
    public static CholeskyLinear<T> FromData(ReadOnlySpan<T> rows, int features, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var (mean, factor) = DataMoments.MeanAndFactor(rows, features);

        // The covariance is G Gᵀ, so its inverse is LᵀL with L = G⁻¹.
        var inverse = new double[features * features];
        SmallMatrix.Identity(features, inverse);
        TriangularMatrix.Solve(factor, features, upper: false, transposed: false, unitDiagonal: false, inverse, features);
        var numbers = new T[NumbersOf(features)];
        for (var i = 0; i < features; i++)
        {
            numbers[i] = T.CreateTruncating(mean[i]);
            numbers[features + i] = T.CreateTruncating(Math.Log(inverse[(i * features) + i]));
            for (var j = 0; j < i; j++)
                numbers[(2 * features) + PackedMatrix<T>.Below(i, j)] = T.CreateTruncating(inverse[(i * features) + j]);
        }

        var transform = new CholeskyLinear<T>(features, name);
        transform.Parameters[0].Write(numbers);
        return transform;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        if (Conditioner is null)
            writer.Write("name", Name);
        else
            writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var numbers = Numbers(tape, conditions);
        var (diagonal, below) = Triangle(numbers, out var logarithms);
        var centred = x - numbers.Slice(0, Features);
        if (numbers.IsBlock)
        {
            logDet = logarithms;
            return _lower.Rows(diagonal, below).BatchedMultiply(centred, Features, Features, 1);
        }

        logDet = LogDets.ForAllRows(tape, logarithms, BinaryFunction.Add);
        return centred.Linear(_lower.Weight(diagonal, below));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var numbers = Numbers(tape, conditions);
        var (diagonal, below) = Triangle(numbers, out var logarithms);
        logDet = numbers.IsBlock ? -logarithms : LogDets.ForAllRows(tape, logarithms, BinaryFunction.Subtract);
        var centred = numbers.IsBlock
            ? _lower.Rows(diagonal, below).BatchedTriangularSolve(z, Features)
            : z.TriangularSolve(_lower.Weight(diagonal, below));
        return centred + numbers.Slice(0, Features);
    }

    private static int NumbersOf(int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        return checked((2 * features) + PackedMatrix<T>.TriangleLength(features));
    }

    private Variable<T> Numbers(Tape<T> tape, Variable<T> conditions) =>
        Conditioner is null ? tape.Use(Parameters[0]) : Conditioner.ApplyCore(tape, tape.AsBlock(conditions));

    private (Variable<T> Diagonal, Variable<T> Below) Triangle(Variable<T> numbers, out Variable<T> logarithms)
    {
        var logDiagonal = numbers.Slice(Features, Features);
        logarithms = logDiagonal.SumColumns();
        return (logDiagonal.Exp(), Features == 1 ? default : numbers.Slice(2 * Features, PackedMatrix<T>.TriangleLength(Features)));
    }
}
