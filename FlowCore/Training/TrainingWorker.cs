using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>What a worker of the device owns while a model trains: a queue, a tape and the rows of one block.</summary>
internal sealed class TrainingWorker<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _x;
    private readonly T[] _context;
    private readonly T[] _nuisances;
    private readonly T[] _weights;
    private readonly T[] _seeds;
    private readonly DensityModel<T> _model;

    public TrainingWorker(DensityModel<T> model)
    {
        var rows = model.Device.BlockRows;
        _model = model;
        _x = new T[rows * model.Features];
        _context = new T[rows * model.ContextFeatures];
        _nuisances = new T[rows * model.Nuisances];
        _weights = new T[rows];
        _seeds = new T[rows];
        Kernels = model.Device.CreateKernels<T>();
        Tape = new Tape<T>(Kernels);
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
    /// <param name="losses">Receives the loss of every row.</param>
    /// <returns>The weighted sum of the losses and the sum of the weights.</returns>
    public BlockSums Run(
        ITrainingData<T> data, IObjective<T>? objective, in BatchRequest request, DeviceMemory<T>? gradients, Span<T> losses)
    {
        var rows = request.RowCount;
        var x = _x.AsSpan(0, rows * _model.Features);
        var context = _context.AsSpan(0, rows * _model.ContextFeatures);
        var nuisances = _nuisances.AsSpan(0, rows * _model.Nuisances);
        var weights = _weights.AsSpan(0, rows);
        weights.Fill(T.One);
        data.Fill(request, x, context, nuisances, weights);

        if (gradients is null)
            Tape.Begin(rows, record: false);
        else
            Tape.Begin(rows, _model.Parameters, gradients);
        var xs = Tape.Input(x, _model.Features);
        var contexts = context.IsEmpty ? default : Tape.Input(context, _model.ContextFeatures);
        var nuisanceRows = nuisances.IsEmpty ? default : Tape.Input(nuisances, _model.Nuisances);
        var loss = objective is null
            ? _model.LogDensity(Tape, xs, contexts, nuisanceRows)
            : objective.RowLoss(_model, Tape, xs, contexts, nuisanceRows);
        if (loss.Rows != rows || loss.Columns != 1)
            throw new InvalidOperationException($"Expected a loss of {rows} rows and one column; the objective recorded {loss.Rows} × {loss.Columns}.");
        Tape.ReadValue(loss, losses);

        // The loss is minus the log-density: the sign goes into the seeds instead of an operation of its own.
        var sign = objective is null ? -T.One : T.One;
        var seeds = _seeds.AsSpan(0, rows);
        double lossSum = 0;
        double weightSum = 0;
        for (var row = 0; row < rows; row++)
        {
            var value = sign * losses[row];
            losses[row] = value;
            seeds[row] = sign * weights[row];
            var weight = double.CreateTruncating(weights[row]);
            lossSum += weight * double.CreateTruncating(value);
            weightSum += weight;
        }

        if (gradients is not null)
            Tape.Backward(loss, seeds);
        return new BlockSums(lossSum, weightSum);
    }

    public void Dispose()
    {
        Tape.Dispose();
        Kernels.Dispose();
    }
}
