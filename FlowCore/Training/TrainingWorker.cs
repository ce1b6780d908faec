using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>What a worker of the device has while a model trains: a queue, and of its own a tape and the rows of one block.</summary>
internal sealed class TrainingWorker<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _x;
    private readonly T[] _context;
    private readonly T[] _nuisances;
    private readonly T[] _weights;
    private readonly DensityModel<T> _model;

    /// <param name="model">The model.</param>
    /// <param name="kernels">The worker's queue, which it disposes.</param>
    /// <param name="rows">The rows of a block.</param>
    public TrainingWorker(DensityModel<T> model, Kernels<T> kernels, int rows)
    {
        _model = model;
        _x = new T[rows * model.Features];
        _context = new T[rows * model.ContextFeatures];
        _nuisances = new T[rows * model.Nuisances];
        _weights = new T[rows];
        Kernels = kernels;
        Tape = new Tape<T>(kernels, rows);
    }

    public Kernels<T> Kernels { get; }

    public Tape<T> Tape { get; }

    /// <summary>
    /// Computes the losses of a block and, where there is a buffer for them, adds to it the gradients of their weighted
    /// sum (not yet divided by the sum of the weights, which only the whole batch knows).
    /// </summary>
    /// <param name="data">The source.</param>
    /// <param name="objective">The loss, or null for the negative log-density.</param>
    /// <param name="request">Which rows.</param>
    /// <param name="gradients">The buffer, or null to evaluate only.</param>
    /// <param name="sums">Receives the weighted sum of what was recorded, log-densities or losses, and the sum of the weights.</param>
    /// <param name="at">Where.</param>
    /// <param name="losses">Receives the loss of every row, or empty.</param>
    public void Run(
        ITrainingData<T> data, IObjective<T>? objective, in BatchRequest request, DeviceMemory<T>? gradients, DeviceMemory<double> sums, int at, Span<T> losses)
    {
        var rows = request.RowCount;
        if (gradients is null)
            Tape.Begin(rows, record: false);
        else
            Tape.Begin(rows, _model.Parameters, gradients);
        var block = data is IDeviceTrainingData<T> drawn ? drawn.Draw(request, Tape) : Load(data, request);
        var loss = objective is null
            ? _model.LogDensity(block.X, block.Conditions)
            : objective.RowLoss(_model, block.X, block.Conditions);
        if (loss.Rows != rows || loss.Columns != 1)
            throw new InvalidOperationException($"Expected a loss of {rows} rows and one column, got {loss.Rows} × {loss.Columns} from the objective.");

        // The loss is minus the log-density: the sign goes into the seeds instead of an operation of its own.
        var sign = objective is null ? -T.One : T.One;
        Kernels.WeightedSum(Tape.ValueOf(loss), block.Weights.IsNone ? default : Tape.ValueOf(block.Weights), sums, at);
        if (gradients is not null)
            Tape.Backward(loss, block.Weights, sign);
        if (losses.IsEmpty)
            return;
        Tape.ReadValue(loss, losses);
        if (objective is null)
            TensorPrimitives.Negate(losses, losses);
    }

    /// <summary>Frees the tape. The queue stays.</summary>
    public void Dispose() => Tape.Dispose();

    private TrainingBlock<T> Load(ITrainingData<T> data, in BatchRequest request)
    {
        var rows = request.RowCount;
        var x = _x.AsSpan(0, rows * _model.Features);
        var context = _context.AsSpan(0, rows * _model.ContextFeatures);
        var nuisances = _nuisances.AsSpan(0, rows * _model.Nuisances);
        var weights = _weights.AsSpan(0, rows);
        weights.Fill(T.One);
        data.Fill(request, x, context, nuisances, weights);
        return new TrainingBlock<T>(
            Tape.Input(x, _model.Features),
            ConditionRows.Load<T>(Tape, context, _model.ContextFeatures, nuisances, _model.Nuisances),
            Tape.Input(weights, 1));
    }
}
