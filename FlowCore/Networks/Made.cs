using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// MADE: a masked network of one width with residual or feed-forward blocks, and layers of their own for the context (Germain, Gregor, Murray and
/// Larochelle 2015; the blocks as nflows and normflows have them).
/// </summary>
/// <remarks>
/// <para>
/// h = W x + b, to which the context is added; then block after block h ← h + W₂ act(W₁ act(h) + b₁) + b₂, or h ← act(W h + b); at last W h + b
/// without an activation before it. What the context adds, and where, says <see cref="MadeFlavour"/>.
/// </para>
/// <para>
/// Hidden unit n sees the features of the first 1 + n mod (G − 1) of G ranks, and with a context every G-th sees none, unless
/// <see cref="MadeSettings.HidesContextFromFirst"/>. With natural ranks these are the degrees of the libraries. With one feature no unit
/// sees it: outputs are constants, or functions of the context.
/// </para>
/// <para>An evaluation costs about H (D + 2 B H + D P) / 2 products a row, and rank by rank as many.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Made<T> : MaskedResidualNetwork<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostBlocks = 100;

    // The libraries' start of a block's last layer: nearly nothing is added.
    private const double SmallStart = 1e-3;

    /// <summary>Creates a network.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="outputsPerFeature">P, the outputs of each feature, at least 1.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="name">
    /// The prefix of the names: <c>.initial_layer</c>, <c>.context_layer</c>, <c>.blocks.i.linear_layers.{0,1}</c> or <c>.blocks.i.linear</c>,
    /// <c>.blocks.i.context_layer</c>, <c>.final_layer</c>, each with <c>.weight</c> and <c>.bias</c>; with batch normalisation
    /// <c>.blocks.i.batch_norm_layers.{0,1}</c> or <c>.blocks.i.batch_norm</c>, which have <c>.running_mean</c> and <c>.running_var</c> as well.
    /// </param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs, a block's last layer in ±10⁻³. Null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A setting is out of range, two contradict each other, or the name is empty.</exception>
    public Made(AutoregressiveOrder order, int outputsPerFeature, MadeSettings settings, string name, RandomStream? initialization = null)
        : base(order, outputsPerFeature, CreatePlan(order, outputsPerFeature, settings, name, initialization ?? FreshParameters.StreamOf(name)), readsContextApart: true)
    {
        Settings = settings;
        Name = name;
    }

    /// <inheritdoc/>
    public static string Kind => "made";

    /// <summary>The constants.</summary>
    public MadeSettings Settings { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var settings = new MadeSettings
        {
            HiddenSize = reader.Size("hidden"),
            Blocks = reader.Count("blocks"),
            IsResidual = reader.Flag("residual"),
            Activation = reader.Function("activation"),
            Flavour = reader.Enumeration<MadeFlavour>("flavour"),
            HidesContextFromFirst = reader.Flag("hides_context_from_first"),
            HasBatchNormalization = UnitNormalization<T>.IsIn(reader),
        };
        var network = new Made<T>(new AutoregressiveOrder(reader.Integers("ranks"), reader.Count("context")), reader.Size("outputs"), settings, reader.Text("name"));
        UnitNormalization<T>.Read(reader, network.Normalizations);
        return network;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("ranks", Order.Ranks);
        writer.Write("context", Order.ContextFeatures);
        writer.Write("outputs", OutputsPerFeature);
        writer.Write("hidden", Settings.HiddenSize);
        writer.Write("blocks", Settings.Blocks);
        writer.Write("residual", Settings.IsResidual);
        writer.Write("activation", Settings.Activation.Name);
        writer.Write("flavour", Settings.Flavour.ToString());
        writer.Write("hides_context_from_first", Settings.HidesContextFromFirst);
        UnitNormalization<T>.Write(writer, Settings.HasBatchNormalization, Normalizations);
    }

    private static Plan CreatePlan(AutoregressiveOrder order, int outputsPerFeature, MadeSettings settings, string name, RandomStream? initialization)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputsPerFeature);
        Check(settings, order.ContextFeatures);
        var builder = new Builder(order, settings, initialization);
        var nflows = settings.Flavour == MadeFlavour.Nflows;
        var context = builder.Context($"{name}.context_layer", nflows ? settings.Activation : UnaryFunction.Identity);
        var initialActivation = nflows && !settings.IsResidual ? settings.Activation : UnaryFunction.Identity;
        var initial = builder.Layer(
            $"{name}.initial_layer", context is null ? initialActivation : UnaryFunction.Identity, UnitOrder.OfFeatures(order), seesOwnGroup: false, builder.Units);
        builder.Stages.Add(new MaskedLayerStage<T>(initial, context, initialActivation));
        for (var i = 0; i < settings.Blocks; i++)
        {
            var block = $"{name}.blocks.{i}";
            builder.Stages.Add(settings.IsResidual ? builder.Block(block) : builder.FeedForward(block));
        }

        builder.Stages.Add(new MaskedLayerStage<T>(builder.Layer(
            $"{name}.final_layer", UnaryFunction.Identity, builder.Units, seesOwnGroup: true, UnitOrder.OfOutputs(order, outputsPerFeature))));
        return new Plan(builder.Stages, builder.Layers);
    }

    private static void Check(MadeSettings settings, int context)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.HiddenSize < 1)
            throw new ArgumentException($"Expected hidden layers of at least 1 unit, got {settings.HiddenSize}.", nameof(settings));
        if (settings.Blocks is < 0 or > MostBlocks)
            throw new ArgumentException($"Expected 0 to {MostBlocks} blocks, got {settings.Blocks}.", nameof(settings));
        if (settings.Activation is null)
            throw new ArgumentException("Expected an activation, got none.", nameof(settings));
        if (settings.Flavour is not (MadeFlavour.Nflows or MadeFlavour.Normflows))
            throw new ArgumentException($"Expected a flavour of the list, got {settings.Flavour}.", nameof(settings));
        if (settings.Flavour == MadeFlavour.Normflows && !settings.IsResidual && context > 0)
            throw new ArgumentException("Expected residual blocks where normflows' network has a context, got feed-forward ones.", nameof(settings));
    }

    // What the layers of one network have in common while it is built.
    private sealed class Builder
    {
        private readonly AutoregressiveOrder _order;
        private readonly MadeSettings _settings;
        private readonly RandomStream? _initialization;
        private int _drawn;

        public Builder(AutoregressiveOrder order, MadeSettings settings, RandomStream? initialization)
        {
            _order = order;
            _settings = settings;
            _initialization = initialization;
            Units = UnitOrder.OfUnits(
                order, settings.HiddenSize, settings.HidesContextFromFirst && order.Groups > 1 ? 1 : order.FirstReachableGroup);
        }

        public UnitOrder Units { get; }

        public List<MaskedStage<T>> Stages { get; } = [];

        public List<MaskedLayer<T>> Layers { get; } = [];

        public MaskedLayer<T> Layer(string name, UnaryFunction activation, UnitOrder inputs, bool seesOwnGroup, UnitOrder outputs, double start = 0)
        {
            var layer = new MaskedLayer<T>(name, activation, inputs, seesOwnGroup, outputs);
            Draw(layer, start);
            Layers.Add(layer);
            return layer;
        }

        public Layer<T>? Context(string name, UnaryFunction activation)
        {
            if (_order.ContextFeatures == 0)
                return null;
            var layer = new Layer<T>(name, activation, _order.ContextFeatures, Units);
            Draw(layer, 0);
            return layer;
        }

        public MaskedBlockStage<T> Block(string name)
        {
            var isGated = _settings.Flavour == MadeFlavour.Normflows;
            var context = Context($"{name}.context_layer", isGated ? UnaryFunction.Sigmoid : UnaryFunction.Identity);
            var firstActivation = ResidualBlock<T>.FirstActivation(_settings.Activation, (context is not null && !isGated) || _settings.HasBatchNormalization);
            var first = Layer($"{name}.linear_layers.0", firstActivation, Units, seesOwnGroup: true, Units);
            var second = Layer($"{name}.linear_layers.1", UnaryFunction.Identity, Units, seesOwnGroup: true, Units, SmallStart);
            var normalizations = _settings.HasBatchNormalization ? ResidualBlock<T>.Normalize(name, _settings.HiddenSize, Units.Canonical) : null;
            return new MaskedBlockStage<T>(first, second, _settings.Activation, activatesInput: true, context, isGated, normalizations);
        }

        public MaskedLayerStage<T> FeedForward(string name) => new(
            Layer($"{name}.linear", _settings.Activation, Units, seesOwnGroup: true, Units),
            normalization: _settings.HasBatchNormalization ? new UnitNormalization<T>($"{name}.batch_norm", _settings.HiddenSize, Units.Canonical) : null);

        private void Draw(Layer<T> layer, double start)
        {
            if (_initialization is { } stream)
                layer.Draw(stream, _drawn++, start);
        }
    }
}
