using System.Numerics;

namespace FlowCore.Training;

/// <content>How a batch is computed where rows lie outside the model's support, and the layers that look at whole batches.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string AllOutside = "no row of a weight lies inside the support of the model";

    private BatchRequest RequestOf(int epoch, int step)
    {
        var rows = BatchSize;
        if (_data.Rows is { } all)
            rows = (int)Math.Min(rows, all - ((long)step * BatchSize));
        return new BatchRequest(BatchPurpose.Training, epoch, step, BatchSize, 0, rows, _trainingStream);
    }

    // Everything is asked of the device at once; then the sums, a few numbers, are waited for. They are read in place.
    private (BlockSums Sums, ReadOnlyMemory<double> Read) RunGradients(TrainingPasses<T> passes, in BatchRequest request)
    {
        passes.Gradients.LeavesOut = _leavesOut;
        passes.Gradients.Run(_device, request);
        passes.Reduction.Run(_device, passes.Gradients.SlotsUsed);
        var read = passes.ReadSums(passes.SumsOfStep);
        return (passes.Gradients.Total(read.Span), read);
    }

    private BlockSums RunEvaluation(TrainingPasses<T> passes, in BatchRequest request)
    {
        var evaluation = passes.Evaluation!;
        evaluation.LeavesOut = _leavesOut;
        evaluation.Run(_device, request);
        return evaluation.Total(passes.ReadSums(2 * evaluation.Blocks).Span);
    }

    // A batch whose sum is not finite for rows outside alone, where the log-density is −∞, is computed again without them, and from then on every
    // batch is looked at row by row. Rows inside have the same bits either way, so a run may be interrupted before or after.
    private bool LeavesOut(BatchPass<T> pass, in BatchRequest request)
    {
        if (_leavesOut || _objective is not null)
            return false;
        foreach (var loss in pass.Losses(_device, request))
        {
            if (!T.IsFinite(loss) && !T.IsPositiveInfinity(loss))
                return false;
        }

        return _leavesOut = true;
    }

    // From the first batch of the run, whatever the step: a resumed run starts as the first one did.
    private void StartLayers()
    {
        if (_data is NoiseData<T>)
            return;
        var batch = HostBatch<T>.Of(_data, _model.Features, _model.ContextFeatures, [RequestOf(0, 0)]);
        if (batch.X.Length > 0)
            _layers!.Start(batch.X, batch.Context);
    }

    private void FollowBatch(in BatchRequest request)
    {
        if (_data is NoiseData<T>)
            return;
        var batch = HostBatch<T>.Of(_data, _model.Features, _model.ContextFeatures, [request]);
        if (batch.X.Length > 0)
            _layers!.Follow(batch.X, batch.Context, _options.NormalizationMomentum);
    }

    // An endless source has no pass over all of its rows: there the numbers that the steps have left stay.
    private void FollowEpoch()
    {
        if (_data is NoiseData<T> || _data.Rows is null)
            return;
        var requests = new BatchRequest[StepsPerEpoch];
        for (var step = 0; step < requests.Length; step++)
            requests[step] = RequestOf(_state.Epoch, step);
        var batch = HostBatch<T>.Of(_data, _model.Features, _model.ContextFeatures, requests);
        if (batch.X.Length > 0)
            _layers!.Follow(batch.X, batch.Context, momentum: 1);
    }
}
