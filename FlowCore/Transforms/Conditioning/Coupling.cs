using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// z_T = τ(x_T; h(x_I, c)) and z_I = x_I: some features pass as they are, and with the conditions they decide how the others
/// are transformed (Dinh, Krueger and Bengio 2015, "NICE"; Dinh, Sohl-Dickstein and Bengio 2017, "Real NVP").
/// </summary>
/// <remarks>
/// log|det J| = Σ_T ln ∂z_j/∂x_j. Either direction costs one evaluation of the network, which need not be invertible. What passes may have a
/// transform τ₀ of its own that reads nothing else, z_I = τ₀(x_I), as in nflows; the network sees x_I before it, so the inverse undoes τ₀ first.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Coupling<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _passing;
    private readonly int[] _changing;
    private readonly UnivariateMap<T> _forward;
    private readonly UnivariateMap<T> _inverse;
    private readonly ArrangeInputsOperation<T> _inputs;
    private readonly GatherColumnsOperation<T> _transformed;
    private readonly GatherColumnsOperation<T> _together;
    private readonly ArrangeInputsOperation<T> _kept;
    private readonly ArrangeInputsOperation<T> _aloneInputs;
    private readonly GatherColumnsOperation<T>? _byFeature;

    /// <summary>Connects τ with a network.</summary>
    /// <param name="univariate">τ, with P raw parameters.</param>
    /// <param name="passes">For each feature whether it passes; at least one does, and at least one does not.</param>
    /// <param name="conditioner">The network, from the conditions and the passing features to P numbers for each feature that is transformed.</param>
    /// <param name="unconditional">τ₀, of as many features as pass and without conditions; null for none.</param>
    /// <param name="order">How the network's outputs follow each other.</param>
    /// <exception cref="ArgumentException">The mask has one kind of features only, or the network or τ₀ has other inputs or outputs.</exception>
    public Coupling(
        Univariate<T> univariate, ReadOnlySpan<bool> passes, Network<T> conditioner, Transform<T>? unconditional = null,
        ParameterOrder order = ParameterOrder.ByFeature)
        : base(
            passes.Length, ConditionColumnsOf(univariate, passes, conditioner),
            [.. conditioner.Parameters, .. univariate.Parameters, .. unconditional?.Parameters ?? []])
    {
        Univariate = univariate;
        Conditioner = conditioner;
        Unconditional = unconditional;
        Order = order;
        _passing = Indices(passes, true);
        var transformed = Indices(passes, false);
        univariate.CheckFeatures(transformed.Length, nameof(univariate));
        _inputs = new ArrangeInputsOperation<T>(ConditionColumns, _passing);
        _kept = new ArrangeInputsOperation<T>(0, _passing);
        _aloneInputs = new ArrangeInputsOperation<T>(ConditionColumns, UnivariateMap<T>.Natural(_passing.Length));
        _transformed = new GatherColumnsOperation<T>(transformed);
        _changing = transformed;
        Check(unconditional, order);
        if (order == ParameterOrder.ByKind && univariate.ParametersPerFeature > 1 && transformed.Length > 1)
            _byFeature = new GatherColumnsOperation<T>(ByKind(transformed.Length));

        // The result is put together as [passing, transformed]; feature i is found there at:
        var places = new int[passes.Length];
        for (var i = 0; i < _passing.Length; i++)
            places[_passing[i]] = i;
        for (var i = 0; i < transformed.Length; i++)
            places[transformed[i]] = _passing.Length + i;
        _together = new GatherColumnsOperation<T>(places);
        var positions = UnivariateMap<T>.Natural(transformed.Length);
        _forward = new UnivariateMap<T>(univariate, positions, inverse: false);
        _inverse = new UnivariateMap<T>(univariate, positions, inverse: true);
    }

    /// <summary>Creates the transform with a multilayer perceptron <c>{name}.hyper</c>.</summary>
    /// <param name="univariate">τ.</param>
    /// <param name="passes">For each feature whether it passes.</param>
    /// <param name="conditionColumns">C, 0 without conditions.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range, or the mask has one kind of features only.</exception>
    public Coupling(
        Univariate<T> univariate, ReadOnlySpan<bool> passes, int conditionColumns, ReadOnlySpan<int> hiddenSizes, UnaryFunction activation, string name,
        RandomStream? initialization = null)
        : this(
            univariate, passes,
            new Mlp<T>(
                [
                    checked(conditionColumns + CheckedMask(passes).Count(true)), .. hiddenSizes,
                    checked(passes.Count(false) * Univariate<T>.CountOf(univariate)),
                ],
                activation, $"{name}.hyper", initialization))
    {
    }

    /// <inheritdoc/>
    public static string Kind => "coupling";

    /// <summary>τ.</summary>
    public Univariate<T> Univariate { get; }

    /// <summary>The network that computes τ's parameters.</summary>
    public Network<T> Conditioner { get; }

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => Conditioner.Normalizations;

    /// <summary>τ₀, of the features that pass, or null.</summary>
    public Transform<T>? Unconditional { get; }

    /// <summary>How the network's outputs follow each other.</summary>
    public ParameterOrder Order { get; }

    /// <summary>The features that pass, ascending.</summary>
    public ReadOnlySpan<int> Passing => _passing;

    /// <inheritdoc/>
    public override Domain Domain => Together(Unconditional?.Domain, Univariate.DomainOf(_changing.Length));

    /// <inheritdoc/>
    public override Domain Codomain => Together(Unconditional?.Codomain, Univariate.CodomainOf(_changing.Length));

    /// <summary>The mask that lets every second feature pass.</summary>
    /// <param name="features">D, at least 2.</param>
    /// <param name="first">Whether the first feature passes.</param>
    /// <returns>For each feature whether it passes.</returns>
    public static bool[] Alternating(int features, bool first = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 2);
        var passes = new bool[features];
        for (var i = 0; i < features; i++)
            passes[i] = i % 2 == 0 == first;
        return passes;
    }

    /// <summary>The mask that lets one half pass, of an odd number of features the first ⌈D/2⌉ as the first half: normflows' "channel" and "channel_inv".</summary>
    /// <param name="features">D, at least 2.</param>
    /// <param name="first">Whether the first half passes.</param>
    /// <returns>For each feature whether it passes.</returns>
    public static bool[] Halves(int features, bool first = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 2);
        var passes = new bool[features];
        for (var i = 0; i < features; i++)
            passes[i] = i < (features + 1) / 2 == first;
        return passes;
    }

    /// <summary>A mask that lets ⌈D/2⌉ features pass, chosen at random.</summary>
    /// <param name="features">D, at least 2.</param>
    /// <param name="stream">Where the choice comes from.</param>
    /// <returns>For each feature whether it passes.</returns>
    public static bool[] RandomHalf(int features, RandomStream stream)
    {
        var passes = Halves(features);
        var permutation = new int[features];
        stream.FillPermutation(permutation);
        var chosen = new bool[features];
        for (var i = 0; i < features; i++)
            chosen[i] = passes[permutation[i]];
        return chosen;
    }

    /// <summary>The mask of a chessboard over an array of channels, rows and columns, row-major: what passes has an odd, or an even, sum of its three indices.</summary>
    /// <remarks>Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.4; the channel counts, as in normflows.</remarks>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1; C·H·W is at least 2.</param>
    /// <param name="odd">Whether the odd ones pass.</param>
    /// <returns>For each of the C·H·W features whether it passes.</returns>
    public static bool[] Checkerboard(int channels, int height, int width, bool odd = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        var passes = new bool[checked(channels * height * width)];
        for (var i = 0; i < passes.Length; i++)
            passes[i] = ((i / (height * width)) + (i / width % height) + (i % width)) % 2 == 1 == odd;
        return passes;
    }

    /// <inheritdoc/>
    protected internal override int BlockColumns => Math.Max(Features, Conditioner.BlockColumns);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var passes = new bool[reader.Size("features")];
        foreach (var index in reader.Integers("passing"))
        {
            if (index >= passes.Length)
                throw new ArgumentException($"Expected passing features below {passes.Length}, got {index}.", nameof(reader));
            passes[index] = true;
        }

        return new Coupling<T>(
            reader.Part<Univariate<T>>("univariate"), passes, reader.Part<Network<T>>("conditioner"),
            reader.Has("unconditional") ? reader.Part<Transform<T>>("unconditional") : null,
            reader.Has("order") ? reader.Enumeration<ParameterOrder>("order") : ParameterOrder.ByFeature);
    }

    /// <summary>Lets what the network decides start as the identity, or as what τ has nearest to it, for all inputs.</summary>
    public void StartAtIdentity()
    {
        var start = Univariate.StartOf(_changing.Length);
        if (_byFeature is null)
        {
            Conditioner.StartAt(start);
            return;
        }

        var outputs = new double[start.Length];
        for (var i = 0; i < start.Length; i++)
            outputs[_byFeature.Indices[i]] = start[i];
        Conditioner.StartAt(outputs);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("passing", Passing);
        writer.Write("univariate", Univariate);
        writer.Write("conditioner", Conditioner);
        if (Unconditional is not null)
            writer.Write("unconditional", Unconditional);
        if (Order != ParameterOrder.ByFeature)
            writer.Write("order", Order.ToString());
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _forward, x, conditions, inverse: false, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _inverse, z, conditions, inverse: true, out logDet);

    // What the network sees is the same in both directions, so both ask it the same.
    private Variable<T> Apply(Tape<T> tape, UnivariateMap<T> map, Variable<T> x, Variable<T> conditions, bool inverse, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var parts = tape.Allocate(Features);
        var kept = tape.Slice(parts, 0, _passing.Length);
        var keptLogDet = default(Variable<T>);
        Variable<T> inputs;
        if (Unconditional is null)
        {
            inputs = _inputs.Apply(tape, conditions, x);
            tape.ApplyInto(_kept, [default, x], [kept]);
        }
        else
        {
            inputs = ApplyUnconditional(tape, x, conditions, inverse, kept, out keptLogDet);
        }

        var parameters = Conditioner.ApplyCore(tape, inputs);
        tape.Release(inputs);
        if (_byFeature is not null)
        {
            var ordered = _byFeature.Apply(parameters);
            tape.Release(parameters);
            parameters = ordered;
        }

        var argument = _transformed.Apply(x);
        logDet = tape.Allocate(1);
        map.ApplyInto(tape, argument, parameters, tape.Slice(parts, _passing.Length, _changing.Length), logDet);
        logDet = LogDets.Add(tape, logDet, keptLogDet);
        tape.Release(parameters);
        tape.Release(argument);
        var y = _together.Apply(parts);
        tape.Release(parts);
        return y;
    }

    // Writes the result of τ₀ and gives the network's inputs: the conditions and what passes, at the end of the data.
    private Variable<T> ApplyUnconditional(Tape<T> tape, Variable<T> x, Variable<T> conditions, bool inverse, Variable<T> kept, out Variable<T> logDet)
    {
        var inputs = tape.Allocate(_aloneInputs.Columns);
        logDet = tape.Allocate(1);
        using var scope = tape.BeginScope();
        var argument = tape.Apply(_kept, [default, x], _passing.Length);
        var result = inverse ? Unconditional!.InverseCore(tape, argument, default, out var part) : Unconditional!.ForwardCore(tape, argument, default, out part);
        tape.ApplyInto(_aloneInputs, [ConditionColumns == 0 ? default : conditions, inverse ? result : argument], [inputs]);
        tape.CopyInto(result, kept);
        tape.CopyInto(LogDets.OrZero(tape, part), logDet);
        return inputs;
    }

    private void Check(Transform<T>? unconditional, ParameterOrder order)
    {
        if (order is not (ParameterOrder.ByFeature or ParameterOrder.ByKind))
            throw new ArgumentException($"Expected an order of the list, got {order}.", nameof(order));
        if (unconditional is null)
            return;
        if (unconditional.Features != _passing.Length || unconditional.NoiseFeatures != _passing.Length || unconditional.ConditionColumns > 0)
        {
            throw new ArgumentException(
                $"Expected a transform of the {_passing.Length} features that pass and no conditions, got one of {unconditional.Features} to {unconditional.NoiseFeatures} and {unconditional.ConditionColumns} conditions.",
                nameof(unconditional));
        }
    }

    // For each parameter, by feature, its place by kind.
    private int[] ByKind(int features)
    {
        var perFeature = Univariate.ParametersPerFeature;
        var places = new int[features * perFeature];
        for (var i = 0; i < places.Length; i++)
            places[i] = (i % perFeature * features) + (i / perFeature);
        return places;
    }

    private Domain Together(Domain? kept, Domain changed)
    {
        var axes = new Axis[Features];
        for (var i = 0; i < _changing.Length; i++)
            axes[_changing[i]] = changed.AxisOf(i);
        for (var i = 0; i < _passing.Length; i++)
            axes[_passing[i]] = kept is null ? Axis.Real : kept.AxisOf(i);
        return Domain.Of(axes);
    }

    private static int ConditionColumnsOf(Univariate<T> univariate, ReadOnlySpan<bool> passes, Network<T> conditioner)
    {
        ArgumentNullException.ThrowIfNull(univariate);
        ArgumentNullException.ThrowIfNull(conditioner);
        var passing = CheckedMask(passes).Count(true);
        if (conditioner.Inputs < passing)
            throw new ArgumentException($"Expected a network of at least {passing} inputs, got {conditioner.Inputs}.", nameof(conditioner));
        var outputs = (passes.Length - passing) * Univariate<T>.CountOf(univariate);
        return conditioner.Outputs == outputs
            ? conditioner.Inputs - passing
            : throw new ArgumentException($"Expected a network of {outputs} outputs, got {conditioner.Outputs}.", nameof(conditioner));
    }

    private static ReadOnlySpan<bool> CheckedMask(ReadOnlySpan<bool> passes) => passes.Contains(true) && passes.Contains(false)
        ? passes
        : throw new ArgumentException("Expected features that pass and features that do not, got one kind only.", nameof(passes));

    private static int[] Indices(ReadOnlySpan<bool> passes, bool wanted)
    {
        var indices = new List<int>();
        for (var i = 0; i < passes.Length; i++)
        {
            if (passes[i] == wanted)
                indices.Add(i);
        }

        return [.. indices];
    }
}
