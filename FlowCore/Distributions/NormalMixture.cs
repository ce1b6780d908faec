using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Numerics;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>A mixture of K normal distributions: ln p(z) = ln Σ_k w_k N(z; μ_k, L_k L_kᵀ), with any covariance or a diagonal one for each.</summary>
/// <remarks>
/// <para>
/// Bishop 2006, "Pattern recognition and machine learning", section 9.2. w = softmax of free numbers, L_ii = e^λ + floor; with the floor of 10⁻⁶ as in
/// zuko no component can shrink to a point. The logarithm of the sum is taken without overflow. A row costs K times a single component (½D² with any covariance).
/// </para>
/// <para>
/// A sample takes D + 1 normal numbers. The last one chooses the component, by its place in the normal distribution; the others make the point. Samples are
/// differentiable in means and covariances of the component that was chosen; the choice jumps, so they have no gradient in the weights w.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class NormalMixture<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReshapeOperation<T> _flatRows;
    private readonly ReshapeOperation<T>? _flatEntries;
    private readonly PackedMatrix<T>? _lower;
    private readonly GatherColumnsOperation<T>? _repeated;

    /// <summary>Creates the distribution: equal weights, unit covariances, all means 0.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="isDiagonal">Whether the covariances are diagonal. With one feature there is no difference.</param>
    /// <param name="learnable">Whether training changes it.</param>
    /// <param name="name">The prefix of the names: <c>.logits</c> [K], <c>.means</c> [K, D], <c>.log_diagonals</c> [K, D], <c>.lower_entries</c> [K, D(D − 1)/2] (by rows; none for diagonal ones).</param>
    /// <param name="floor">What is added to e^λ, 0 or more.</param>
    /// <exception cref="ArgumentException">A number is out of range or the name is empty.</exception>
    public NormalMixture(int features, int components, bool isDiagonal = false, bool learnable = true, string name = "base", double floor = 1e-6)
        : this(features, components, CreateParameters(features, components, isDiagonal, learnable, name), 0, isDiagonal, floor) => Name = name;

    /// <summary>Creates the distribution with a network that gives its numbers from the conditions.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="conditioner">The network; its outputs are K logits, the K means, the K rows of λ (one number each where spherical), the K lower triangles by rows: zuko's order.</param>
    /// <param name="isDiagonal">Whether the covariances are diagonal.</param>
    /// <param name="isSpherical">Whether those have one scale for all features.</param>
    /// <param name="floor">What is added to e^λ, 0 or more.</param>
    /// <exception cref="ArgumentException">A number is out of range, the network has other outputs, or covariances are spherical and not diagonal.</exception>
    public NormalMixture(int features, int components, Network<T> conditioner, bool isDiagonal = false, bool isSpherical = false, double floor = 1e-6)
        : this(features, components, (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Parameters, conditioner.Inputs, isDiagonal, floor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        if (isSpherical && !isDiagonal)
            throw new ArgumentException("Expected spherical covariances to be diagonal ones.", nameof(isSpherical));
        Conditioner = conditioner;
        IsSpherical = isSpherical;
        Name = string.Empty;
        var outputs = NumbersOf(features, components, isDiagonal) - (isSpherical ? components * (features - 1) : 0);
        if (conditioner.Outputs != outputs)
            throw new ArgumentException($"Expected a network of {outputs} outputs; one of {conditioner.Outputs} came.", nameof(conditioner));
        if (isSpherical)
            _repeated = new GatherColumnsOperation<T>([.. Enumerable.Range(0, components * features).Select(i => i / features)]);
    }

    private NormalMixture(int features, int components, IReadOnlyList<Parameter<T>> parameters, int conditionColumns, bool isDiagonal, double floor)
        : base(features, parameters, conditionColumns)
    {
        if (!double.IsFinite(floor) || floor < 0)
            throw new ArgumentOutOfRangeException(nameof(floor), floor, $"Expected a finite floor of at least 0; {floor} came.");
        Name = string.Empty;
        Components = components;
        Floor = floor;
        IsDiagonal = isDiagonal;
        _flatRows = new ReshapeOperation<T>(1, components * features);
        if (isDiagonal || features == 1)
            return;
        _flatEntries = new ReshapeOperation<T>(1, components * PackedMatrix<T>.TriangleLength(features));
        _lower = new PackedMatrix<T>(
            features,
            (i, j) => i > j ? PackedMatrix<T>.First + features + PackedMatrix<T>.Below(i, j) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero);
    }

    /// <inheritdoc/>
    public static string Kind => "normal-mixture";

    /// <summary>The prefix of the parameters' names; empty with a network.</summary>
    public string Name { get; }

    /// <summary>The network that gives the numbers; null where they are free.</summary>
    public Network<T>? Conditioner { get; }

    /// <summary>Whether the diagonal covariances of a network have one scale for all features.</summary>
    public bool IsSpherical { get; }

    /// <summary>K.</summary>
    public int Components { get; }

    /// <summary>Whether the covariances are diagonal.</summary>
    public bool IsDiagonal { get; }

    /// <summary>What is added to e^λ.</summary>
    public double Floor { get; }

    /// <inheritdoc/>
    public override int RandomNumbers => Features + 1;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (reader.Has("conditioner"))
        {
            return new NormalMixture<T>(
                reader.Size("features"), reader.Size("components"), reader.Part<Network<T>>("conditioner"), reader.Flag("diagonal"), reader.Flag("spherical"), reader.Number("floor"));
        }

        return new NormalMixture<T>(
            reader.Size("features"), reader.Size("components"), reader.Flag("diagonal"), reader.Flag("learnable"), reader.Text("name"), reader.Number("floor"));
    }

    /// <summary>A mixture that starts from data: centres by k-means++, then weight, mean and covariance of the rows around each.</summary>
    /// <param name="rows">Row-major [n, features], at least K rows.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="components">K, at least 1.</param>
    /// <param name="stream">Where the random choice of the first centres comes from.</param>
    /// <param name="isDiagonal">Whether the covariances are diagonal.</param>
    /// <param name="learnable">Whether training changes it.</param>
    /// <param name="name">The prefix of the parameters' names.</param>
    /// <param name="floor">What is added to e^λ.</param>
    /// <returns>The distribution. A component whose rows have a covariance without full rank gets that of all rows.</returns>
    /// <exception cref="ArgumentException">There are too few rows, one is not finite, or the covariance of all has not the full rank.</exception>
    public static NormalMixture<T> FromData(
        ReadOnlySpan<T> rows, int features, int components, RandomStream stream, bool isDiagonal = false, bool learnable = true, string name = "base", double floor = 1e-6)
    {
        var mixture = new NormalMixture<T>(features, components, isDiagonal, learnable, name, floor);
        var (_, overall) = DataMoments.MeanAndFactor(rows, features);
        var clusters = KMeans.Cluster(rows, features, components, stream);
        var (logWeights, means, factors) = (new double[components], new double[components * features], new double[components * features * features]);
        for (var k = 0; k < components; k++)
        {
            var own = KMeans.RowsOf(rows, features, clusters, k);
            var mean = DataMoments.Mean<T>(own, features);
            var factor = DataMoments.Covariance<T>(own, mean);
            if (isDiagonal)
                ClearOffDiagonal(factor, features);
            if (Array.IndexOf(DataMoments.Constants<T>(own, features), true) >= 0 || !CholeskyDecomposition.Factor(factor, features))
                factor = overall;
            logWeights[k] = Math.Log((double)own.Length / rows.Length);
            mean.CopyTo(means, k * features);
            factor.CopyTo(factors, k * features * features);
        }

        mixture.Set(logWeights, means, factors);
        return mixture;
    }

    /// <summary>The mixture of the components.</summary>
    internal static NormalMixture<T> Of(NormalComponents components, bool learnable, string name)
    {
        var mixture = new NormalMixture<T>(components.Features, components.Components, isDiagonal: false, learnable, name);
        mixture.Set(components.LogWeights, components.Means, components.Factors);
        return mixture;
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(z, nameof(z));
        var (logits, means, logDiagonals, entries) = Numbers(tape, conditions);
        var logWeights = logits.LogSoftmaxSegments(Components);
        var scales = logDiagonals.Exp() + T.CreateTruncating(Floor);
        var terms = tape.Allocate(Components);
        var triangle = PackedMatrix<T>.TriangleLength(Features);
        for (var k = 0; k < Components; k++)
        {
            using var scope = tape.BeginScope();
            var scale = scales.Slice(k * Features, Features);
            var centred = z - means.Slice(k * Features, Features);
            var standard = _lower is null ? centred / scale
                : scale.IsBlock ? _lower.Rows(scale, entries.Slice(k * triangle, triangle)).BatchedTriangularSolve(centred, Features)
                : centred.TriangularSolve(_lower.Weight(scale, entries.Slice(k * triangle, triangle)));
            var term = standard.NormalLogDensity() + (logWeights.Slice(k, 1) - scale.Log().SumColumns());
            tape.CopyInto(term, tape.Slice(terms, k, 1));
        }

        return terms.LogSumExp();
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(random, nameof(random));
        var numbers = random.Slice(0, Features);
        if (Conditioner is not null)
            return FromRandom(tape, numbers, random.Slice(Features, 1).NormalCdf(), conditions);

        var chosen = ComponentChoice.Of(tape, random.Slice(Features, 1).NormalCdf(), tape.Use(Parameters[0]), Components);

        // The numbers of the chosen component: a row of zeros and a one, times the matrix of all of them.
        var mean = TransposedLinearOperation<T>.Instance.Apply(chosen, tape.Use(Parameters[1]));
        var scale = TransposedLinearOperation<T>.Instance.Apply(chosen, tape.Use(Parameters[2])).Exp() + T.CreateTruncating(Floor);
        if (_lower is null)
            return mean + (scale * numbers);
        var entries = TransposedLinearOperation<T>.Instance.Apply(chosen, tape.Use(Parameters[3]));
        return mean + _lower.Rows(scale, entries).BatchedMultiply(numbers, Features, Features, 1);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Conditioner is null)
            writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("components", Components);
        writer.Write("diagonal", IsDiagonal);
        if (Conditioner is null)
        {
            writer.Write("learnable", Parameters[0].Trainable);
        }
        else
        {
            writer.Write("conditioner", Conditioner);
            writer.Write("spherical", IsSpherical);
        }

        writer.Write("floor", Floor);
    }

    /// <summary>How many numbers there are, of covariances that are not spherical.</summary>
    internal static int NumbersOf(int features, int components, bool isDiagonal) =>
        checked(components * (1 + (2 * features) + (isDiagonal ? 0 : PackedMatrix<T>.TriangleLength(features))));

    // ln of the weights [K], means [K, D] and lower triangular factors [K, D, D].
    private void Set(double[] logWeights, double[] means, double[] factors)
    {
        var triangle = PackedMatrix<T>.TriangleLength(Features);
        var (logDiagonals, entries) = (new T[Components * Features], new T[Components * triangle]);
        for (var k = 0; k < Components; k++)
        {
            var factor = factors.AsSpan(k * Features * Features, Features * Features);
            for (var i = 0; i < Features; i++)
            {
                logDiagonals[(k * Features) + i] = T.CreateTruncating(Math.Log(Math.Max(factor[(i * Features) + i] - Floor, Floor + 1e-12)));
                for (var j = 0; j < i; j++)
                    entries[(k * triangle) + PackedMatrix<T>.Below(i, j)] = T.CreateTruncating(factor[(i * Features) + j]);
            }
        }

        Parameters[0].Write(Array.ConvertAll(logWeights, T.CreateTruncating));
        Parameters[1].Write(Array.ConvertAll(means, T.CreateTruncating));
        Parameters[2].Write(logDiagonals);
        if (_lower is not null)
            Parameters[3].Write(entries);
    }

    // Those of all components in a row: shared by all rows of a block, or from the network for each.
    private (Variable<T> Logits, Variable<T> Means, Variable<T> LogDiagonals, Variable<T> Entries) Numbers(Tape<T> tape, Variable<T> conditions)
    {
        if (Conditioner is null)
        {
            return (
                tape.Use(Parameters[0]), _flatRows.Apply(tape.Use(Parameters[1])), _flatRows.Apply(tape.Use(Parameters[2])),
                _flatEntries is null ? default : _flatEntries.Apply(tape.Use(Parameters[3])));
        }

        var all = Conditioner.ApplyCore(tape, tape.AsBlock(conditions));
        var rows = Components * Features;
        var logDiagonals = _repeated is null ? all.Slice(Components + rows, rows) : _repeated.Apply(all.Slice(Components + rows, Components));
        return (
            all.Slice(0, Components), all.Slice(Components, rows), logDiagonals,
            _lower is null ? default : all.Slice(Components + (2 * rows), Components * PackedMatrix<T>.TriangleLength(Features)));
    }

    private Variable<T> FromRandom(Tape<T> tape, Variable<T> numbers, Variable<T> place, Variable<T> conditions)
    {
        var (logits, means, logDiagonals, entries) = Numbers(tape, conditions);
        var chosen = ComponentChoice.Of(tape, place, logits, Components);
        var mean = Chosen(means, Features);
        var scale = Chosen(logDiagonals, Features).Exp() + T.CreateTruncating(Floor);
        return _lower is null
            ? mean + (scale * numbers)
            : mean + _lower.Rows(scale, Chosen(entries, PackedMatrix<T>.TriangleLength(Features))).BatchedMultiply(numbers, Features, Features, 1);

        Variable<T> Chosen(Variable<T> all, int width)
        {
            var sum = all.Slice(0, width) * chosen.Slice(0, 1);
            for (var k = 1; k < Components; k++)
                sum += all.Slice(k * width, width) * chosen.Slice(k, 1);
            return sum;
        }
    }

    private static void ClearOffDiagonal(double[] matrix, int n)
    {
        for (var i = 0; i < matrix.Length; i++)
        {
            if (i / n != i % n)
                matrix[i] = 0;
        }
    }

    private static Parameter<T>[] CreateParameters(int features, int components, bool isDiagonal, bool learnable, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(components);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Parameter<T>[] parameters =
        [
            new($"{name}.logits", 1, components, isVector: true), new($"{name}.means", components, features), new($"{name}.log_diagonals", components, features),
        ];
        if (!isDiagonal && features > 1)
            parameters = [.. parameters, new($"{name}.lower_entries", components, PackedMatrix<T>.TriangleLength(features))];
        foreach (var parameter in parameters)
            parameter.Trainable = learnable;
        return parameters;
    }
}
