using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;

namespace FlowCore.Training;

/// <summary>The loss of rows in memory, and its gradients, as one step of a training has them, with memory of its own.</summary>
internal sealed class LossPass<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DensityModel<T> _model;
    private readonly Kernels<T>[] _kernels;
    private readonly DeviceMemory<T>[] _slots;
    private readonly TrainingPasses<T> _passes;
    private readonly BatchRequest _rows;

    /// <param name="model">The model.</param>
    /// <param name="data">The rows.</param>
    /// <param name="objective">The loss, or null for the negative log-density.</param>
    /// <param name="withGradients">Whether there will be gradients.</param>
    public LossPass(DensityModel<T> model, ArrayData<T> data, IObjective<T>? objective, bool withGradients)
    {
        var chunks = withGradients ? ParameterChunk.Cut(model.Parameters) : [];
        if (withGradients && chunks.Length == 0)
            throw new ArgumentException("The model has no parameter that can be trained.", nameof(model));
        _model = model;
        var blockRows = objective is IBatchObjective<T>
            ? (data.Count + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum
            : Math.Min(model.BlockRows, TrainingPasses<T>.LargestEvaluationBlock);
        _kernels = new Kernels<T>[model.Device.Workers];
        for (var i = 0; i < _kernels.Length; i++)
            _kernels[i] = model.Device.CreateKernels<T>();
        _slots = new DeviceMemory<T>[withGradients ? Math.Min(TrainingPasses<T>.MaximumSlots, BatchPass<T>.BlocksOf(data.Count, blockRows)) : 0];
        for (var i = 0; i < _slots.Length; i++)
            _slots[i] = _kernels[0].Allocate(model.Parameters.Length);
        _passes = new TrainingPasses<T>(model, _kernels, blockRows, data.Count, data.Count, data, data, objective, _slots, chunks);

        // As validation rows they come as they lie.
        _rows = new BatchRequest(BatchPurpose.Validation, 0, 0, data.Count, 0, data.Count, new RandomStream(0));
    }

    /// <summary>The weighted mean loss.</summary>
    public double Loss()
    {
        _passes.Evaluation!.Run(_model.Device, _rows);
        var sums = _passes.Evaluation.Total(_passes.ReadSums(2 * _passes.Evaluation.Blocks).Span);
        return sums.Loss / sums.Weight;
    }

    /// <summary>The weighted mean loss and its gradient.</summary>
    public LossGradient<T> LossGradient()
    {
        _passes.Gradients.Run(_model.Device, _rows);
        _passes.Reduction.Run(_model.Device, _passes.Gradients.SlotsUsed);
        var sums = _passes.Gradients.Total(_passes.ReadSums(_passes.SumsOfStep).Span);
        var reader = new GradientReader<T>(_model.Parameters, _kernels[0], _slots[0]);
        return new LossGradient<T>(sums.Loss / sums.Weight, reader.ReadAll(sums.Weight));
    }

    public void Dispose()
    {
        _passes.Dispose();
        foreach (var slot in _slots)
            slot.Dispose();
        foreach (var kernels in _kernels)
            kernels.Dispose();
    }
}
