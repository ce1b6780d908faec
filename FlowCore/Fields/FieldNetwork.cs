using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Fields;

/// <summary>A chain of convolutions of a field, each but the last followed by an activation; the field keeps its pixels.</summary>
/// <remarks>
/// <para>
/// Inputs are the context and then the field, channels first; outputs are the field of the result, channels first. A context is seen at every pixel, as channels of one number behind those of the
/// field. With periodic edges the network commutes with shifts of the field. One entry of the tape a layer: nothing is gathered, and pixels that are not seen or not computed cost nothing.
/// </para>
/// <para>It costs k² · in · out products a pixel and layer.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FieldNetwork<T> : Network<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionOperation<T>[] _layers;

    /// <summary>Creates a network.</summary>
    /// <param name="settings">The constants.</param>
    /// <param name="name">The prefix of the names: <c>.layers.i.weight</c> [out, in · k · k] and <c>.layers.i.bias</c>.</param>
    /// <param name="initialization">Where fresh numbers come from: uniform in ±1/√(in · k · k). Null for a stream of the name's own.</param>
    /// <param name="lastBound">The bound of the last layer's numbers instead; 0 for that of the others.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public FieldNetwork(FieldNetworkSettings settings, string name, RandomStream? initialization = null, double lastBound = 0)
        : this(Checked(settings), name, Layers(settings))
    {
        var stream = initialization ?? FreshParameters.StreamOf(name);
        for (var i = 0; i < _layers.Length; i++)
        {
            var bound = i == _layers.Length - 1 && lastBound > 0 ? lastBound : 1 / Math.Sqrt(_layers[i].Shape.WindowLength);
            FreshParameters.FillUniform(Parameters[2 * i], stream.Substream((ulong)(2 * i)), bound);
            FreshParameters.FillUniform(Parameters[(2 * i) + 1], stream.Substream((ulong)((2 * i) + 1)), bound);
        }
    }

    private FieldNetwork(FieldNetworkSettings settings, string name, ConvolutionOperation<T>[] layers)
        : base(checked(settings.ContextFeatures + settings.Shape.Features), checked(settings.OutputChannels * settings.Shape.Pixels), Fresh(name, layers)) =>
        (Settings, Name, _layers, BlockColumns) =
            (settings, name, layers, checked(layers.Max(layer => Math.Max(layer.Shape.Inputs, layer.Shape.Outputs)) * settings.Shape.Pixels));

    /// <inheritdoc/>
    public static string Kind => "field-network";

    /// <summary>The constants.</summary>
    public FieldNetworkSettings Settings { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    protected internal override int BlockColumns { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var settings = new FieldNetworkSettings(new FieldShape(reader.Size("channels"), reader.Size("height"), reader.Size("width")), reader.Size("output_channels"))
        {
            HiddenChannels = reader.Integers("hidden"),
            KernelSize = reader.Size("kernel"),
            Padding = reader.Enumeration<ArrayPadding>("padding"),
            Activation = reader.Function("activation"),
            ContextFeatures = reader.Count("context"),
            Reads = reader.Enumeration<PixelParity>("reads"),
            Writes = reader.Enumeration<PixelParity>("writes"),
        };
        return new FieldNetwork<T>(settings, reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("channels", Settings.Shape.Channels);
        writer.Write("height", Settings.Shape.Height);
        writer.Write("width", Settings.Shape.Width);
        writer.Write("output_channels", Settings.OutputChannels);
        writer.Write("hidden", [.. Settings.HiddenChannels]);
        writer.Write("kernel", Settings.KernelSize);
        writer.Write("padding", Settings.Padding.ToString());
        writer.Write("activation", Settings.Activation.Name);
        writer.Write("context", Settings.ContextFeatures);
        writer.Write("reads", Settings.Reads.ToString());
        writer.Write("writes", Settings.Writes.ToString());
    }

    /// <inheritdoc/>
    protected internal override void StartAt(ReadOnlySpan<double> outputs)
    {
        if (outputs.Length != Outputs)
            throw new ArgumentException($"Expected {Outputs} outputs, got {outputs.Length}.", nameof(outputs));
        var channels = new T[Settings.OutputChannels];
        for (var i = 0; i < outputs.Length; i++)
        {
            var channel = T.CreateTruncating(outputs[i]);
            if (i % Settings.Shape.Pixels != 0 && channel != channels[i / Settings.Shape.Pixels])
                throw new NotSupportedException("A network of fields starts with the same outputs at every pixel of a channel.");
            channels[i / Settings.Shape.Pixels] = channel;
        }

        Parameters[^2].Write(new T[Parameters[^2].Length]);
        Parameters[^1].Write(channels);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var context = Settings.ContextFeatures;
        return context == 0 ? Apply(tape, x, default) : Apply(tape, x.Slice(context, Settings.Shape.Features), x.Slice(0, context));
    }

    /// <summary>The outputs of a field and its context, which need not stand in one block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, C·H·W].</param>
    /// <param name="context">[rows, context], a block or a shared row; "no variable" without a context.</param>
    internal Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> context)
    {
        var h = context.IsNone ? x : VariableFunctions.Concatenate(x, context.RepeatColumns(Settings.Shape.Pixels));
        for (var i = 0; i < _layers.Length; i++)
        {
            var next = _layers[i].Apply(h, tape.Use(Parameters[2 * i]), tape.Use(Parameters[(2 * i) + 1]));
            if (h.Id != x.Id)
                tape.Release(h);
            h = next;
        }

        return h;
    }

    private static ConvolutionOperation<T>[] Layers(FieldNetworkSettings settings)
    {
        int[] channels = [checked(settings.Shape.Channels + settings.ContextFeatures), .. settings.HiddenChannels, settings.OutputChannels];
        var layers = new ConvolutionOperation<T>[channels.Length - 1];
        for (var i = 0; i < layers.Length; i++)
        {
            var isLast = i == layers.Length - 1;
            var shape = new ConvolutionShape(
                channels[i], channels[i + 1], settings.Shape.Height, settings.Shape.Width, settings.KernelSize, settings.Padding == ArrayPadding.Periodic)
            {
                Reads = i == 0 ? settings.Reads : PixelParity.All,
                Writes = isLast ? settings.Writes : PixelParity.All,
            };
            layers[i] = new ConvolutionOperation<T>(shape, isLast ? UnaryFunction.Identity : settings.Activation);
        }

        return layers;
    }

    private static Parameter<T>[] Fresh(string name, ConvolutionOperation<T>[] layers)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameters = new Parameter<T>[2 * layers.Length];
        for (var i = 0; i < layers.Length; i++)
        {
            parameters[2 * i] = new Parameter<T>($"{name}.layers.{i}.weight", layers[i].Shape.Outputs, layers[i].Shape.WindowLength);
            parameters[(2 * i) + 1] = new Parameter<T>($"{name}.layers.{i}.bias", 1, layers[i].Shape.Outputs, isVector: true);
        }

        return parameters;
    }

    private static FieldNetworkSettings Checked(FieldNetworkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(settings.Shape, nameof(settings));
        ArgumentNullException.ThrowIfNull(settings.HiddenChannels, nameof(settings));
        var problem = settings switch
        {
            { OutputChannels: < 1 } => $"Expected at least 1 channel of the result, got {settings.OutputChannels}.",
            { HiddenChannels: var hidden } when hidden.Any(channels => channels < 1) => $"Expected at least 1 channel of each hidden layer, got {string.Join(", ", settings.HiddenChannels)}.",
            { Padding: not (ArrayPadding.Zero or ArrayPadding.Periodic) } => $"Expected a padding of the list, got {settings.Padding}.",
            { Activation: null } => "Expected an activation, got none.",
            { ContextFeatures: < 0 } => $"Expected 0 or more context features, got {settings.ContextFeatures}.",
            { Reads: not (PixelParity.All or PixelParity.Even or PixelParity.Odd) } => $"Expected pixels of the list, got {settings.Reads}.",
            { Writes: not (PixelParity.All or PixelParity.Even or PixelParity.Odd) } => $"Expected pixels of the list, got {settings.Writes}.",
            _ => null,
        };
        return problem is null ? settings with { HiddenChannels = [.. settings.HiddenChannels] } : throw new ArgumentException(problem, nameof(settings));
    }
}
