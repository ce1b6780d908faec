using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z_j = τ(x_j; θ_j): the same bijection for all events, with free parameters of its own for each feature or one set for all; or a fixed τ, without parameters.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Elementwise<T> : Transform<T>, IPartKind<T>, IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly UnivariateMap<T> _forward;
    private readonly UnivariateMap<T> _inverse;

    /// <summary>Creates the transform; it starts as the identity, or as what τ has nearest to it.</summary>
    /// <param name="univariate">τ.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the parameter's name, behind which τ's own name for it stands; may be left out where τ has no parameters.</param>
    /// <param name="isShared">Whether all features share one set of parameters.</param>
    /// <param name="isStarted">Whether its numbers are to count as started, as those of a file do; only some τ start from data.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public Elementwise(Univariate<T> univariate, int features, string name = "", bool isShared = false, bool isStarted = false)
        : base(features, 0, CreateParameters(univariate, features, name, isShared))
    {
        univariate.CheckFeatures(features, nameof(univariate));
        IsStarted = isStarted || !univariate.StartsFromData;
        Univariate = univariate;
        Name = name;
        IsShared = isShared;
        var positions = isShared ? new int[features] : UnivariateMap<T>.Natural(features);
        _forward = new UnivariateMap<T>(univariate, positions, inverse: false);
        _inverse = new UnivariateMap<T>(univariate, positions, inverse: true);
    }

    /// <inheritdoc/>
    public static string Kind => "elementwise";

    /// <summary>τ.</summary>
    public Univariate<T> Univariate { get; }

    /// <summary>The prefix of the parameter's name.</summary>
    public string Name { get; }

    /// <summary>Whether all features share one set of parameters.</summary>
    public bool IsShared { get; }

    /// <summary>Whether τ starts from data.</summary>
    public bool StartsFromData => Univariate.StartsFromData;

    /// <summary>Whether it has been started from data; true where τ does not start from data.</summary>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public override Domain Domain => Univariate.DomainOf(Features);

    /// <inheritdoc/>
    public override Domain Codomain => Univariate.CodomainOf(Features);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Elementwise<T>(reader.Part<Univariate<T>>("univariate"), reader.Size("features"), reader.Text("name"), reader.Flag("shared"), reader.Has("started") && reader.Flag("started"));
    }

    /// <summary>Sets the parameters of each feature from its numbers, or those of all from all, so that they become nearly normal; does nothing where τ does not start from data.</summary>
    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">It is passed backwards.</exception>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        if (!StartsFromData)
            return;
        if (inverse)
            throw new NotSupportedException($"Expected a {Univariate.GetType().Name.Split('`')[0]} that is passed forwards; it is inverted.");

        // Sees to the checks as well.
        _ = DataMoments.Mean(rows, Features);
        var sets = IsShared ? 1 : Features;
        var start = Univariate.StartOf(sets);
        var numbers = new double[rows.Length / sets];
        for (var j = 0; j < sets; j++)
        {
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = double.CreateTruncating(rows[(i * sets) + j]);
            Array.Sort(numbers);
            Univariate.StartFrom(numbers, start.AsSpan(j * Univariate.ParametersPerFeature, Univariate.ParametersPerFeature));
        }

        Parameters[0].Write(Array.ConvertAll(start, T.CreateTruncating));
        IsStarted = true;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("shared", IsShared);
        writer.Write("univariate", Univariate);
        if (StartsFromData)
            writer.Write("started", IsStarted);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return _forward.Apply(tape, x, Free(tape), out logDet);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return _inverse.Apply(tape, z, Free(tape), out logDet);
    }

    private Variable<T> Free(Tape<T> tape) => Univariate.ParametersPerFeature == 0 ? default : tape.Use(Parameters[0]);

    private static Parameter<T>[] CreateParameters(Univariate<T> univariate, int features, string name, bool isShared)
    {
        ArgumentNullException.ThrowIfNull(univariate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentNullException.ThrowIfNull(name);
        if (univariate.ParametersPerFeature == 0)
            return [.. univariate.Parameters];
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var sets = isShared ? 1 : features;
        var free = new Parameter<T>($"{name}.{univariate.ParameterName}", 1, checked(sets * univariate.ParametersPerFeature), isVector: true)
        {
            Start = values =>
            {
                var start = univariate.StartOf(sets);
                for (var i = 0; i < values.Length; i++)
                    values[i] = T.CreateTruncating(start[i]);
            },
        };
        return [free, .. univariate.Parameters];
    }
}
