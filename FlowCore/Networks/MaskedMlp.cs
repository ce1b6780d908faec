using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A multilayer perceptron whose outputs for a feature depend only on the features of lower rank and on the context:
/// the conditioner of an autoregressive transform (Germain et al. 2015, "MADE"; masks as zuko draws them).
/// </summary>
/// <remarks>
/// <para>
/// Group g is what the features of the g-th distinct rank see. Hidden unit n belongs to the reachable group n mod (their
/// number), one being reachable if it sees any input; a unit sees the units of its own and of lower groups, and outputs
/// see the last hidden units in the same way.
/// </para>
/// <para>
/// What a group sees contains what every lower one sees. So inputs (context first, then the features in rank order), hidden
/// units and outputs are kept sorted by group, and every weight is a staircase whose zero blocks are neither stored as
/// anything but zeros nor multiplied. <see cref="Parameter{T}.RowOrder"/> and <see cref="Parameter{T}.ColumnOrder"/> lead
/// back to the canonical order of files: inputs [x, context], units and outputs as numbered.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedMlp<T> : MaskedNetwork<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The largest number of hidden layers.</summary>
    public const int MaximumHiddenLayers = 15;

    private readonly int[] _hiddenSizes;

    /// <summary>Creates a network.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="hiddenSizes">The units of each hidden layer, each at least 1; at most <see cref="MaximumHiddenLayers"/> layers, possibly none.</param>
    /// <param name="outputsPerFeature">The outputs of each feature, at least 1.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names; layer l is called <c>{name}.{2l}.weight</c> and <c>{name}.{2l}.bias</c>.</param>
    /// <param name="initialization">
    /// Where fresh numbers come from: uniform in ±1/√inputs, the inputs counted without the mask. Null for a stream of the name's own.
    /// </param>
    /// <param name="zeroLastLayer">Whether the last layer starts at zero instead.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public MaskedMlp(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name,
        RandomStream? initialization = null, bool zeroLastLayer = false)
        : this(
            order, CreateLayers(order, hiddenSizes, outputsPerFeature, activation, name, initialization ?? FreshParameters.StreamOf(name), zeroLastLayer),
            hiddenSizes, outputsPerFeature, activation, name)
    {
    }

    private MaskedMlp(
        AutoregressiveOrder order, MaskedLayer<T>[] layers, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name)
        : base(order, outputsPerFeature, ParametersOf(layers))
    {
        Layers = layers;
        Activation = activation;
        Name = name;
        _hiddenSizes = hiddenSizes.ToArray();
    }

    /// <inheritdoc/>
    public static string Kind => "masked-mlp";

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _hiddenSizes;

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    internal MaskedLayer<T>[] Layers { get; }

    /// <inheritdoc/>
    protected internal override int RankByRankVariables => 3 * Layers.Length;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Zeros(
            new AutoregressiveOrder(reader.Integers("ranks"), reader.Count("context")),
            reader.Integers("hidden"), reader.Size("outputs"), reader.Function("activation"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("ranks", Order.Ranks);
        writer.Write("context", Order.ContextFeatures);
        writer.Write("outputs", OutputsPerFeature);
        writer.Write("hidden", HiddenSizes);
        writer.Write("activation", Activation.Name);
    }

    /// <summary>A network of zeros, for numbers that come from elsewhere.</summary>
    internal static MaskedMlp<T> Zeros(AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name) => new(
        order, CreateLayers(order, hiddenSizes, outputsPerFeature, activation, name, initialization: null, zeroLastLayer: false),
        hiddenSizes, outputsPerFeature, activation, name);

    private static MaskedLayer<T>[] CreateLayers(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name,
        RandomStream? initialization, bool zeroLastLayer)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputsPerFeature);
        if (hiddenSizes.Length > MaximumHiddenLayers)
            throw new ArgumentException($"Expected at most {MaximumHiddenLayers} hidden layers, got {hiddenSizes.Length}.", nameof(hiddenSizes));
        foreach (var size in hiddenSizes)
        {
            if (size < 1)
                throw new ArgumentException($"Expected hidden layers of at least 1 unit, got one of {size}.", nameof(hiddenSizes));
        }

        var layers = new MaskedLayer<T>[hiddenSizes.Length + 1];

        var inputs = UnitOrder.OfInputs(order);
        for (var l = 0; l < layers.Length; l++)
        {
            var isLast = l == layers.Length - 1;
            var outputs = isLast ? UnitOrder.OfOutputs(order, outputsPerFeature) : UnitOrder.OfUnits(order, hiddenSizes[l], order.FirstReachableGroup);
            var layer = new MaskedLayer<T>($"{name}.{2 * l}", isLast ? UnaryFunction.Identity : activation, inputs, seesOwnGroup: l > 0, outputs);
            if (initialization is { } stream && !(isLast && zeroLastLayer))
                layer.Draw(stream, l);
            layers[l] = layer;
            inputs = outputs;
        }

        return layers;
    }

    /// <summary>The mask of a layer in canonical order, row-major [out, in], as checkpoints hold it.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <returns>True where an output sees an input.</returns>
    public bool[] Mask(int layer) => Layers[layer].Mask();

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputsOfFeature)
    {
        if (outputsOfFeature.Length != OutputsPerFeature)
            throw new ArgumentException($"Expected {OutputsPerFeature} outputs of a feature, got {outputsOfFeature.Length}.", nameof(outputsOfFeature));
        Layers[^1].StartAt(outputsOfFeature);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyArranged(Tape<T> tape, Variable<T> inputs)
    {
        var h = inputs;
        for (var l = 0; l < Layers.Length; l++)
        {
            var next = Layers[l].Apply(tape, h);
            if (l > 0)
                tape.Release(h);
            h = next;
        }

        return h;
    }

    /// <inheritdoc/>
    protected internal override void BeginRanks(Tape<T> tape, Span<Variable<T>> variables)
    {
        ArgumentNullException.ThrowIfNull(tape);
        // Of each layer the weight, the bias and room for the values.
        for (var l = 0; l < Layers.Length; l++)
        {
            variables[3 * l] = tape.Use(Layers[l].Weight);
            variables[(3 * l) + 1] = tape.Use(Layers[l].Bias);
            variables[(3 * l) + 2] = tape.Allocate(Layers[l].Outputs);
        }
    }

    /// <inheritdoc/>
    protected internal override Variable<T> OutputsOfRank(
        Tape<T> tape, int group, Variable<T> inputs, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables)
    {
        var x = inputs;
        Variable<T> outputs = default;
        for (var l = 0; l < Layers.Length; l++)
        {
            var values = variables[(3 * l) + 2];
            outputs = Layers[l].ApplyGroup(tape, group, x, variables[3 * l], variables[(3 * l) + 1], values, anyBlock);
            x = values;
        }

        return outputs;
    }

    private static Parameter<T>[] ParametersOf(MaskedLayer<T>[] layers)
    {
        var parameters = new Parameter<T>[2 * layers.Length];
        for (var l = 0; l < layers.Length; l++)
        {
            parameters[2 * l] = layers[l].Weight;
            parameters[(2 * l) + 1] = layers[l].Bias;
        }

        return parameters;
    }
}
