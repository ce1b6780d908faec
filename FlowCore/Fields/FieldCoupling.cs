using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Fields;

/// <summary>
/// An affine coupling of a field: what passes decides, through convolutions, how the rest is scaled and shifted. z = x e^s + t with s = λ tanh(a), where a and t are what the network makes of
/// the part that passes: log|det J| = Σ s over the rest.
/// </summary>
/// <remarks>
/// <para>
/// Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 3.4, with the scale of its section 4.1. The mask is a colour of a chessboard or half of the channels. On a
/// chessboard of even sides with periodic edges the coupling commutes with shifts by an even number of pixels in all, and with the two colours in turn so does a flow of them.
/// </para>
/// <para>Either direction costs one evaluation of the network. With the last ⌊C/2⌋ channels passing, the first ⌈C/2⌉ are standardised given the rest: the conditional normal distribution of channels that are to leave.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FieldCoupling<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _first;
    private readonly int _changing;

    /// <summary>Creates the transform.</summary>
    /// <param name="shape">The field.</param>
    /// <param name="mask">What passes; for channels there must be two or more.</param>
    /// <param name="network">The network, of the shape and pixels that <see cref="NetworkFor"/> says.</param>
    /// <param name="reach">λ, positive: scales are within e^±λ. Where it is learned, what it starts with.</param>
    /// <param name="reachName">The name of λ as a parameter, one number for each channel that changes; null for a fixed λ.</param>
    /// <exception cref="ArgumentException">The network is of another shape or other pixels, or λ is not positive.</exception>
    public FieldCoupling(FieldShape shape, FieldMask mask, FieldNetwork<T> network, double reach = 1, string? reachName = null)
        : base(CheckedShape(shape, mask).Features, network?.Settings.ContextFeatures ?? 0, Join(network, reach, reachName, shape, mask))
    {
        (Shape, Mask, Network, Reach, ReachName) = (shape, mask, network!, reach, reachName);
        var expected = NetworkFor(shape, mask);
        var settings = network!.Settings;
        if (settings.Shape != expected.Shape || settings.OutputChannels != expected.OutputChannels || settings.Reads != expected.Reads || settings.Writes != expected.Writes)
        {
            throw new ArgumentException(
                $"Expected a network from {expected.Shape} ({expected.Reads} pixels) to {expected.OutputChannels} channels ({expected.Writes} pixels), got one from {settings.Shape} ({settings.Reads}) to {settings.OutputChannels} ({settings.Writes}).",
                nameof(network));
        }

        var channels = expected.OutputChannels / 2;
        _changing = channels * shape.Pixels;
        _first = mask == FieldMask.FirstChannels ? expected.Shape.Features : 0;
    }

    /// <inheritdoc/>
    public static string Kind => "field-coupling";

    /// <summary>The field.</summary>
    public FieldShape Shape { get; }

    /// <summary>What passes.</summary>
    public FieldMask Mask { get; }

    /// <summary>The network.</summary>
    public FieldNetwork<T> Network { get; }

    /// <summary>λ, or what it starts with.</summary>
    public double Reach { get; }

    /// <summary>The name of λ as a parameter; null for a fixed λ.</summary>
    public string? ReachName { get; }

    /// <inheritdoc/>
    protected internal override int BlockColumns => Math.Max(Features, Network.BlockColumns);

    /// <summary>The shape, channels and pixels of the network of a coupling; the rest of the constants is free.</summary>
    /// <param name="shape">The field.</param>
    /// <param name="mask">What passes.</param>
    /// <returns>The constants.</returns>
    /// <exception cref="ArgumentException">The mask is none of the list, or of channels where there is one.</exception>
    public static FieldNetworkSettings NetworkFor(FieldShape shape, FieldMask mask)
    {
        CheckedShape(shape, mask);
        var passing = shape.Channels / 2;
        return mask switch
        {
            FieldMask.EvenPixels => new FieldNetworkSettings(shape, 2 * shape.Channels) { Reads = PixelParity.Even, Writes = PixelParity.Odd },
            FieldMask.OddPixels => new FieldNetworkSettings(shape, 2 * shape.Channels) { Reads = PixelParity.Odd, Writes = PixelParity.Even },
            _ => new FieldNetworkSettings(shape.WithChannels(passing), 2 * (shape.Channels - passing)),
        };
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new FieldCoupling<T>(
            new FieldShape(reader.Size("channels"), reader.Size("height"), reader.Size("width")), reader.Enumeration<FieldMask>("mask"), reader.Part<FieldNetwork<T>>("network"),
            reader.Number("reach"), reader.Has("reach_name") ? reader.Text("reach_name") : null);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("channels", Shape.Channels);
        writer.Write("height", Shape.Height);
        writer.Write("width", Shape.Width);
        writer.Write("mask", Mask.ToString());
        writer.Write("reach", Reach);
        if (ReachName is not null)
            writer.Write("reach_name", ReachName);
        writer.Write("network", Network);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, x, conditions, inverse: false, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, z, conditions, inverse: true, out logDet);

    private Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, bool inverse, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var y = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        using var scope = tape.BeginScope();

        // On a chessboard the network leaves the other colour out and is zero at its own, so that nothing need be taken apart: there s = t = 0.
        var isHalf = _changing < Features;
        var (passingStart, passingCount) = (_first == 0 ? _changing : 0, Features - _changing);
        var numbers = Network.Apply(tape, isHalf ? x.Slice(passingStart, passingCount) : x, conditions);
        var s = Scaled(tape, numbers.Slice(0, _changing).Tanh());
        var t = numbers.Slice(_changing, _changing);
        var (argument, result) = isHalf ? (x.Slice(_first, _changing), tape.Slice(y, _first, _changing)) : (x, y);
        if (inverse)
        {
            var minus = -s;
            tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Multiply), [argument - t, minus.Exp()], [result]);
            tape.ApplyInto(SumColumnsOperation<T>.Instance, [minus], [logDet]);
        }
        else
        {
            tape.ApplyInto(BinaryOperation<T>.Of(BinaryFunction.Add), [argument * s.Exp(), t], [result]);
            tape.ApplyInto(SumColumnsOperation<T>.Instance, [s], [logDet]);
        }

        if (isHalf)
            tape.CopyInto(x.Slice(passingStart, passingCount), tape.Slice(y, passingStart, passingCount));
        return y;
    }

    private Variable<T> Scaled(Tape<T> tape, Variable<T> tanh)
    {
        if (ReachName is null)
            return Reach == 1 ? tanh : tanh * T.CreateTruncating(Reach);
        return tanh * tape.Use(Parameters[^1]).RepeatColumns(Shape.Pixels);
    }

    private static FieldShape CheckedShape(FieldShape shape, FieldMask mask)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (mask is not (FieldMask.EvenPixels or FieldMask.OddPixels or FieldMask.FirstChannels or FieldMask.LastChannels))
            throw new ArgumentException($"Expected a mask of the list, got {mask}.", nameof(mask));
        return mask is FieldMask.EvenPixels or FieldMask.OddPixels || shape.Channels > 1
            ? shape
            : throw new ArgumentException($"Expected at least 2 channels of which some pass, got a field of {shape}.", nameof(mask));
    }

    private static IReadOnlyList<Parameter<T>> Join(FieldNetwork<T>? network, double reach, string? reachName, FieldShape shape, FieldMask mask)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!(reach > 0) || double.IsInfinity(reach))
            throw new ArgumentOutOfRangeException(nameof(reach), reach, $"Expected a positive number, got {reach}.");
        var channels = NetworkFor(shape, mask).OutputChannels / 2;
        return reachName is null ? network.Parameters : [.. network.Parameters, LinearParameters.Vector<T>(reachName, channels, reach)];
    }
}
