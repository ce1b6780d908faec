using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>A likelihood of continuous numbers: a flow whose features are the observation and whose context is z. N_d is the number of columns.</summary>
/// <typeparam name="T">float to work, double to verify.</typeparam>
/// <param name="flow">The flow. It is the decoder's to dispose.</param>
public sealed class DecoderOfFlow<T>(Flow<T> flow) : Decoder<T>(
    (flow ?? throw new ArgumentNullException(nameof(flow))).Device, flow.Features, flow.ContextFeatures)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The flow.</summary>
    public Flow<T> Flow => flow;

    /// <inheritdoc/>
    public override ParameterStore<T> Parameters => flow.Parameters;

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> observation, Variable<T> latent)
    {
        Check(observation, latent);
        return flow.LogDensity(observation, latent);
    }

    /// <inheritdoc/>
    public override double TermsOf(ReadOnlySpan<T> observation) => ObservationColumns;

    internal override void Join(ParameterStore<T> store) => ((IJoinedPart<T>)flow).Join(store);

    private protected override void SampleCore(RandomStream stream, ulong firstRow, ReadOnlySpan<T> latents, Span<T> observations) =>
        flow.Sample(stream, firstRow, latents, observations, default);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            flow.Dispose();
    }
}
