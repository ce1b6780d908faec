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
    private T[]? _losses;

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
    /// <param name="leavesOut">Whether rows whose log-density is −∞ get the weight 0. The others' sums and gradients have the bits that they have without.</param>
    /// <returns>How many rows of a weight were left out.</returns>
    public int Run(
        ITrainingData<T> data, IObjective<T>? objective, in BatchRequest request, DeviceMemory<T>? gradients, DeviceMemory<double> sums, int at, Span<T> losses, bool leavesOut)
    {
        var rows = request.RowCount;
        if (gradients is null)
            Tape.Begin(rows, record: false);
        else
            Tape.Begin(rows, _model.Parameters, gradients);
        var block = data is IDeviceTrainingData<T> drawn ? drawn.Draw(request, Tape) : Load(data, request);
        if (objective is IBatchObjective<T> ofBatch)
        {
            RunBatch(ofBatch.BatchLoss(_model, block.X, block.Conditions, block.Weights), gradients, sums, at, losses);
            return 0;
        }

        var loss = objective is null
            ? _model.LogDensity(block.X, block.Conditions)
            : objective is IRandomObjective<T> random ? random.RowLoss(_model, block.X, block.Conditions, request.ObjectiveStream(), (ulong)request.FirstRow)
            : objective.RowLoss(_model, block.X, block.Conditions);
        if (loss.Rows != rows || loss.Columns != 1)
            throw new InvalidOperationException($"Expected a loss of {rows} rows and one column, got {loss.Rows} × {loss.Columns} from the objective.");

        // The loss is minus the log-density: the sign goes into the seeds instead of an operation of its own.
        var sign = objective is null ? -T.One : T.One;
        var (summed, weights, outside) = (loss, block.Weights, 0);
        if (leavesOut)
            outside = LeaveOut(loss, ref summed, ref weights);
        Kernels.WeightedSum(Tape.ValueOf(summed), weights.IsNone ? default : Tape.ValueOf(weights), sums, at);
        if (gradients is not null)
            Tape.Backward(loss, weights, sign);
        if (losses.IsEmpty)
            return outside;
        Tape.ReadValue(loss, losses);
        if (objective is null)
            TensorPrimitives.Negate(losses, losses);
        return outside;
    }

    /// <summary>Frees the tape. The queue stays.</summary>
    public void Dispose() => Tape.Dispose();

    // One number, whose weight is 1.
    private void RunBatch(Variable<T> loss, DeviceMemory<T>? gradients, DeviceMemory<double> sums, int at, Span<T> losses)
    {
        if (loss.IsBlock || loss.Rows != 1 || loss.Columns != 1)
            throw new InvalidOperationException($"Expected one number, shared, as the loss of a batch, got {OperandChecks.Shape(loss)} from the objective.");
        Kernels.WeightedSum(Tape.ValueOf(loss), default, sums, at);
        if (gradients is not null)
            Tape.Backward(loss, [T.One]);
        if (losses.IsEmpty)
            return;
        Tape.ReadValue(loss, losses[..1]);
        losses.Fill(losses[0]);
    }

    // 0 · −∞ is no number: the sum is taken of a copy in which such rows are 0, and their seed is their weight, 0.
    private int LeaveOut(Variable<T> loss, ref Variable<T> summed, ref Variable<T> weights)
    {
        var rows = loss.Rows;
        _losses ??= new T[_weights.Length];
        var values = _losses.AsSpan(0, rows);
        var factors = _weights.AsSpan(0, rows);
        Tape.ReadValue(loss, values);
        if (weights.IsNone)
            factors.Fill(T.One);
        else
            Tape.ReadValue(weights, factors);
        var outside = 0;
        for (var row = 0; row < rows; row++)
        {
            if (!T.IsNegativeInfinity(values[row]))
                continue;
            outside += factors[row] > T.Zero ? 1 : 0;
            values[row] = T.Zero;
            factors[row] = T.Zero;
        }

        summed = Tape.Input(values, 1);
        weights = Tape.Input(factors, 1);
        return outside;
    }

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
