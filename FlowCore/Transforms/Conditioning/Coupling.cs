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
/// <remarks>log|det J| = Σ_T ln ∂z_j/∂x_j. Either direction costs one evaluation of the network, which need not be invertible.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Coupling<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _passing;
    private readonly UnivariateMap<T> _forward;
    private readonly UnivariateMap<T> _inverse;
    private readonly ArrangeInputsOperation<T> _inputs;
    private readonly GatherColumnsOperation<T> _transformed;
    private readonly GatherColumnsOperation<T> _together;
    private readonly ArrangeInputsOperation<T> _kept;

    /// <summary>Connects τ with a network.</summary>
    /// <param name="univariate">τ, with P raw parameters.</param>
    /// <param name="passes">For each feature whether it passes; at least one does, and at least one does not.</param>
    /// <param name="conditioner">The network, from the conditions and the passing features to P numbers for each feature that is transformed.</param>
    /// <exception cref="ArgumentException">The mask has one kind of features only, or the network has other inputs or outputs.</exception>
    public Coupling(Univariate<T> univariate, ReadOnlySpan<bool> passes, Network<T> conditioner)
        : base(
            passes.Length, ConditionColumnsOf(univariate, passes, conditioner),
            [.. conditioner.Parameters, .. univariate.Parameters])
    {
        Univariate = univariate;
        Conditioner = conditioner;
        _passing = Indices(passes, true);
        var transformed = Indices(passes, false);
        _inputs = new ArrangeInputsOperation<T>(ConditionColumns, _passing);
        _kept = new ArrangeInputsOperation<T>(0, _passing);
        _transformed = new GatherColumnsOperation<T>(transformed);

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

    /// <summary>The features that pass, ascending.</summary>
    public ReadOnlySpan<int> Passing => _passing;

    /// <inheritdoc/>
    public override Domain Domain => WhereTransformed(Univariate.Domain);

    /// <inheritdoc/>
    public override Domain Codomain => WhereTransformed(Univariate.Codomain);

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

        return new Coupling<T>(reader.Part<Univariate<T>>("univariate"), passes, reader.Part<Network<T>>("conditioner"));
    }

    /// <summary>Lets the transform start as the identity, or as what τ has nearest to it, for all inputs.</summary>
    public void StartAtIdentity() => Conditioner.StartAt(Univariate.StartOf(Features - _passing.Length));

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("passing", Passing);
        writer.Write("univariate", Univariate);
        writer.Write("conditioner", Conditioner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _forward, x, conditions, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _inverse, z, conditions, out logDet);

    // What passes is the same before and after, so both directions ask the network the same.
    private Variable<T> Apply(Tape<T> tape, UnivariateMap<T> map, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var inputs = _inputs.Apply(tape, conditions, x);
        var parameters = Conditioner.ApplyCore(tape, inputs);
        tape.Release(inputs);
        var argument = _transformed.Apply(x);
        var parts = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        tape.ApplyInto(_kept, [default, x], [tape.Slice(parts, 0, _passing.Length)]);
        map.ApplyInto(tape, argument, parameters, tape.Slice(parts, _passing.Length, Features - _passing.Length), logDet);
        tape.Release(parameters);
        tape.Release(argument);
        var y = _together.Apply(parts);
        tape.Release(parts);
        return y;
    }

    private Domain WhereTransformed(Axis axis)
    {
        var axes = new Axis[Features];
        Array.Fill(axes, axis);
        foreach (var feature in _passing)
            axes[feature] = Axis.Real;
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
