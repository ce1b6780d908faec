using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>
/// Fresh samples of a density model for every step: to fit one model to another, for example a small flow to a large one.
/// They are drawn on the device where both models compute.
/// </summary>
/// <remarks>The source model takes no context and no nuisances. It is read, never changed; no gradient reaches it. Thread-safe.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class DensityModelData<T> : IDeviceTrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _source;

    /// <summary>Samples of a model.</summary>
    /// <param name="source">The model, on the device of the model that is trained. It stays the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The model takes a context or nuisances.</exception>
    public DensityModelData(DensityModel<T> source)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source.ContextFeatures > 0 || source.Nuisances > 0)
        {
            throw new ArgumentException(
                $"Expected a model without context and nuisances, got one with {source.ContextFeatures} and {source.Nuisances}.", nameof(source));
        }

        _source = source;
    }

    /// <summary>Null: the samples are endless.</summary>
    public long? Rows => null;

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != _source.Features || contextFeatures != 0 || nuisances != 0)
        {
            throw new ArgumentException(
                $"The samples have {_source.Features} features and neither context nor nuisances, but the model takes {features}, {contextFeatures} and {nuisances}.");
        }
    }

    /// <inheritdoc/>
    public TrainingBlock<T> Draw(in BatchRequest request, Tape<T> tape)
    {
        var z = _source.DrawNoise(tape, request.BatchStream(), (ulong)request.FirstRow, default);
        return new TrainingBlock<T>(_source.FromNoise(z, default, out _), default, default);
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights) =>
        _source.Sample(request.BatchStream(), (ulong)request.FirstRow, x, default);
}
