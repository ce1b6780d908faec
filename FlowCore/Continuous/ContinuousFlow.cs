using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Continuous;

/// <summary>A flow along the paths of a differential equation whose velocity a network learns: no structure is asked of it, and it is trained without solving anything.</summary>
/// <remarks>
/// <para>
/// dx/dt = v(x, t; c) from noise at t = 0 to data at t = 1, ln q(x₁) = ln base(x₀) − ∫₀¹ div v dt (Chen et al. 2018; Grathwohl et al. 2019). A density costs steps · stages evaluations of the
/// network with a tangent for each feature, and so does a sample with its density; a sample alone leaves the divergence out. Densities, samples and gradients are those of every <see cref="Flow{T}"/>; the
/// divergence in them is exact.
/// </para>
/// <para>
/// <see cref="Fit(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, TrainingOptions?, FlowMatchingOptions?, IProgress{TrainingProgress}?, CancellationToken)"/> trains by flow
/// matching, <see cref="ChooseSteps"/> then finds how many steps the densities need. Maximum likelihood is there as well: a <see cref="Trainer{T}"/> with
/// <see cref="ContinuousLikelihood{T}"/>, or without objective.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class ContinuousFlow<T> : Flow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double DefaultAveraging = 0.999;

    /// <summary>Creates a fresh flow.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ContinuousFlow(ContinuousFlowSettings settings, Device? device = null)
        : this(NoiseOf(settings), TransformOf(settings), device)
    {
    }

    /// <summary>Makes a flow of its parts, for a field of one's own.</summary>
    /// <param name="noise">The distribution of the noise, where the equation lives.</param>
    /// <param name="transform">A <see cref="ContinuousTransform{T}"/>, or a composition whose last part is one.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">There is no equation next to the noise, or the parts do not fit together.</exception>
    public ContinuousFlow(BaseDistribution<T> noise, Transform<T> transform, Device? device = null)
        : base(noise, transform, device) => Paths = ContinuousPaths.Of<T>(this, nameof(transform));

    /// <summary>The differential equation.</summary>
    public ContinuousTransform<T> Paths { get; }

    /// <summary>N, the steps of a solve. Files have it.</summary>
    public int Steps
    {
        get => Paths.Steps;
        set => Paths.Steps = value;
    }

    /// <summary>Takes a flow over that has a differential equation next to its noise, one of a file for example. The flow itself is at its end then.</summary>
    /// <param name="flow">The flow.</param>
    /// <returns>The flow with what continuous ones offer.</returns>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static ContinuousFlow<T> Of(Flow<T> flow)
    {
        ContinuousPaths.Of(flow, nameof(flow));
        return flow as ContinuousFlow<T> ?? new ContinuousFlow<T>(flow.Base, flow.TakeApart(), flow.Device);
    }

    /// <summary>Reads a flow; the file says all that is needed, the steps included.</summary>
    /// <param name="path">The file. Its numbers are converted to the flow's type.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ArgumentException">The file holds a flow of another kind.</exception>
    /// <exception cref="IO.ModelFormatException">The file does not hold a flow.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static ContinuousFlow<T> Load(string path, Device? device = null) => Of(Flow<T>.Load(path, device));

    /// <summary>
    /// What suits flow matching, to be changed by <c>with</c>: Adam at 0.004 with a cosine to zero, weights averaged with 0.999, and no early stopping nor a best epoch: the loss of an epoch is
    /// one draw of noise and times, so that it does not tell good epochs apart.
    /// </summary>
    public static TrainingOptions MatchingTraining { get; } = new()
    {
        Optimiser = OptimiserSettings.Adam(4e-3),
        EarlyStopping = null,
        RestoreBest = false,
        WeightAveraging = DefaultAveraging,
    };

    /// <summary>Trains the velocity by flow matching, with the options of every training; unless they say otherwise the weights are averaged with 0.999.</summary>
    /// <param name="samples">[rows, features], or [rows] for one feature; finite.</param>
    /// <param name="context">[rows, C], or [1, C] or [C] for all rows; left out where the model takes none.</param>
    /// <param name="weights">[rows], at least 0; empty for ones.</param>
    /// <param name="options">
    /// How; null for <see cref="MatchingTraining"/>. Thousands of steps are few. Options of one's own stop early by default, see <see cref="TrainingOptions.EarlyStopping"/>.
    /// <see cref="TrainingOptions.WeightAveraging"/> of 0 averages nothing.
    /// </param>
    /// <param name="matching">How noise and data are paired; null for the defaults.</param>
    /// <param name="progress">Receives a report after every step and every epoch; null for none.</param>
    /// <param name="cancellationToken">Cancels between two steps; the result says so.</param>
    /// <returns>What the training came to; its losses are those of flow matching, no densities.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, a number is not finite, or an option is out of range.</exception>
    /// <exception cref="TrainingDivergedException">The loss became NaN or infinite.</exception>
    /// <exception cref="IOException">Checkpoint or history could not be read or written.</exception>
    public TrainingResult Fit(
        in ReadOnlyTensorSpan<T> samples, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> weights = default, TrainingOptions? options = null,
        FlowMatchingOptions? matching = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Parameters.ThrowIfDisposed();
        options ??= MatchingTraining;
        options = options with { WeightAveraging = options.WeightAveraging ?? DefaultAveraging };
        var data = DensityModelFit.Rows(this, samples, context, default, weights);
        return DensityModelFit.FitRows(this, data, options, new FlowMatching<T>(matching), progress, cancellationToken);
    }

    /// <summary>Finds the fewest steps with which no row's ln q changes by more than a tolerance against twice as many, and sets them.</summary>
    /// <remarks>It is computed in double, where rounding does not hide what the steps leave. Tried are 4, 6, 8, 12, 16, 24, ... steps.</remarks>
    /// <param name="probe">[rows, features], rows like those that densities will be asked for; some hundreds are enough.</param>
    /// <param name="tolerance">In nats, above 0.</param>
    /// <param name="context">[rows, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="mostSteps">The most steps that are tried, at least 4.</param>
    /// <returns>The choice; with the most steps its change may be above the tolerance.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a number is out of range.</exception>
    public StepChoice ChooseSteps(in ReadOnlyTensorSpan<T> probe, double tolerance = 1e-4, in ReadOnlyTensorSpan<T> context = default, int mostSteps = 512)
    {
        Parameters.ThrowIfDisposed();
        if (!(tolerance > 0))
            throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "Expected a tolerance above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSteps, 4);
        var rows = Array.ConvertAll(TensorRows.Of(probe, Features, nameof(probe)).ToArray(), double.CreateTruncating);
        if (rows.Length == 0)
            throw new ArgumentException("Expected at least one row, got none.", nameof(probe));
        var conditions = Array.ConvertAll(TensorRows.OfOptional(context, ContextFeatures, nameof(context)).ToArray(), double.CreateTruncating);
        using var exact = ConvertTo<double>();
        var known = new Dictionary<int, double[]>();
        var choice = default(StepChoice);
        foreach (var steps in Candidates(mostSteps))
        {
            choice = new StepChoice(steps, LargestChange(Of(steps), Of(2 * steps)));
            if (choice.Change <= tolerance)
                break;
        }

        Steps = choice.Steps;
        return choice;

        double[] Of(int steps)
        {
            if (known.TryGetValue(steps, out var values))
                return values;
            exact.Steps = steps;
            values = new double[rows.Length / Features];
            exact.LogDensity(rows, new Conditions<double>(conditions), values);
            return known[steps] = values;
        }
    }

    /// <summary>Estimates of ln q with one tangent instead of one for each feature: right in the mean over seeds, for many features.</summary>
    /// <remarks>
    /// Hutchinson 1990; Grathwohl et al. 2019. Each row draws signs once for the whole solve, from the seed and its number, so neither its neighbours nor the cut into blocks matter. Where the
    /// field is linear the variance is 2 Σ_{i≠j} S_ij² with S the symmetric part of ∫ ∂v/∂x dt.
    /// </remarks>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <returns>[n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public Tensor<T> LogDensityEstimate(in ReadOnlyTensorSpan<T> x, ulong seed, in ReadOnlyTensorSpan<T> context = default)
    {
        Parameters.ThrowIfDisposed();
        var rows = TensorRows.Of(x, Features, nameof(x));
        var (count, columns) = (rows.Length / Features, Paths.Features);
        var signs = new double[checked(count * columns)];
        new RandomStream(seed).FillUniform<double>(signs);
        var joined = new T[checked(count * (Features + columns))];
        for (var row = 0; row < count; row++)
        {
            var target = joined.AsSpan(row * (Features + columns), Features + columns);
            rows.Slice(row * Features, Features).CopyTo(target);
            for (var j = 0; j < columns; j++)
                target[Features + j] = signs[(row * columns) + j] < 0.5 ? -T.One : T.One;
        }

        var values = new T[count];
        RunMap(new LogDensityEstimateMap<T>(this), count, joined, Rows(context, default), values, default);
        return Tensor.Create(values, [count]);
    }

    /// <summary>ln q with steps that each row chooses for itself, in double: what fixed steps are verified with.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="options">The tolerances; null for the defaults.</param>
    /// <returns>ln q and the steps of each row.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    /// <exception cref="InvalidOperationException">A row needs more steps than the options allow; it is named.</exception>
    public AdaptiveResult LogDensityAdaptive(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context = default, AdaptiveOptions? options = null)
    {
        Parameters.ThrowIfDisposed();
        var rows = Array.ConvertAll(TensorRows.Of(x, Features, nameof(x)).ToArray(), double.CreateTruncating);
        var conditions = Array.ConvertAll(TensorRows.OfOptional(context, ContextFeatures, nameof(context)).ToArray(), double.CreateTruncating);
        using var exact = ConvertTo<double>(Device is CpuDevice ? null : Device.Cpu);
        return AdaptiveSolver.LogDensity(exact, rows, conditions, options ?? new AdaptiveOptions());
    }

    /// <inheritdoc cref="DensityModel{T}.ConvertTo"/>
    public new ContinuousFlow<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => (ContinuousFlow<TOther>)ConvertCore<TOther>(device);

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) =>
        new ContinuousFlow<TOther>(Base.ConvertTo<TOther>(), Transform.ConvertTo<TOther>(), device ?? Device);

    private static BaseDistribution<T> NoiseOf(ContinuousFlowSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Check();
        var features = settings.Features;
        return settings.Solve.Space switch
        {
            FlowSpace.Sphere => new UniformSphere<T>(features),
            FlowSpace.Torus => new UniformBox<T>([.. Enumerable.Repeat(-Math.PI, features)], [.. Enumerable.Repeat(Math.PI, features)]),
            _ => new StandardNormal<T>(features),
        };
    }

    private static Transform<T> TransformOf(ContinuousFlowSettings settings)
    {
        var inputs = new VelocityInputs { Frequencies = settings.TimeFrequencies, AreAngles = settings.Solve.Space == FlowSpace.Torus };
        var field = new VelocityNetwork<T>(
            settings.Features, settings.ContextFeatures, [.. settings.HiddenSizes], settings.Activation, "velocity", inputs, new RandomStream(settings.Seed), startsAtRest: true);
        var paths = new ContinuousTransform<T>(field, settings.Solve);
        return settings.Standardization is { } standardization
            ? new Composition<T>(settings.Features, new Standardization<T>(standardization, Flows.StackedFlow.StandardizationName), paths)
            : paths;
    }

    // 4, 6, 8, 12, 16, ...: so that twice a candidate is a later one, which is computed once.
    private static IEnumerable<int> Candidates(int most)
    {
        for (var power = 4; power <= most; power *= 2)
        {
            yield return power;
            if (power + (power / 2) <= most)
                yield return power + (power / 2);
        }
    }

    private static double LargestChange(double[] a, double[] b)
    {
        var largest = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i])
                largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        }

        return largest;
    }
}
