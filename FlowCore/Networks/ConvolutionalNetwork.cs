using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>
/// A residual network of convolutions on an array of channels, rows and columns: the conditioner of couplings of images and fields (Kingma and Dhariwal 2018, "Glow";
/// the layers of nflows' ConvResidualNet).
/// </summary>
/// <remarks>
/// <para>
/// At every pixel h = W [x, c] + b, a 1 × 1 convolution; block after block h ← h + t with t = K₂ ∗ act(K₁ ∗ act(h)), two convolutions with a window of k × k, times the logistic function
/// of W c + b where there is a context; at last a 1 × 1 convolution without an activation before it. The context is the same at every pixel.
/// </para>
/// <para>
/// Not all pixels need be known: each input has a place in the array that the network sees, where no input has its place is a zero, and each output is taken from a place of the array that it
/// gives. Chessboards and halves of the channels are such choices (<see cref="ForCoupling"/>). A row costs 2 B k² S² products a pixel for S hidden channels, and an entry of the tape a convolution.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ConvolutionalNetwork<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostBlocks = 100;

    // The libraries' start of a block's last layer: nearly nothing is added.
    private const double SmallStart = 1e-3;

    private readonly Plan _plan;
    private readonly int[] _inputPlaces;
    private readonly int[] _outputPlaces;
    private readonly GatherColumnsOperation<T> _arrange;
    private readonly GatherColumnsOperation<T> _choose;

    /// <summary>Creates a network.</summary>
    /// <param name="settings">The constants.</param>
    /// <param name="inputPlaces">For each input that is no context its place c·H·W + p in the array that the network sees, each place once at most.</param>
    /// <param name="outputPlaces">For each output its place in the array that the network gives; at least one.</param>
    /// <param name="contextFeatures">How many leading inputs are the context.</param>
    /// <param name="name">
    /// The prefix of the names: <c>.initial_layer</c>, <c>.blocks.i.context_layer</c>, <c>.blocks.i.conv_layers.{0,1}</c>, <c>.final_layer</c>, each with <c>.weight</c>
    /// [out, in · k · k] and <c>.bias</c>.
    /// </param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√(in · k · k), a block's last layer in ±10⁻³. Null for a stream of the name's own.</param>
    /// <exception cref="ArgumentException">A size or a place is out of range, a place comes twice, or the name is empty.</exception>
    public ConvolutionalNetwork(
        ConvolutionalSettings settings, ReadOnlySpan<int> inputPlaces, ReadOnlySpan<int> outputPlaces, int contextFeatures, string name, RandomStream? initialization = null)
        : this(new Plan(settings, contextFeatures, name), inputPlaces, outputPlaces) => _plan.Draw(initialization ?? FreshParameters.StreamOf(name));

    private ConvolutionalNetwork(Plan plan, ReadOnlySpan<int> inputPlaces, ReadOnlySpan<int> outputPlaces)
        : base(checked(plan.ContextFeatures + inputPlaces.Length), outputPlaces.Length, plan.Parameters)
    {
        _plan = plan;
        _inputPlaces = inputPlaces.ToArray();
        _outputPlaces = outputPlaces.ToArray();
        var (pixels, context) = (plan.Pixels, plan.ContextFeatures);
        var inputs = new int[checked(plan.Settings.InputChannels * pixels)];
        Array.Fill(inputs, -1);
        for (var i = 0; i < _inputPlaces.Length; i++)
        {
            if ((uint)_inputPlaces[i] >= (uint)inputs.Length || inputs[_inputPlaces[i]] >= 0)
                throw new ArgumentException($"Expected places from 0 to {inputs.Length - 1}, each once, got {_inputPlaces[i]} at {i}.", nameof(inputPlaces));
            inputs[_inputPlaces[i]] = context + i;
        }

        // Pixel by pixel the channels and then the context; the column behind all is zero.
        var channels = plan.Settings.InputChannels;
        var arranged = new int[checked(pixels * (channels + context))];
        for (var i = 0; i < arranged.Length; i++)
        {
            var (pixel, channel) = (i / (channels + context), i % (channels + context));
            var input = channel < channels ? inputs[(channel * pixels) + pixel] : channel - channels;
            arranged[i] = input < 0 ? Inputs : input;
        }

        _arrange = new GatherColumnsOperation<T>(arranged);
        var outputs = checked(plan.Settings.OutputChannels * pixels);
        var chosen = new int[_outputPlaces.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            if ((uint)_outputPlaces[i] >= (uint)outputs)
                throw new ArgumentException($"Expected places from 0 to {outputs - 1}, got {_outputPlaces[i]} at {i}.", nameof(outputPlaces));
            chosen[i] = (_outputPlaces[i] % pixels * plan.Settings.OutputChannels) + (_outputPlaces[i] / pixels);
        }

        _choose = new GatherColumnsOperation<T>(chosen);
    }

    /// <inheritdoc/>
    public static string Kind => "convolutional-network";

    /// <summary>The constants.</summary>
    public ConvolutionalSettings Settings => _plan.Settings;

    /// <summary>For each input that is no context its place in the array.</summary>
    public ReadOnlySpan<int> InputPlaces => _inputPlaces;

    /// <summary>For each output its place in the array.</summary>
    public ReadOnlySpan<int> OutputPlaces => _outputPlaces;

    /// <summary>How many leading inputs are the context.</summary>
    public int ContextFeatures => _plan.ContextFeatures;

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name => _plan.Name;

    /// <summary>The network of a coupling of arrays: it sees the channels of which something passes, with zeros for what does not, and gives P numbers for every feature that is transformed.</summary>
    /// <param name="passes">For each of the C·H·W features whether it passes, channels first.</param>
    /// <param name="parametersPerFeature">P, at least 1. Outputs are those of the first feature, of the second, ...</param>
    /// <param name="contextFeatures">How many leading inputs are the context.</param>
    /// <param name="settings">The constants; the numbers of channels are those of the mask.</param>
    /// <param name="name">The prefix of the names.</param>
    /// <param name="initialization">Where fresh numbers come from.</param>
    /// <returns>The network.</returns>
    /// <exception cref="ArgumentException">A size is out of range, or the mask is of no such arrays.</exception>
    public static ConvolutionalNetwork<T> ForCoupling(
        ReadOnlySpan<bool> passes, int parametersPerFeature, int contextFeatures, ConvolutionalSettings settings, string name, RandomStream? initialization = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parametersPerFeature);
        var pixels = checked(settings.Height * settings.Width);
        if (pixels < 1 || passes.IsEmpty || passes.Length % pixels != 0 || !passes.Contains(true) || !passes.Contains(false))
            throw new ArgumentException($"Expected features of arrays of {settings.Height} x {settings.Width} of which some pass and some do not, got {passes.Length}.", nameof(passes));
        var (inputs, outputs) = (new List<int>(), new List<int>());
        var (passing, changing) = (0, 0);
        for (var start = 0; start < passes.Length; start += pixels)
        {
            var channel = passes.Slice(start, pixels);
            for (var pixel = 0; pixel < pixels; pixel++)
            {
                if (channel[pixel])
                    inputs.Add((passing * pixels) + pixel);
                for (var k = 0; !channel[pixel] && k < parametersPerFeature; k++)
                    outputs.Add((((changing * parametersPerFeature) + k) * pixels) + pixel);
            }

            passing += channel.Contains(true) ? 1 : 0;
            changing += channel.Contains(false) ? 1 : 0;
        }

        return new ConvolutionalNetwork<T>(
            settings with { InputChannels = passing, OutputChannels = checked(changing * parametersPerFeature) }, [.. inputs], [.. outputs], contextFeatures, name, initialization);
    }

    /// <inheritdoc/>
    protected internal override int BlockColumns => Math.Max(Settings.HiddenChannels, Settings.InputChannels) * _plan.Pixels;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var settings = new ConvolutionalSettings(reader.Size("input_channels"), reader.Size("output_channels"), reader.Size("height"), reader.Size("width"))
        {
            HiddenChannels = reader.Size("hidden"),
            Blocks = reader.Count("blocks"),
            KernelSize = reader.Size("kernel"),
            Padding = reader.Enumeration<ArrayPadding>("padding"),
            Activation = reader.Function("activation"),
        };
        return new ConvolutionalNetwork<T>(settings, reader.Integers("inputs"), reader.Integers("outputs"), reader.Count("context"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("input_channels", Settings.InputChannels);
        writer.Write("output_channels", Settings.OutputChannels);
        writer.Write("height", Settings.Height);
        writer.Write("width", Settings.Width);
        writer.Write("hidden", Settings.HiddenChannels);
        writer.Write("blocks", Settings.Blocks);
        writer.Write("kernel", Settings.KernelSize);
        writer.Write("padding", Settings.Padding.ToString());
        writer.Write("activation", Settings.Activation.Name);
        writer.Write("inputs", InputPlaces);
        writer.Write("outputs", OutputPlaces);
        writer.Write("context", ContextFeatures);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Pixels of one channel are to start at different outputs.</exception>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        var channels = new double?[Settings.OutputChannels];
        for (var i = 0; i < outputs.Length; i++)
        {
            ref var channel = ref channels[_outputPlaces[i] / _plan.Pixels];
            if (channel is { } other && other != outputs[i])
                throw new NotSupportedException("A convolutional network starts with the same outputs at every pixel of a channel.");
            channel = outputs[i];
        }

        _plan.Final.StartAt(Array.ConvertAll(channels, channel => channel ?? 0));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var y = tape.Allocate(Outputs);
        using var scope = tape.BeginScope();
        var h = _plan.Initial.Apply(tape, _arrange.Apply(VariableFunctions.Concatenate(x, tape.Constant(T.Zero))));
        foreach (var block in _plan.Blocks)
        {
            var t = block.Second.Apply(tape, block.First.Apply(tape, h.Apply(Settings.Activation)));
            if (block.Context is { } context)
                t *= TileColumnsOperation<T>.Of(_plan.Pixels).Apply(context.Apply(tape, tape.Slice(x, 0, ContextFeatures)));
            var next = h + t;
            tape.Release(h);
            tape.Release(t);
            h = next;
        }

        tape.ApplyInto(_choose, [_plan.Final.Apply(tape, h)], [y]);
        return y;
    }

    private sealed record Block(ConvolutionLayer<T> First, ConvolutionLayer<T> Second, Layer<T>? Context);

    private sealed class Plan
    {
        public Plan(ConvolutionalSettings settings, int contextFeatures, string name)
        {
            ArgumentNullException.ThrowIfNull(settings);
            ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            Check(settings);
            (Settings, ContextFeatures, Name, Pixels) = (settings, contextFeatures, name, checked(settings.Height * settings.Width));
            var hidden = settings.HiddenChannels;
            Initial = new ConvolutionLayer<T>($"{name}.initial_layer", UnaryFunction.Identity, checked(settings.InputChannels + contextFeatures), hidden, settings, 1);
            Blocks = new Block[settings.Blocks];
            for (var i = 0; i < Blocks.Length; i++)
            {
                var block = $"{name}.blocks.{i}";
                Blocks[i] = new Block(
                    new ConvolutionLayer<T>($"{block}.conv_layers.0", settings.Activation, hidden, hidden, settings, settings.KernelSize),
                    new ConvolutionLayer<T>($"{block}.conv_layers.1", UnaryFunction.Identity, hidden, hidden, settings, settings.KernelSize),
                    contextFeatures == 0 ? null : new Layer<T>($"{block}.context_layer", UnaryFunction.Sigmoid, contextFeatures, hidden));
            }

            Final = new ConvolutionLayer<T>($"{name}.final_layer", UnaryFunction.Identity, hidden, settings.OutputChannels, settings, 1);
        }

        public ConvolutionalSettings Settings { get; }

        public int ContextFeatures { get; }

        public string Name { get; }

        public int Pixels { get; }

        public ConvolutionLayer<T> Initial { get; }

        public Block[] Blocks { get; }

        public ConvolutionLayer<T> Final { get; }

        public Parameter<T>[] Parameters
        {
            get
            {
                List<Parameter<T>> parameters = [Initial.Weight, Initial.Bias];
                foreach (var block in Blocks)
                {
                    if (block.Context is { } context)
                        parameters.AddRange([context.Weight, context.Bias]);
                    parameters.AddRange([block.First.Weight, block.First.Bias, block.Second.Weight, block.Second.Bias]);
                }

                return [.. parameters, Final.Weight, Final.Bias];
            }
        }

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

        private static void Check(ConvolutionalSettings settings)
        {
            var problem = settings switch
            {
                { InputChannels: < 1 } or { OutputChannels: < 1 } or { HiddenChannels: < 1 } =>
                    $"Expected at least 1 channel everywhere, got {settings.InputChannels}, {settings.HiddenChannels} and {settings.OutputChannels}.",
                { Height: < 1 } or { Width: < 1 } => $"Expected arrays of at least 1 pixel, got {settings.Height} x {settings.Width}.",
                { Blocks: < 0 or > MostBlocks } => $"Expected 0 to {MostBlocks} blocks, got {settings.Blocks}.",
                { KernelSize: < 1 } => $"Expected a window of an odd size, got {settings.KernelSize}.",
                _ when settings.KernelSize % 2 == 0 => $"Expected a window of an odd size, got {settings.KernelSize}.",
                { Padding: not (ArrayPadding.Zero or ArrayPadding.Periodic) } => $"Expected a padding of the list, got {settings.Padding}.",
                { Activation: null } => "Expected an activation, got none.",
                _ => null,
            };
            if (problem is not null)
                throw new ArgumentException(problem, nameof(settings));
        }
    }
}
