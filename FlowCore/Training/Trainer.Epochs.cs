using System.Numerics;

namespace FlowCore.Training;

/// <content>The end of an epoch: validation, the best weights, early stopping, the record.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Validation rows of a finite source that are evaluated between two looks at the sums.
    private const int EvaluationRows = 1 << 16;

    /// <summary>The weighted mean loss on the validation data with the weights as they are.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="InvalidOperationException">There is no validation data, or its weights do not sum to more than 0.</exception>
    /// <exception cref="TrainingDivergedException">The loss is NaN or infinite.</exception>
    public double Validate()
    {
        using var use = new Use(this);
        if (_validation is null)
            throw new InvalidOperationException("The trainer was given no validation data.");
        BeginWork();
        var averages = EvaluateAverage();
        try
        {
            return ComputeValidation(_validation);
        }
        finally
        {
            GoOnWithWeights(averages);
            EndWork();
        }
    }

    private double ComputeValidation(ITrainingData<T> validation)
    {
        var batches = validation.Rows is { } all ? (all + _evaluationRows - 1) / _evaluationRows : _options.ValidationSteps;
        double loss = 0;
        double weight = 0;
        long outside = 0;
        _scheduled?.BeginBatch(BatchPurpose.Validation, _state.Step, AllSteps);
        for (var batch = 0; batch < batches; batch++)
        {
            var rows = validation.Rows is { } count ? (int)Math.Min(_evaluationRows, count - ((long)batch * _evaluationRows)) : _evaluationRows;
            var request = new BatchRequest(BatchPurpose.Validation, 0, batch, _evaluationRows, 0, rows, _validationStream);
            var passes = Passes();
            var sums = RunEvaluation(passes, request);
            if (!double.IsFinite(sums.Loss) && LeavesOut(passes.Evaluation!, request))
                sums = RunEvaluation(passes, request);
            if (!double.IsFinite(sums.Loss))
                throw Diverged("the validation loss is not finite", request, passes.Evaluation!.Losses(_device, request));
            outside += _leavesOut ? passes.Evaluation!.Outside : 0;
            loss += sums.Loss;
            weight += sums.Weight;
        }

        if (outside > 0 && weight == 0)
            throw Diverged(AllOutside, new BatchRequest(BatchPurpose.Validation, 0, 0, _evaluationRows, 0, 0, _validationStream), default);
        _state.ValidationOutside = outside;
        return weight > 0
            ? loss / weight
            : throw new InvalidOperationException($"The weights of the validation data must sum to more than 0; they sum to {weight}.");
    }

    // What looks at the model here sees the average of the weights, where there is one; the checkpoint holds the weights.
    private void EndEpoch(HistoryWriter? writer, IProgress<TrainingProgress>? progress, long started)
    {
        CheckWeights();
        var averages = EvaluateAverage();
        EpochRecord record;
        MetricRecord[] metrics;
        TrainingProgress report;
        try
        {
            (record, metrics, report) = CloseEpoch(started);
        }
        finally
        {
            GoOnWithWeights(averages);
        }

        if (_options.CheckpointPath is { } path && (_state.Epoch % _options.CheckpointInterval == 0 || IsFinished))
            SaveCheckpoint(path);
        writer?.Write(record);
        foreach (var metric in metrics)
            writer?.Write(metric);
        progress?.Report(IsFinished ? report with { Outcome = FinishedOutcome } : report);
    }

    private (EpochRecord Record, MetricRecord[] Metrics, TrainingProgress Report) CloseEpoch(long started)
    {
        var trainLoss = _state.LossSum / _state.WeightSum;
        var validates = _validation is not null && _state.Epoch % _options.ValidationInterval == 0 && _scheduled?.IsComparable(_state.Step, AllSteps) != false;
        if (validates)
        {
            if (_layers is { Followed.Count: > 0 })
                FollowEpoch();
            _state.ValidationLoss = Validate();
            // Comparisons with NaN are false, so the first validation is the best so far.
            var lowest = _state.BestLoss;
            var lower = !(_state.ValidationLoss >= _state.BestLoss);
            if (lower || _state.ValidationLoss - _state.BestLoss < _options.ValidationResolution)
            {
                if (lower)
                    _state.BestLoss = _state.ValidationLoss;
                _state.BestEpoch = _state.Epoch;
                if (_best is not null)
                {
                    Copy(_model.Parameters.Memory, _best);
                    _bestFollowed = _layers?.Read() ?? [];
                }
            }

            if (_options.EarlyStopping is { } rule)
            {
                var improved = rule.Rule == EarlyStoppingRule.FromLowest
                    ? !(_state.ValidationLoss > lowest - rule.MinimumImprovement)
                    : _state.ValidationLoss < _state.StoppingLoss - rule.MinimumImprovement;
                if (improved)
                {
                    _state.StoppingLoss = _state.ValidationLoss;
                    _state.BadEpochs = 0;
                }
                else if (++_state.BadEpochs >= rule.Patience)
                {
                    _state.Stopped = true;
                }
            }
        }

        if (validates || _validation is null)
            _options.Schedule.EpochEnded(validates ? _state.ValidationLoss : trainLoss, _state.Schedule);
        var norm = _state.NormSum / StepsPerEpoch;
        var record = new EpochRecord(
            _state.Epoch, _state.Step, trainLoss, validates ? _state.ValidationLoss : double.NaN, _state.LearningRate, norm, _state.Seconds, _state.RowSum / _state.Seconds)
        {
            OutsideRows = _state.OutsideSum,
            ValidationOutsideRows = validates ? _state.ValidationOutside : 0,
        };
        var metrics = MetricsOf(validates ? _metrics : null);
        var report = Progress(_state.Epoch, _state.StepOfEpoch, true, trainLoss, norm, started) with { Metrics = metrics };
        if (_options.StopWhen is { } stop && _options.StopInterval == 0 && stop(report))
            _state.Stopped = true;
        History.Add(record);
        foreach (var metric in metrics)
            History.Add(metric);
        _state.Epoch++;
        _state.StepOfEpoch = 0;
        _state.LossSum = 0;
        _state.WeightSum = 0;
        _state.NormSum = 0;
        _state.RowSum = 0;
        _state.OutsideSum = 0;
        _state.Seconds = 0;
        return (record, metrics, report);
    }

    private MetricRecord[] MetricsOf(ValidationMetrics<T>? metrics)
    {
        if (metrics is null)
            return [];
        var results = metrics.Evaluate();
        var records = new MetricRecord[results.Length];
        for (var i = 0; i < records.Length; i++)
            records[i] = new MetricRecord(_state.Epoch, _state.Step, _options.Metrics[i], results[i]);
        return records;
    }

    private void Copy(DeviceMemory<T> source, DeviceMemory<T> destination)
    {
        var length = _model.Parameters.Length;
        _kernels[0].Copy(new Matrix<T>(source, 0, length, 1, length), new Matrix<T>(destination, 0, length, 1, length), accumulate: false);
    }
}
