using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Inference;

/// <summary>A functional of draws, block by block on all workers of the model's device, and on demand its gradient.</summary>
/// <remarks>
/// Block b adds its gradients to slot b mod S, slots are summed in their order: the bits do not depend on the number of threads. Row i has the noise of row i of
/// <c>model.Sample</c>; an antithetic pair takes the places 2i and 2i + 1.
/// </remarks>
internal sealed class ExpectationPass<T> : IParallelWork, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // On a device of large blocks a call does not need the memory of a block of all of them.
    private const int LargestBlock = 1 << 13;

    private readonly DensityModel<T> _model;
    private readonly IRowFunctional<T> _functional;
    private readonly RandomStream _stream;
    private readonly bool _pairs;
    private readonly int _units;
    private readonly int _blockRows;
    private readonly int _blocks;
    private readonly int _slotCount;
    private readonly bool _sharedConditions;
    private readonly T[] _context;
    private readonly T[] _nuisances;
    private readonly Kernels<T>?[] _kernels;
    private readonly Tape<T>?[] _tapes;
    private readonly DeviceMemory<T>[] _slots;
    private readonly double[][] _conditionSums;

    /// <param name="model">What draws.</param>
    /// <param name="functional">What is averaged.</param>
    /// <param name="options">How many rows.</param>
    /// <param name="conditions">Rows of context and of nuisances.</param>
    /// <param name="withGradients">Whether there will be gradients of the mean.</param>
    public ExpectationPass(DensityModel<T> model, IRowFunctional<T> functional, ExpectationOptions options, Conditions<T> conditions, bool withGradients = false)
    {
        options.Check();
        _model = model;
        _functional = functional;
        _stream = new RandomStream(options.Seed);
        _pairs = options.Antithetic;
        _units = _pairs ? options.Count / 2 : options.Count;
        _context = RepeatedRows.Check(conditions.Context, model.ContextFeatures, "context");
        _nuisances = RepeatedRows.Check(conditions.Nuisances, model.Nuisances, "nuisances");
        _sharedConditions = !withGradients && _context.Length <= model.ContextFeatures && _nuisances.Length <= model.Nuisances;
        _blockRows = Math.Min(model.BlockRows, LargestBlock);
        _blocks = (_units + _blockRows - 1) / _blockRows;
        _slotCount = Math.Min(_blocks, withGradients ? TrainingPasses<T>.MaximumSlots : _blocks);
        _kernels = new Kernels<T>?[model.Device.Workers];
        _tapes = new Tape<T>?[model.Device.Workers];
        _conditionSums = new double[withGradients ? _slotCount : 0][];
        for (var i = 0; i < _conditionSums.Length; i++)
            _conditionSums[i] = new double[model.ConditionColumns];
        var hasParameters = withGradients && model.Parameters.Parameters.Any(parameter => parameter.Trainable);
        _slots = new DeviceMemory<T>[hasParameters ? _slotCount : 0];
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = KernelsOf(0).Allocate(model.Parameters.Length);
            KernelsOf(0).Fill(Whole(_slots[i]), T.Zero);
        }

        Values = new T[checked(options.Count * functional.Columns)];
    }

    /// <summary>F of every row, row-major.</summary>
    public T[] Values { get; }

    /// <summary>The first column as numbers in double.</summary>
    public double[] Numbers => Array.ConvertAll(Values, value => double.CreateTruncating(value));

    /// <summary>Evaluates all rows.</summary>
    public void Run() => _model.Device.Run(this, _slotCount);

    /// <inheritdoc/>
    public void Run(int item, int worker)
    {
        var tape = _tapes[worker] ??= new Tape<T>(KernelsOf(worker), _blockRows);
        for (var block = item; block < _blocks; block += _slotCount)
        {
            RunBlock(tape, block, item, opposite: false);
            if (_pairs)
                RunBlock(tape, block, item, opposite: true);
        }
    }

    /// <summary>The gradient of the mean by the parameters.</summary>
    public IReadOnlyDictionary<string, Tensor<T>> ParameterGradients()
    {
        var sums = new OrderedDictionary<string, Tensor<T>>(StringComparer.Ordinal);
        foreach (var slot in _slots)
        {
            foreach (var (name, gradient) in new GradientReader<T>(_model.Parameters, KernelsOf(0), slot).ReadAll(1))
                sums[name] = sums.TryGetValue(name, out var sum) ? Tensor.Add<T>(sum, gradient) : gradient;
        }

        return sums;
    }

    /// <summary>The gradient of the mean by the conditions, those of the context first.</summary>
    public double[] ConditionGradients()
    {
        var sums = new double[_model.ConditionColumns];
        foreach (var slot in _conditionSums)
            TensorPrimitives.Add(sums, slot, sums);
        return sums;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tape in _tapes)
            tape?.Dispose();
        foreach (var slot in _slots)
            slot?.Dispose();
        foreach (var kernels in _kernels)
            kernels?.Dispose();
    }

    private static Matrix<T> Whole(DeviceMemory<T> memory) => new(memory, 0, (int)memory.Length, 1, (int)memory.Length);

    private Kernels<T> KernelsOf(int worker) => _kernels[worker] ??= _model.Device.CreateKernels<T>();

    private void RunBlock(Tape<T> tape, int block, int slot, bool opposite)
    {
        var start = block * _blockRows;
        var rows = Math.Min(_blockRows, _units - start);
        var differentiates = _conditionSums.Length > 0;
        if (_slots.Length > 0)
            tape.Begin(rows, _model.Parameters, _slots[slot]);
        else
            tape.Begin(rows, record: differentiates);
        var conditions = LoadConditions(tape, start, rows, differentiates);
        var sample = TapeSample<T>.OfNoise(_model, Draw(tape, start, conditions, opposite), conditions);
        var values = _functional.Evaluate(sample);
        if (values.Rows != rows || !values.IsBlock || values.Columns != _functional.Columns)
            throw new InvalidOperationException($"Expected {rows} rows of {_functional.Columns} numbers, got {OperandChecks.Shape(values)} from the functional.");
        Store(tape, values, start, rows, opposite);
        if (!differentiates)
            return;
        tape.Backward(values, default, T.CreateTruncating(1.0 / (_pairs ? 2.0 * _units : _units)));
        if (conditions.IsNone)
            return;
        var columns = conditions.Columns;
        var adjoints = new T[rows * columns];
        tape.ReadAdjoint(conditions, adjoints);
        for (var i = 0; i < adjoints.Length; i++)
            _conditionSums[slot][i % columns] += double.CreateTruncating(adjoints[i]);
    }

    private void Store(Tape<T> tape, Variable<T> values, int start, int rows, bool opposite)
    {
        var columns = _functional.Columns;
        if (!_pairs)
        {
            tape.ReadValue(values, Values.AsSpan(start * columns, rows * columns));
            return;
        }

        var read = new T[rows * columns];
        tape.ReadValue(values, read);
        for (var row = 0; row < rows; row++)
            read.AsSpan(row * columns, columns).CopyTo(Values.AsSpan(((2 * (start + row)) + (opposite ? 1 : 0)) * columns));
    }

    private Variable<T> Draw(Tape<T> tape, int start, Variable<T> conditions, bool opposite)
    {
        if (!opposite)
            return _model.DrawNoise(tape, _stream, (ulong)start, conditions);
        var distribution = _model.BaseDistribution;
        var numbers = distribution.RandomNumbers;
        var random = tape.Draw(distribution.RandomDistribution, _stream, (ulong)start * (ulong)numbers, numbers);
        var mirrored = distribution.RandomDistribution == RandomDistribution.Normal ? -random : T.One - random;
        return distribution.FromRandom(mirrored, Transform<T>.Leading(conditions, distribution.ConditionColumns));
    }

    private Variable<T> LoadConditions(Tape<T> tape, int start, int rows, bool differentiates)
    {
        var (c, k) = (_model.ContextFeatures, _model.Nuisances);
        if (c + k == 0)
            return default;
        if (_sharedConditions)
            return tape.SharedRow([.. _context, .. _nuisances]);
        var (context, nuisances) = (new T[rows * c], new T[rows * k]);
        RepeatedRows.Fill(_context, c, start, context);
        RepeatedRows.Fill(_nuisances, k, start, nuisances);
        return ConditionRows.Load<T>(tape, context, c, nuisances, k, differentiates);
    }
}
