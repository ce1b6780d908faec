using System.Diagnostics;
using System.Numerics;

namespace FlowCore.Training;

/// <content>A step: the gradients of a batch, their sum, the sweep of the optimiser, and what is made ready for it.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Where even a block of this many rows does not fit, the device is too small for the model.
    private const int SmallestBlock = 256;

    private double MakeStep(out double norm)
    {
        _uses.ThrowIfDisposed();
        BeginWork();
        try
        {
            if (_state.Step == 0 && _layers is { AwaitStart: true })
                StartLayers();
            return ComputeStep(out norm);
        }
        finally
        {
            EndWork();
        }
    }

    private double ComputeStep(out double norm)
    {
        var started = Stopwatch.GetTimestamp();
        var request = RequestOf(_state.Epoch, _state.StepOfEpoch);
        var rows = request.RowCount;
        _scheduled?.BeginBatch(BatchPurpose.Training, _state.Step, AllSteps);
        var passes = Passes();

        var (sums, read) = RunGradients(passes, request);
        if (!double.IsFinite(sums.Loss) && LeavesOut(passes.Gradients, request))
            (sums, read) = RunGradients(passes, request);
        var outside = _leavesOut ? passes.Gradients.Outside : 0;
        var loss = sums.Loss / sums.Weight;
        if (outside > 0 && sums.Weight == 0)
            throw Diverged(AllOutside, request, default);
        if (sums.Weight < 0)
            throw new InvalidOperationException($"Expected weights of a batch with a sum of at least 0, got {sums.Weight} in epoch {_state.Epoch}, step {_state.StepOfEpoch}.");
        if (sums.Weight != 0 && !double.IsFinite(loss))
            throw Diverged("the loss is not finite", request, passes.Gradients.Losses(_device, request));

        var point = new SchedulePoint(_state.Step, StepsPerEpoch, AllSteps);
        var rate = _options.Optimiser.LearningRate * _options.Schedule.Factor(point, _state.Schedule);
        norm = 0;
        if (sums.Weight > 0)
        {
            norm = Math.Sqrt(passes.Reduction.Total(read.Span)) / sums.Weight;
            if (!double.IsFinite(norm))
                throw Diverged("the gradient is not finite though the loss is", request, default);

            _update.Run(_device, _options.Optimiser.StepOf(++_state.Updates, rate, GradientReduction<T>.ScaleOf(sums.Weight, norm, _options.GradientClip)));
            AddToAverage();
        }

        if (sums.Weight > 0)
            _state.LossSum += sums.Loss;
        _state.WeightSum += sums.Weight;
        _state.NormSum += norm;
        _state.RowSum += rows;
        _state.OutsideSum += outside;
        _state.LearningRate = rate;
        _state.Step++;
        _state.StepOfEpoch++;
        if (_layers is { Followed.Count: > 0 })
            FollowBatch(request);
        _state.Seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
        return loss;
    }

    // The tapes of the workers are in use while a batch is computed: what the user is called for meanwhile may use any model,
    // but not this trainer.
    private void BeginWork()
    {
        ThrowIfAtWork();
        _atWork = true;
    }

    private void ThrowIfAtWork()
    {
        if (_atWork)
            throw new InvalidOperationException("The trainer is at a batch: its objective, data and schedule cannot use the trainer itself.");
    }

    private void EndWork() => _atWork = false;

    // Tapes and passes, made when they are first needed. The gradients of the first block are computed for each worker, so
    // that it has all its memory before the first step; a device that has not enough is asked for smaller blocks.
    private TrainingPasses<T> Passes()
    {
        if (_passes is not null)
            return _passes;
        while (true)
        {
            var passes = new TrainingPasses<T>(_model, _kernels, _blockRows, BatchSize, _evaluationRows, _data, _validation, _objective, _slots, _chunks);
            try
            {
                passes.Gradients.WarmUp(new BatchRequest(BatchPurpose.Training, 0, 0, BatchSize, 0, BatchSize, _trainingStream));
                return _passes = passes;
            }
            catch (DeviceMemoryException) when (_blockRows > SmallestBlock && _objective is not IBatchObjective<T>)
            {
                passes.Dispose();
                _blockRows = RoundUpToQuantum(_blockRows / 2);
            }
        }
    }

    private static int RoundUpToQuantum(int rows) => (rows + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum;

    // A rate that is too large can leave the last update of an epoch with infinite weights which no loss has seen yet:
    // they must not reach the checkpoint.
    private void CheckWeights()
    {
        _kernels[0].Read(_model.Parameters.Memory, 0, _host);
        foreach (var parameter in _model.Parameters.Parameters)
        {
            foreach (var number in _host.AsSpan(parameter.Offset, parameter.Length))
            {
                if (!T.IsFinite(number))
                    throw Diverged($"the parameter '{parameter.Name}' is not finite after the update", RequestOf(_state.Epoch, _state.StepOfEpoch - 1), default);
            }
        }
    }

    private TrainingDivergedException Diverged(string what, in BatchRequest request, ReadOnlySpan<T> losses)
    {
        var rows = new List<int>();
        var numbers = new List<long>();
        var source = request.Purpose == BatchPurpose.Training ? _data : _validation!;
        for (var i = 0; i < losses.Length; i++)
        {
            if (T.IsFinite(losses[i]) || (_leavesOut && T.IsPositiveInfinity(losses[i])))
                continue;
            rows.Add(i);
            if (source.NumberOf(request, i) is { } number)
                numbers.Add(number);
        }

        return new TrainingDivergedException(
            what, request.Purpose, _state.Epoch, request.Step, rows, numbers, losses.Length, _checkpointWritten ? _options.CheckpointPath : null);
    }
}
