using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A masked multilayer perceptron in which each hidden layer is followed by a residual block, h ← h + W′ act(W h + b) + b′, and between layers of one
/// width the plain layer is left out: zuko's masked network with <c>residual=True</c>.
/// </summary>
/// <remarks>There are no activations but those in the blocks. Masks and groups are those of <see cref="MaskedMlp{T}"/>; the first layer reads the context.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedResidualMlp<T> : MaskedResidualNetwork<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _hiddenSizes;

    /// <summary>Creates a network.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="hiddenSizes">The width of each block, each at least 1; 1 to <see cref="MaskedMlp{T}.MaximumHiddenLayers"/> blocks.</param>
    /// <param name="outputsPerFeature">The outputs of each feature, at least 1.</param>
    /// <param name="activation">The activation in the blocks.</param>
    /// <param name="name">The prefix of the names; layers and blocks are counted as they come: for two of one width <c>.0</c>, <c>.1.{0,2}</c>, <c>.2.{0,2}</c>, <c>.3</c>.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs, the inputs counted without the mask. Null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public MaskedResidualMlp(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name, RandomStream? initialization = null)
        : base(order, outputsPerFeature, CreatePlan(order, hiddenSizes, outputsPerFeature, activation, name, initialization ?? FreshParameters.StreamOf(name)), readsContextApart: false)
    {
        _hiddenSizes = hiddenSizes.ToArray();
        Activation = activation;
        Name = name;
    }

    /// <inheritdoc/>
    public static string Kind => "masked-residual-mlp";

    /// <summary>The width of each block.</summary>
    public ReadOnlySpan<int> HiddenSizes => _hiddenSizes;

    /// <summary>The activation in the blocks.</summary>
    public UnaryFunction Activation { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new MaskedResidualMlp<T>(
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

    private static Plan CreatePlan(
        AutoregressiveOrder order, ReadOnlySpan<int> hiddenSizes, int outputsPerFeature, UnaryFunction activation, string name, RandomStream? initialization)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(activation);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputsPerFeature);
        if (hiddenSizes.Length is < 1 or > MaskedMlp<T>.MaximumHiddenLayers)
            throw new ArgumentException($"Expected 1 to {MaskedMlp<T>.MaximumHiddenLayers} blocks, got {hiddenSizes.Length}.", nameof(hiddenSizes));
        var plan = new Plan([], []);
        var inputs = UnitOrder.OfInputs(order);
        var place = 0;
        for (var l = 0; l < hiddenSizes.Length; l++)
        {
            if (hiddenSizes[l] < 1)
                throw new ArgumentException($"Expected blocks of at least 1 unit, got one of {hiddenSizes[l]}.", nameof(hiddenSizes));
            if (l == 0 || hiddenSizes[l] != hiddenSizes[l - 1])
            {
                var units = UnitOrder.OfUnits(order, hiddenSizes[l], order.FirstReachableGroup);
                plan.Stages.Add(new MaskedLayerStage<T>(Add(plan, $"{name}.{place++}", UnaryFunction.Identity, inputs, l > 0, units)));
                inputs = units;
            }

            var first = Add(plan, $"{name}.{place}.0", activation, inputs, true, inputs);
            var second = Add(plan, $"{name}.{place++}.2", UnaryFunction.Identity, inputs, true, inputs);
            plan.Stages.Add(new MaskedBlockStage<T>(first, second, activation, activatesInput: false));
        }

        plan.Stages.Add(new MaskedLayerStage<T>(Add(plan, $"{name}.{place}", UnaryFunction.Identity, inputs, true, UnitOrder.OfOutputs(order, outputsPerFeature))));
        if (initialization is { } stream)
        {
            for (var l = 0; l < plan.Layers.Count; l++)
                plan.Layers[l].Draw(stream, l);
        }

        return plan;
    }

    private static MaskedLayer<T> Add(Plan plan, string name, UnaryFunction activation, UnitOrder inputs, bool seesOwnGroup, UnitOrder outputs)
    {
        var layer = new MaskedLayer<T>(name, activation, inputs, seesOwnGroup, outputs);
        plan.Layers.Add(layer);
        return layer;
    }
}
