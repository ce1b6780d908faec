using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// z_j = τ(x_j; h_j(c)): an elementwise bijection of each feature whose parameters a network computes from the conditions alone.
/// With one feature it is what a masked autoregressive transform comes down to.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Conditional<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly UnivariateMap<T> _forward;
    private readonly UnivariateMap<T> _inverse;

    /// <summary>Connects τ with a network of the conditions.</summary>
    /// <param name="univariate">τ, with P raw parameters.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditioner">The network, from the conditions to D · P numbers, feature by feature.</param>
    /// <exception cref="ArgumentException">The network has another number of outputs.</exception>
    public Conditional(Univariate<T> univariate, int features, Network<T> conditioner)
        : base(
            features, (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Inputs,
            [.. conditioner.Parameters, .. (univariate ?? throw new ArgumentNullException(nameof(univariate))).Parameters])
    {
        if (conditioner.Outputs != features * Univariate<T>.CountOf(univariate))
        {
            throw new ArgumentException(
                $"Expected a network of {features} × {univariate.ParametersPerFeature} outputs, got {conditioner.Outputs}.", nameof(conditioner));
        }

        univariate.CheckFeatures(features, nameof(univariate));
        Univariate = univariate;
        Conditioner = conditioner;
        var positions = UnivariateMap<T>.Natural(features);
        _forward = new UnivariateMap<T>(univariate, positions, inverse: false);
        _inverse = new UnivariateMap<T>(univariate, positions, inverse: true);
    }

    /// <summary>Creates the transform with a multilayer perceptron <c>{name}.hyper</c>.</summary>
    /// <param name="univariate">τ.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="conditionColumns">C, at least 1.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public Conditional(
        Univariate<T> univariate, int features, int conditionColumns, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name,
        RandomStream? initialization = null)
        : this(
            univariate, features,
            new Mlp<T>(
                [conditionColumns, .. hiddenSizes, checked(features * Univariate<T>.CountOf(univariate))],
                activation, $"{name}.hyper", initialization))
    {
    }

    /// <inheritdoc/>
    public static string Kind => "conditional";

    /// <summary>τ.</summary>
    public Univariate<T> Univariate { get; }

    /// <summary>The network that computes τ's parameters.</summary>
    public Network<T> Conditioner { get; }

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => Conditioner.Normalizations;

    /// <inheritdoc/>
    public override Domain Domain => Univariate.DomainOf(Features);

    /// <inheritdoc/>
    public override Domain Codomain => Univariate.CodomainOf(Features);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Conditional<T>(reader.Part<Univariate<T>>("univariate"), reader.Size("features"), reader.Part<Network<T>>("conditioner"));
    }

    /// <summary>Lets the transform start as the identity, or as what τ has nearest to it, for all conditions.</summary>
    public void StartAtIdentity() => Conditioner.StartAt(Univariate.StartOf(Features));

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("univariate", Univariate);
        writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _forward, x, conditions, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _inverse, z, conditions, out logDet);

    private Variable<T> Apply(Tape<T> tape, UnivariateMap<T> map, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        // The network's layers take blocks; a row for all is repeated.
        var rows = tape.AsBlock(conditions);
        var parameters = Conditioner.ApplyCore(tape, rows);
        if (!conditions.IsBlock)
            tape.Release(rows);
        var y = map.Apply(tape, x, parameters, out logDet);
        tape.Release(parameters);
        return y;
    }
}
