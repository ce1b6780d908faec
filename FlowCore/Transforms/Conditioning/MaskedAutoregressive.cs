using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// z_j = τ(x_j; h_j(x_lower ranks, c)): an elementwise bijection τ of each feature whose parameters a masked network computes
/// from the features of lower rank and the conditions (Papamakarios, Pavlakou and Murray 2017, "Masked autoregressive flow").
/// </summary>
/// <remarks>
/// J is triangular in rank order, so log|det J| = Σ_j ln ∂z_j/∂x_j. Forward takes one evaluation of the network for all
/// features. The inverse goes through the ranks and computes each hidden unit once, which is one evaluation as well.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedAutoregressive<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly SumColumnsOperation<T> _sumColumns = SumColumnsOperation<T>.Instance;
    private readonly UnivariateMap<T> _forward;
    private readonly UnivariateMap<T>[] _inverse;
    private readonly ArrangeInputsOperation<T> _toRankOrder;
    private readonly ArrangeInputsOperation<T> _fromRankOrder;

    /// <summary>Connects τ with a masked network.</summary>
    /// <param name="univariate">τ, with P raw parameters.</param>
    /// <param name="conditioner">The network, with P outputs a feature.</param>
    /// <exception cref="ArgumentException">The network has another number of outputs.</exception>
    public MaskedAutoregressive(Univariate<T> univariate, MaskedNetwork<T> conditioner)
        : base(
            (conditioner ?? throw new ArgumentNullException(nameof(conditioner))).Order.Features, conditioner.Order.ContextFeatures,
            [.. conditioner.Parameters, .. (univariate ?? throw new ArgumentNullException(nameof(univariate))).Parameters])
    {
        if (conditioner.OutputsPerFeature != Univariate<T>.CountOf(univariate))
        {
            throw new ArgumentException(
                $"Expected a network of {univariate.ParametersPerFeature} outputs a feature, got {conditioner.OutputsPerFeature}.", nameof(conditioner));
        }

        univariate.CheckFeatures(conditioner.Order.Features, nameof(univariate));
        Univariate = univariate;
        Conditioner = conditioner;
        var order = conditioner.Order;
        _forward = new UnivariateMap<T>(univariate, order.PositionArray, inverse: false);
        _toRankOrder = new ArrangeInputsOperation<T>(0, order.FeatureArray);
        _fromRankOrder = new ArrangeInputsOperation<T>(0, order.PositionArray);
        _inverse = new UnivariateMap<T>[order.Groups];
        for (var group = 0; group < _inverse.Length; group++)
        {
            var features = order.FeatureArray[order.GroupStart[group]..order.GroupStart[group + 1]];
            _inverse[group] = new UnivariateMap<T>(univariate, UnivariateMap<T>.Natural(features.Length), inverse: true, features);
        }
    }

    /// <summary>Creates the transform with a masked multilayer perceptron <c>{name}.hyper</c>.</summary>
    /// <param name="univariate">τ.</param>
    /// <param name="order">Who sees whom.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public MaskedAutoregressive(
        Univariate<T> univariate, AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name,
        RandomStream? initialization = null)
        : this(
            univariate,
            new MaskedMlp<T>(
                order, hiddenSizes, Univariate<T>.CountOf(univariate), activation,
                $"{name}.hyper", initialization))
    {
    }

    /// <inheritdoc/>
    public static string Kind => "masked-autoregressive";

    /// <summary>τ.</summary>
    public Univariate<T> Univariate { get; }

    /// <summary>The network that computes τ's parameters.</summary>
    public MaskedNetwork<T> Conditioner { get; }

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
        return new MaskedAutoregressive<T>(reader.Part<Univariate<T>>("univariate"), reader.Part<MaskedNetwork<T>>("conditioner"));
    }

    /// <summary>Lets the transform start as the identity, or as what τ has nearest to it, for all inputs.</summary>
    public void StartAtIdentity() => Conditioner.StartAt(Univariate.StartOf(1));

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("univariate", Univariate);
        writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var parameters = Conditioner.Apply(x, conditions);
        var y = _forward.Apply(tape, x, parameters, out logDet);
        tape.Release(parameters);
        return y;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var order = Conditioner.Order;
        var sorted = _toRankOrder.Apply(tape, default, z);
        var logDets = tape.Allocate(order.Groups);
        var network = Conditioner.BeginRankByRank(conditions, sorted);
        for (var group = 0; group < order.Groups; group++)
        {
            var start = order.GroupStart[group];
            var argument = tape.Slice(sorted, start, order.GroupStart[group + 1] - start);
            _inverse[group].ApplyInto(tape, argument, network.Outputs(group), network.SolvedOf(group), tape.Slice(logDets, group, 1));
        }

        var x = _fromRankOrder.Apply(tape, default, network.Solved);
        logDet = order.Groups == 1 ? logDets : tape.Apply(_sumColumns, [logDets], 1);
        if (order.Groups > 1)
            tape.Release(logDets);
        tape.Release(sorted);
        network.Release();
        return x;
    }
}
