using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Training;

/// <summary>Updates of a model's parameters in a training loop of one's own: <see cref="Begin"/>, <see cref="Accumulate"/>, <see cref="Step"/>.</summary>
/// <remarks>
/// <para>
/// <see cref="Begin"/> starts a block of rows on the optimiser's tape; the caller records a loss there, a number a row;
/// <see cref="Accumulate"/> adds its gradient; <see cref="Step"/> updates. The loss of a step is the weighted mean
/// Σ wᵢ lᵢ / Σ wᵢ over the rows of all blocks since the step before, so a batch may come in as many blocks as are convenient. What
/// was accumulated can be read until the first <see cref="Accumulate"/> after a step, which starts a new sum.
/// </para>
/// <para>
/// A batch in one block gives the bits of a step of <see cref="Trainer{T}"/> with such a block. Parameters that are not trainable when the
/// optimiser is made keep their bits. One optimiser serves one store: parameters of other stores are constants on its tape. Once
/// warm, nothing is allocated on the managed heap but by <see cref="Gradients"/>.
/// </para>
/// <para>Not thread-safe; nobody else may change the parameters meanwhile.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class Optimiser<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // So many blocks leave their sums on the device before the host looks at them.
    private const int PendingBlocks = 64;

    private readonly OptimiserSettings _settings;
    private readonly Device _device;
    private readonly Kernels<T>[] _kernels;
    private readonly ParameterChunk[] _chunks;
    private readonly DeviceMemory<T> _gradients;
    private readonly DeviceMemory<T> _firstMoment;
    private readonly DeviceMemory<T> _secondMoment;
    private readonly DeviceMemory<double> _sums;
    private readonly double[] _read;
    private readonly GradientReduction<T> _reduction;
    private readonly OptimiserPass<T> _update;
    private readonly GradientReader<T> _reader;
    private Tape<T>? _tape;
    private int _capacity;
    private int _pending;
    private bool _isComplete = true;
    private double _loss;
    private double _weight;
    private bool _disposed;

    /// <summary>Creates an optimiser of a model's parameters.</summary>
    /// <param name="model">The model; a factorizable flow's are those of its residual.</param>
    /// <param name="settings">The update rule; null for AdamW at 10⁻³.</param>
    /// <exception cref="ArgumentException">The model has no parameter that can be trained.</exception>
    public Optimiser(DensityModel<T> model, OptimiserSettings? settings = null)
        : this((model ?? throw new ArgumentNullException(nameof(model))).Parameters, settings)
    {
    }

    /// <summary>Creates an optimiser of any parameters, for example those of several networks in one store.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="settings">The update rule; null for AdamW at 10⁻³.</param>
    /// <exception cref="ArgumentException">None of the parameters can be trained.</exception>
    public Optimiser(ParameterStore<T> parameters, OptimiserSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        parameters.ThrowIfDisposed();
        _chunks = ParameterChunk.Cut(parameters);
        if (_chunks.Length == 0)
            throw new ArgumentException("Expected a parameter that can be trained, got none.", nameof(parameters));
        _settings = settings ?? OptimiserSettings.AdamW();
        LearningRate = _settings.LearningRate;
        Parameters = parameters;
        _device = parameters.Device;
        _kernels = new Kernels<T>[_device.Workers];
        for (var i = 0; i < _kernels.Length; i++)
            _kernels[i] = _device.CreateKernels<T>();
        _gradients = _kernels[0].Allocate(parameters.Length);
        _firstMoment = _kernels[0].Allocate(parameters.Length);
        _secondMoment = _kernels[0].Allocate(parameters.Length);
        _read = new double[(2 * PendingBlocks) + _chunks.Length];
        _sums = _kernels[0].AllocateSums(_read.Length);
        _reduction = new GradientReduction<T>(_kernels, [_gradients], _chunks, _sums, 2 * PendingBlocks);
        _update = new OptimiserPass<T>(_kernels, _chunks, parameters.Memory, _gradients, _firstMoment, _secondMoment);
        _reader = new GradientReader<T>(parameters, _kernels[0], _gradients);
    }

    /// <summary>What is updated.</summary>
    public ParameterStore<T> Parameters { get; }

    /// <summary>The rate of the next step, at least 0; starts as that of the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or not finite.</exception>
    public double LearningRate
    {
        get;
        set => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a finite rate of at least 0.");
    }

    /// <summary>The largest norm of the whole gradient; a longer one is scaled down to it in <see cref="Step"/>. Null for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The norm is not above 0.</exception>
    public double? GradientClip
    {
        get;
        set => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Expected a norm above 0.");
    }

    /// <summary>How many updates were made.</summary>
    public long Updates { get; private set; }

    /// <summary>The norm of the whole gradient of the last step, before clipping; 0 before the first.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>Starts a block whose backward sweep reaches the optimiser's parameters; variables of the block before are no longer valid.</summary>
    /// <param name="rows">The rows of the block, at least 1.</param>
    /// <returns>The tape, which stays the optimiser's. A larger block than all before takes new memory.</returns>
    public Tape<T> Begin(int rows)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        if (_tape is null || rows > _capacity)
        {
            _tape?.Dispose();
            _capacity = (rows + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum;
            _tape = new Tape<T>(_kernels[0], _capacity);
        }

        _tape.Begin(rows, Parameters, _gradients);
        return _tape;
    }

    /// <summary>Adds the gradient of a block's losses, once a block.</summary>
    /// <param name="loss">[rows, 1], recorded on the tape of <see cref="Begin"/>: the loss of each row.</param>
    /// <param name="weights">[rows, 1], or "no variable" for ones.</param>
    /// <exception cref="ArgumentException">A variable is of another tape or an earlier block, has another shape, or depends on none of the parameters.</exception>
    /// <exception cref="InvalidOperationException">The block was accumulated before.</exception>
    public void Accumulate(Variable<T> loss, Variable<T> weights = default)
    {
        ThrowIfDisposed();
        if (_tape is null || !ReferenceEquals(loss.Tape, _tape))
            throw new ArgumentException($"Expected a loss on the tape that {nameof(Begin)} gave, got {(loss.IsNone ? "no variable" : "one on another tape")}.", nameof(loss));
        if (!loss.IsBlock || loss.Columns != 1)
            throw new ArgumentException($"Expected a block of one column, got {OperandChecks.Shape(loss)}.", nameof(loss));
        if (!_tape.NeedsAdjoint(loss.Id))
            throw new ArgumentException("Expected a loss that depends on the optimiser's parameters, got one that depends on none of them.", nameof(loss));
        if (_isComplete)
            ZeroGradients();
        if (_pending == PendingBlocks)
            TakeSums(2 * PendingBlocks);
        _tape.Backward(loss, weights, T.One);
        _kernels[0].WeightedSum(_tape.ValueOf(loss), weights.IsNone ? default : _tape.ValueOf(weights), _sums, 2 * _pending);
        _pending++;
    }

    /// <summary>Updates the parameters with the gradient of the weighted mean of all losses that were accumulated since the step before.</summary>
    /// <returns>That mean, before the update; NaN, and no update, where all weights are 0.</returns>
    /// <exception cref="InvalidOperationException">Nothing was accumulated, or the sum of the weights is negative.</exception>
    /// <exception cref="TrainingDivergedException">The loss or the gradient is NaN or infinite; nothing was updated.</exception>
    public double Step()
    {
        ThrowIfDisposed();
        if (_isComplete)
            throw new InvalidOperationException($"Expected a call of {nameof(Accumulate)} before {nameof(Step)}, got none.");

        // Everything is asked of the device at once; then a few numbers are waited for.
        _reduction.Run(_device, 1);
        TakeSums(_read.Length);
        _isComplete = true;
        var loss = _loss / _weight;
        GradientNorm = 0;
        if (_weight < 0)
            throw new InvalidOperationException($"Expected weights with a sum of at least 0, got {_weight}.");
        if (_weight == 0)
            return loss;
        GradientNorm = Math.Sqrt(_reduction.Total(_read)) / _weight;
        if (!double.IsFinite(loss) || !double.IsFinite(GradientNorm))
            throw new TrainingDivergedException($"Expected a finite loss and gradient, got {loss} with a gradient of norm {GradientNorm} in update {Updates + 1}.");
        _update.Run(_device, _settings.StepOf(++Updates, LearningRate, GradientReduction<T>.ScaleOf(_weight, GradientNorm, GradientClip)));
        return loss;
    }

    /// <summary>Drops what was accumulated. After a step it need not be called.</summary>
    public void ZeroGradients()
    {
        ThrowIfDisposed();
        var length = Parameters.Length;
        _kernels[0].Fill(new Matrix<T>(_gradients, 0, length, 1, length), T.Zero);
        _pending = 0;
        _loss = 0;
        _weight = 0;
        _isComplete = false;
    }

    /// <summary>Copies the gradient of one parameter, before clipping: that of the weighted mean of what was accumulated.</summary>
    /// <param name="parameter">A trainable parameter of <see cref="Parameters"/>.</param>
    /// <param name="destination">Receives Rows · Columns numbers, row-major in canonical order.</param>
    /// <exception cref="ArgumentException">The parameter is not among those that are trained, or the destination has another length.</exception>
    public void ReadGradient(Parameter<T> parameter, Span<T> destination) => _reader.Read(parameter, WeightSum(), destination);

    /// <summary>The gradients of all trainable parameters by their names, in the order of the state, as <see cref="ReadGradient"/> gives them.</summary>
    /// <returns>A matrix [Rows, Columns], or a vector, for each name.</returns>
    public IReadOnlyDictionary<string, Tensor<T>> Gradients() => _reader.ReadAll(WeightSum());

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _tape?.Dispose();
        _gradients.Dispose();
        _firstMoment.Dispose();
        _secondMoment.Dispose();
        _sums.Dispose();
        foreach (var kernels in _kernels)
            kernels.Dispose();
    }

    private void ThrowIfDisposed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Parameters.ThrowIfDisposed();
    }

    private double WeightSum()
    {
        ThrowIfDisposed();
        if (_pending > 0)
            TakeSums(2 * _pending);
        return _weight;
    }

    // Adds the sums of the pending blocks in their order.
    private void TakeSums(int count)
    {
        _kernels[0].ReadSums(_sums, _read.AsSpan(0, count));
        for (var block = 0; block < _pending; block++)
        {
            _loss += _read[2 * block];
            _weight += _read[(2 * block) + 1];
        }

        _pending = 0;
    }
}
