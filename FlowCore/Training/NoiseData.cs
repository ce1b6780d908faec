using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>Fresh noise of a model's base distribution for every step, drawn on the model's device: the rows of objectives that sample.</summary>
/// <remarks>The model takes no context and no nuisances. Thread-safe.</remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class NoiseData<T> : IDeviceTrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _model;

    /// <summary>Noise of a model.</summary>
    /// <param name="model">The model, usually the one that is trained. It stays the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The model takes a context or nuisances.</exception>
    public NoiseData(DensityModel<T> model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.ConditionColumns > 0)
            throw new ArgumentException($"Expected a model without context and nuisances, got one with {model.ContextFeatures} and {model.Nuisances}.", nameof(model));
        _model = model;
    }

    /// <summary>Null: the noise is endless.</summary>
    public long? Rows => null;

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != _model.Features || contextFeatures != 0 || nuisances != 0)
        {
            throw new ArgumentException(
                $"Expected a model of {_model.Features} features without context and nuisances, got one with {features}, {contextFeatures} and {nuisances}.");
        }
    }

    /// <inheritdoc/>
    public TrainingBlock<T> Draw(in BatchRequest request, Tape<T> tape) =>
        new(_model.DrawNoise(tape, request.BatchStream(), (ulong)request.FirstRow, default), default, default);

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        // Only for callers of their own: training draws on its tapes.
        using var kernels = _model.Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, request.RowCount);
        tape.Begin(request.RowCount, record: false);
        tape.ReadValue(_model.DrawNoise(tape, request.BatchStream(), (ulong)request.FirstRow, default), x);
    }
}
