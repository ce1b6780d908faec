using FlowCore.Distributions;
using FlowCore.Training;

namespace LognormalFields;

/// <summary>Fresh fields for every step: samples of the exact density. A row depends on the batch's stream and its place alone. Safe from any thread.</summary>
/// <param name="exact">The exact density.</param>
internal sealed class ToyData(Flow<float> exact) : ITrainingData<float>
{
    /// <summary>Null: there is no end of them.</summary>
    public long? Rows => null;

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != exact.Features || contextFeatures != 0 || nuisances != 0)
            throw new ArgumentException($"Expected a model of {exact.Features} pixels and nothing else, got one of {features}.", nameof(features));
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<float> x, Span<float> context, Span<float> nuisances, Span<float> weights) =>
        exact.Sample(request.BatchStream(), (ulong)request.FirstRow, x, default);
}
