using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A dense network of one width with residual blocks, the conditioner of couplings in nflows and normflows (He, Zhang, Ren and Sun 2016; "ResidualNet").
/// </summary>
/// <remarks>
/// h = W [x, c] + b; block after block h ← h + t with t = W₂ act(W₁ act(h) + b₁) + b₂, times the logistic function of W c + b where there is a
/// context (a gated linear unit); at last W h + b without an activation before it. With batch normalisation there is one in front of either activation of a block, by
/// the mean and variance that a training keeps: constants within a step. Files have the columns of the first weight as [x, c].
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ResidualNetwork<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostBlocks = 100;

    // The libraries' start of a block's last layer: nearly nothing is added.
    private const double SmallStart = 1e-3;

    private readonly Plan _plan;

    /// <summary>Creates a network.</summary>
    /// <param name="features">How many inputs are no context, 0 or more.</param>
    /// <param name="contextFeatures">How many are; they are the leading inputs. Together with <paramref name="features"/> at least 1.</param>
    /// <param name="outputs">How many outputs, at least 1.</param>
    /// <param name="hiddenSize">H, at least 1.</param>
    /// <param name="blocks">How many blocks, 0 to 100.</param>
    /// <param name="activation">The activation.</param>
    /// <param name="name">
    /// The prefix of the names: <c>.initial_layer</c>, <c>.blocks.i.context_layer</c>, <c>.blocks.i.linear_layers.{0,1}</c>, <c>.final_layer</c>, each with
    /// <c>.weight</c> and <c>.bias</c>, and <c>.blocks.i.batch_norm_layers.{0,1}</c> with <c>.running_mean</c> and <c>.running_var</c> as well.
    /// </param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√inputs, a block's last layer in ±10⁻³. Null for a stream of the name's own.</param>
    /// <param name="hasBatchNormalization">Whether the hidden units of every block are normalised by the mean and variance that a training keeps of them.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public ResidualNetwork(
        int features, int contextFeatures, int outputs, int hiddenSize, int blocks, UnaryFunction activation, string name, RandomStream? initialization = null,
        bool hasBatchNormalization = false)
        : this(
            new Plan(features, contextFeatures, outputs, hiddenSize, blocks, activation, name, hasBatchNormalization), initialization ?? FreshParameters.StreamOf(name))
    {
    }

    private ResidualNetwork(Plan plan, RandomStream? initialization)
        : base(plan.Features + plan.ContextFeatures, plan.Outputs, plan.Parameters)
    {
        _plan = plan;
        if (initialization is { } stream)
            plan.Draw(stream);
    }

    /// <inheritdoc/>
    public static string Kind => "residual-network";

    /// <summary>How many leading inputs are the context.</summary>
    public int ContextFeatures => _plan.ContextFeatures;

    /// <summary>H.</summary>
    public int HiddenSize => _plan.HiddenSize;

    /// <summary>How many blocks.</summary>
    public int Blocks => _plan.Blocks.Length;

    /// <summary>The activation.</summary>
    public UnaryFunction Activation => _plan.Activation;

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name => _plan.Name;

    /// <summary>Whether the hidden units of blocks are normalised.</summary>
    public bool HasBatchNormalization => _plan.HasBatchNormalization;

    /// <inheritdoc/>
    internal override IEnumerable<UnitNormalization<T>> Normalizations => _plan.Blocks.SelectMany(block => block.Normalizations ?? []);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var network = new ResidualNetwork<T>(
            reader.Count("features"), reader.Count("context"), reader.Size("outputs"), reader.Size("hidden"), reader.Count("blocks"), reader.Function("activation"),
            reader.Text("name"), hasBatchNormalization: UnitNormalization<T>.IsIn(reader));
        UnitNormalization<T>.Read(reader, network.Normalizations);
        return network;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Inputs - ContextFeatures);
        writer.Write("context", ContextFeatures);
        writer.Write("outputs", Outputs);
        writer.Write("hidden", HiddenSize);
        writer.Write("blocks", Blocks);
        writer.Write("activation", Activation.Name);
        UnitNormalization<T>.Write(writer, HasBatchNormalization, Normalizations);
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        _plan.Final.StartAt(outputs);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var context = ContextFeatures == 0 ? default : tape.Slice(x, 0, ContextFeatures);
        var h = _plan.Initial.Apply(tape, x);
        foreach (var block in _plan.Blocks)
        {
            var next = block.Apply(tape, h, context);
            tape.Release(h);
            h = next;
        }

        var y = _plan.Final.Apply(tape, h);
        tape.Release(h);
        return y;
    }

    private sealed class Plan
    {
        public Plan(int features, int contextFeatures, int outputs, int hiddenSize, int blocks, UnaryFunction activation, string name, bool hasBatchNormalization)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(features);
            ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(checked(features + contextFeatures), nameof(features));
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenSize);
            ArgumentOutOfRangeException.ThrowIfNegative(blocks);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(blocks, MostBlocks);
            ArgumentNullException.ThrowIfNull(activation);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            (Features, ContextFeatures, Outputs, HiddenSize, Activation, Name) = (features, contextFeatures, outputs, hiddenSize, activation, name);
            HasBatchNormalization = hasBatchNormalization;

            // The context comes first here and last in files.
            var order = new int[features + contextFeatures];
            for (var i = 0; i < order.Length; i++)
                order[i] = i < contextFeatures ? features + i : i - contextFeatures;
            Initial = new Layer<T>($"{name}.initial_layer", UnaryFunction.Identity, order, hiddenSize);
            Blocks = new ResidualBlock<T>[blocks];
            for (var i = 0; i < blocks; i++)
            {
                var block = $"{name}.blocks.{i}";
                Blocks[i] = new ResidualBlock<T>(
                    new Layer<T>($"{block}.linear_layers.0", ResidualBlock<T>.FirstActivation(activation, hasBatchNormalization), hiddenSize, hiddenSize),
                    new Layer<T>($"{block}.linear_layers.1", UnaryFunction.Identity, hiddenSize, hiddenSize),
                    activation, ActivatesInput: true,
                    contextFeatures == 0 ? null : new Layer<T>($"{block}.context_layer", UnaryFunction.Sigmoid, contextFeatures, hiddenSize),
                    IsGated: true, hasBatchNormalization ? ResidualBlock<T>.Normalize(block, hiddenSize) : null);
            }

            Final = new Layer<T>($"{name}.final_layer", UnaryFunction.Identity, hiddenSize, outputs);
        }

        public int Features { get; }

        public int ContextFeatures { get; }

        public int Outputs { get; }

        public int HiddenSize { get; }

        public UnaryFunction Activation { get; }

        public string Name { get; }

        public bool HasBatchNormalization { get; }

        public Layer<T> Initial { get; }

        public ResidualBlock<T>[] Blocks { get; }

        public Layer<T> Final { get; }

        public Parameter<T>[] Parameters =>
            [Initial.Weight, Initial.Bias, .. Blocks.SelectMany(block => block.Parameters), Final.Weight, Final.Bias];

        public void Draw(RandomStream stream)
        {
            var drawn = 0;
            Initial.Draw(stream, drawn++);
            foreach (var block in Blocks)
            {
                block.Context?.Draw(stream, drawn++);
                block.First.Draw(stream, drawn++);
                block.Second.Draw(stream, drawn++, SmallStart);
            }

            Final.Draw(stream, drawn);
        }
    }
}
