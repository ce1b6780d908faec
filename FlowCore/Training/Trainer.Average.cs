using System.Numerics;

namespace FlowCore.Training;

/// <content>The exponential average of the weights, which is what is validated and kept while the weights themselves go on.</content>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DeviceMemory<T>? _average;
    private readonly DeviceMemory<T>? _held;
    private bool _holds;

    /// <summary>Gives the model the average of the weights, as <see cref="Run"/> does at its end where no best epoch is kept. A run that goes on goes on from there.</summary>
    /// <returns>Whether there is one: not without <see cref="TrainingOptions.WeightAveraging"/>, nor before the first step.</returns>
    public bool RestoreAverage()
    {
        using var use = new Use(this);
        _model.Parameters.ThrowIfDisposed();
        if (_average is null || _state.Updates == 0)
            return false;
        Copy(_average, _model.Parameters.Memory);
        return true;
    }

    // a ← d a + (1 − d) w with d = min(decay, (1 + n) / (10 + n)) after n updates more than the first, whose weights it starts with: an average of few steps forgets
    // them soon. Weights that are not trained are copied once and keep their bits.
    private void AddToAverage()
    {
        if (_average is null)
            return;
        if (_state.Updates == 1)
        {
            Copy(_model.Parameters.Memory, _average);
            return;
        }

        double count = _state.Updates - 1;
        var decay = Math.Min(_options.WeightAveraging!.Value, (1 + count) / (10 + count));
        foreach (var chunk in _chunks)
        {
            var average = View(_average, chunk);
            _kernels[0].ScaleShift(average, T.CreateTruncating(decay), T.Zero, average, accumulate: false);
            _kernels[0].ScaleShift(View(_model.Parameters.Memory, chunk), T.CreateTruncating(1 - decay), T.Zero, average, accumulate: true);
        }
    }

    /// <summary>Puts the average in the model until <see cref="GoOnWithWeights"/>.</summary>
    /// <returns>Whether it was put there now.</returns>
    private bool EvaluateAverage()
    {
        if (_average is null || _holds || _state.Updates == 0)
            return false;
        Copy(_model.Parameters.Memory, _held!);
        Copy(_average, _model.Parameters.Memory);
        return _holds = true;
    }

    private void GoOnWithWeights(bool wasPut)
    {
        if (!wasPut)
            return;
        Copy(_held!, _model.Parameters.Memory);
        _holds = false;
    }

    private static Matrix<T> View(DeviceMemory<T> memory, ParameterChunk chunk) =>
        new(memory, chunk.Start, checked((int)chunk.Length), 1, checked((int)chunk.Length));
}
