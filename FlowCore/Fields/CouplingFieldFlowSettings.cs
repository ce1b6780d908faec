using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Fields;

/// <summary>The settings of a <see cref="CouplingFieldFlow"/>.</summary>
public sealed record CouplingFieldFlowSettings
{
    /// <summary>How many couplings by chessboards, the colours in turn, at each level; at least 1.</summary>
    public int Couplings { get; init; } = 16;

    /// <summary>The channels of the hidden layers of each network.</summary>
    public IReadOnlyList<int> HiddenChannels { get; init; } = [16, 16];

    /// <summary>The size of the windows, odd.</summary>
    public int KernelSize { get; init; } = 3;

    /// <summary>What the windows see beyond the edges.</summary>
    public ArrayPadding Padding { get; init; } = ArrayPadding.Periodic;

    /// <summary>The activation of the hidden layers.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.LeakyReLU;

    /// <summary>λ of the scales e^(λ tanh a), positive.</summary>
    public double Reach { get; init; } = 1;

    /// <summary>Whether λ is learned, a number for each channel that changes.</summary>
    public bool LearnsReach { get; init; }

    /// <summary>
    /// How many levels, at least 1. Between two of them pixels are squeezed into channels, couplings of channels act, and half of the channels leave; both sides must be halved as often.
    /// </summary>
    public int Levels { get; init; } = 1;

    /// <summary>How many couplings by halves of the channels behind each squeeze, the halves in turn.</summary>
    public int ChannelCouplings { get; init; } = 2;

    /// <summary>Whether channels are mixed by a 1 × 1 convolution in front of each coupling of channels.</summary>
    public bool MixesChannels { get; init; } = true;

    /// <summary>Whether channels are normalised in front of each coupling of channels; such layers start from data.</summary>
    public bool ActNorm { get; init; } = true;

    /// <summary>Whether channels that leave are standardised given those that stay.</summary>
    public bool ConditionalPriors { get; init; } = true;

    /// <summary>C, numbers of the whole field that every coupling sees; 0 without a context.</summary>
    public int ContextFeatures { get; init; }

    /// <summary>The mean and the deviation of a pixel of each channel, by which fields are brought to order one first; or null.</summary>
    public LocationScale? Standardization { get; init; }

    /// <summary>The seed of the fresh numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Refuses settings that make no flow.</summary>
    internal void Check(FieldShape shape)
    {
        var problem = this switch
        {
            { Couplings: < 1 or > 1000 } => $"Expected 1 to 1000 couplings, got {Couplings}.",
            { ChannelCouplings: < 0 or > 1000 } => $"Expected 0 to 1000 couplings of channels, got {ChannelCouplings}.",
            { Levels: < 1 or > 30 } => $"Expected at least 1 level, got {Levels}.",
            _ when shape.Height % (1 << (Levels - 1)) != 0 || shape.Width % (1 << (Levels - 1)) != 0 => $"Expected sides that can be halved {Levels - 1} times, got {shape}.",
            { Standardization: { } numbers } when numbers.Location.Count != shape.Channels =>
                $"Expected a standardization of {shape.Channels} channels, got one of {numbers.Location.Count}.",
            _ when !(Reach > 0) || double.IsInfinity(Reach) => $"Expected a positive reach, got {Reach}.",
            _ => null,
        };
        if (problem is not null)
            throw Unexpected(problem);
    }

    // The argument of the flow has this name.
    private static ArgumentException Unexpected(string message, string parameter = "settings") => new(message, parameter);
}
