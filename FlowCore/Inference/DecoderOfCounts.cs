using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>A likelihood of counts in bins, independent given z: a network computes ln m of each bin, and for the negative binomial ln r behind them. N_d is the number of bins.</summary>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class DecoderOfCounts<T> : Decoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private ParameterStore<T> _parameters;
    private bool _isJoined;

    /// <summary>Creates the decoder.</summary>
    /// <param name="network">From z to ln m of each bin, then ln r of each for the negative binomial. Its parameters must not belong to a model.</param>
    /// <param name="kind">The distribution.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <exception cref="ArgumentException">There is no such distribution, or an odd number of outputs for two of each bin.</exception>
    public DecoderOfCounts(Network<T> network, DecoderCountKind kind = DecoderCountKind.Poisson, Device? device = null)
        : base(device ?? Device.Cpu, BinsOf(network, kind), network.Inputs)
    {
        _network = network;
        Kind = kind;
        _parameters = new ParameterStore<T>(Device, network.Parameters);
    }

    /// <summary>The network of ln m, and of ln r.</summary>
    public Network<T> Network => _network;

    /// <summary>The distribution.</summary>
    public DecoderCountKind Kind { get; }

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => _parameters;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> observation, Variable<T> latent)
    {
        Check(observation, latent);
        var numbers = _network.Apply(latent);
        var logMean = numbers.Slice(0, ObservationColumns);
        return DecoderCounts.LogProbability(observation, logMean, Kind == DecoderCountKind.Poisson ? default : numbers.Slice(ObservationColumns, ObservationColumns)).SumColumns();
    }

    /// <inheritdoc/>
    public override double TermsOf(ReadOnlySpan<T> observation) => ObservationColumns;

    internal override void Join(ParameterStore<T> store) => (_parameters, _isJoined) = (store, true);

    private protected override void SampleCore(RandomStream stream, ulong firstRow, ReadOnlySpan<T> latents, Span<T> observations)
    {
        var rows = latents.Length / LatentColumns;
        var numbers = new T[rows * _network.Outputs];
        DecoderPass<T>.Run(Device, [], 0, latents.ToArray(), LatentColumns, (_, _, z) => _network.Apply(z), _network.Outputs, numbers);
        for (var i = 0; i < rows; i++)
        {
            var own = stream.Substream(firstRow + (ulong)i);
            for (var b = 0; b < ObservationColumns; b++)
            {
                var at = (i * _network.Outputs) + b;
                var shape = Kind == DecoderCountKind.Poisson ? double.PositiveInfinity : Math.Exp(double.CreateTruncating(numbers[at + ObservationColumns]));
                observations[(i * ObservationColumns) + b] = T.CreateTruncating(DecoderCounts.Draw(Math.Exp(double.CreateTruncating(numbers[at])), shape, own.Substream((ulong)b)));
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isJoined)
            _parameters.Dispose();
    }

    private static int BinsOf(Network<T> network, DecoderCountKind kind)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such distribution.");
        if (kind == DecoderCountKind.Poisson)
            return network.Outputs;
        return network.Outputs % 2 == 0
            ? network.Outputs / 2
            : throw new ArgumentException($"Expected a network of two outputs for each bin, got {network.Outputs} outputs.", nameof(network));
    }
}
