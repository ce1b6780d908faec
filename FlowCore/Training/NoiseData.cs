using System.Buffers;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>Fresh noise of a model's base distribution for every step, drawn on the model's device: the rows of objectives that sample.</summary>
/// <remarks>
/// The validation has the same noise in every epoch, so losses of two epochs differ by the model alone. Where the model takes conditions, row i of an epoch's draws has row i mod n
/// of the n that are given. Thread-safe.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class NoiseData<T> : IDeviceTrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _model;
    private readonly T[] _context;
    private readonly T[] _nuisances;

    /// <summary>Noise of a model without context and nuisances.</summary>
    /// <param name="model">The model, usually the one that is trained. It stays the caller's to dispose.</param>
    /// <exception cref="ArgumentException">The model takes a context or nuisances.</exception>
    public NoiseData(DensityModel<T> model)
        : this(model, default)
    {
    }

    /// <summary>Noise of a model under given conditions.</summary>
    /// <param name="model">The model, usually the one that is trained. It stays the caller's to dispose.</param>
    /// <param name="conditions">Rows of context and of nuisances, any number of each, which are copied; left out where the model takes none.</param>
    /// <exception cref="ArgumentException">The model takes conditions and there are none, or it takes none, or their numbers make no rows or are not finite.</exception>
    public NoiseData(DensityModel<T> model, Conditions<T> conditions)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _context = RepeatedRows.Check(conditions.Context, model.ContextFeatures, "context");
        _nuisances = RepeatedRows.Check(conditions.Nuisances, model.Nuisances, "nuisances");
    }

    /// <summary>Null: the noise is endless.</summary>
    public long? Rows => null;

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != _model.Features || contextFeatures != _model.ContextFeatures || nuisances != _model.Nuisances)
        {
            throw new ArgumentException(
                $"Expected a model of {_model.Features} features, {_model.ContextFeatures} context features and {_model.Nuisances} nuisances, got one with {features}, {contextFeatures} and {nuisances}.");
        }
    }

    /// <inheritdoc/>
    public TrainingBlock<T> Draw(in BatchRequest request, Tape<T> tape)
    {
        var conditions = LoadConditions(tape, request.FirstRowOfEpoch, request.RowCount);
        return new(_model.DrawNoise(tape, request.BatchStream(), (ulong)request.FirstRow, conditions), conditions, default);
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        // Only for callers of their own: training draws on its tapes.
        using var kernels = _model.Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, request.RowCount);
        tape.Begin(request.RowCount, record: false);
        tape.ReadValue(Draw(request, tape).X, x);
        RepeatedRows.Fill(_context, _model.ContextFeatures, request.FirstRowOfEpoch, context);
        RepeatedRows.Fill(_nuisances, _model.Nuisances, request.FirstRowOfEpoch, nuisances);
    }

    private Variable<T> LoadConditions(Tape<T> tape, long firstRow, int rows)
    {
        var (contextLength, nuisanceLength) = (rows * _model.ContextFeatures, rows * _model.Nuisances);
        if (contextLength + nuisanceLength == 0)
            return default;

        // Rented, not allocated: the pool of a thread hands the same arrays out step after step.
        var buffer = ArrayPool<T>.Shared.Rent(contextLength + nuisanceLength);
        var context = buffer.AsSpan(0, contextLength);
        var nuisances = buffer.AsSpan(contextLength, nuisanceLength);
        RepeatedRows.Fill(_context, _model.ContextFeatures, firstRow, context);
        RepeatedRows.Fill(_nuisances, _model.Nuisances, firstRow, nuisances);
        var conditions = ConditionRows.Load<T>(tape, context, _model.ContextFeatures, nuisances, _model.Nuisances);
        ArrayPool<T>.Shared.Return(buffer);
        return conditions;
    }
}
