using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>
/// One call of a model on many rows, cut into blocks: the description of the call, and for each worker a tape and host memory
/// that live as long as the model.
/// </summary>
/// <remarks>The model's lock protects it: one call at a time. Within the call each worker touches its own entry only.</remarks>
internal sealed unsafe class BlockStream<T>(DensityModel<T> model) : IParallelWork, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BinaryOperation<T> _subtract = BinaryOperation<T>.Of(BinaryFunction.Subtract);

    // A device with large blocks is given as much memory as a call needs, but not in small steps.
    private const int SmallestCapacity = 1024;

    private readonly Worker?[] _workers = new Worker?[model.Device.Workers];
    private int _blockRows = model.Device.BlockRows;
    private int _capacity;
    private bool _disposed;

    public BlockTask Task;
    public int Rows;
    public T* X;
    public T* Context;
    public bool ContextIsShared;
    public T* Nuisances;
    public bool NuisancesAreShared;
    public RandomStream Noise;
    public ulong FirstRow;
    public T* Values;
    public T* Scalars;
    public T* XGradient;
    public T* ContextGradient;
    public T* NuisanceGradient;
    public IBlockMap<T>? Map;

    /// <summary>Runs all blocks of the call.</summary>
    public void RunAll()
    {
        ObjectDisposedException.ThrowIf(_disposed, model);
        if (!model.AllowNonFinite)
        {
            if (ContextIsShared)
                CheckFinite(new ReadOnlySpan<T>(Context, model.ContextFeatures), 0, model.ContextFeatures, "context");
            if (NuisancesAreShared)
                CheckFinite(new ReadOnlySpan<T>(Nuisances, model.Nuisances), 0, model.Nuisances, "nuisances");
        }

        while (true)
        {
            var capacity = (int)Math.Min(_blockRows, BitOperations.RoundUpToPowerOf2((uint)Math.Max(Rows, SmallestCapacity)));
            if (capacity > _capacity)
            {
                DisposeWorkers();
                _capacity = capacity;
            }

            try
            {
                model.Device.Run(this, (Rows + _capacity - 1) / _capacity);
                return;
            }
            catch (DeviceMemoryException) when (_capacity > SmallestCapacity)
            {
                // The rows that were done already are done again, with the same results.
                DisposeWorkers();
                _blockRows = _capacity / 2;
                _capacity = 0;
            }
        }
    }

    public void Run(int item, int worker)
    {
        var mine = _workers[worker] ??= new Worker(model, _capacity);
        var start = item * _capacity;
        var rows = Math.Min(_capacity, Rows - start);
        var tape = mine.Tape;
        tape.Begin(rows, record: Task == BlockTask.Gradient);
        var differentiated = ContextGradient != null || NuisanceGradient != null;
        var conditions = LoadConditions(mine, start, rows, differentiated);
        var (features, noiseFeatures) = (model.Features, model.NoiseFeatures);
        switch (Task)
        {
            case BlockTask.LogDensity:
                {
                    var x = Load(mine, X, features, start, rows, differentiate: false, "x");
                    Store(tape, model.LogDensity(x, conditions), Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.ToNoise:
                {
                    var x = Load(mine, X, features, start, rows, differentiate: false, "x");
                    var z = model.ToNoise(x, conditions, out var logDet);
                    Store(tape, z, Values, start, rows, noiseFeatures);
                    Store(tape, logDet, Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.FromNoise:
                {
                    var z = Load(mine, X, noiseFeatures, start, rows, differentiate: false, "z");
                    var x = model.FromNoise(z, conditions, out var logDet);
                    Store(tape, x, Values, start, rows, features);
                    Store(tape, logDet, Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.Sample:
                {
                    var z = model.DrawNoise(tape, Noise, FirstRow + (ulong)start, conditions);
                    // Before the inverse, which may hand the memory of z to others.
                    var logDensity = Scalars == null ? default : model.NoiseLogDensity(z, conditions);
                    var x = model.FromNoise(z, conditions, out var logDet);
                    Store(tape, x, Values, start, rows, features);
                    if (Scalars != null)
                        Store(tape, tape.Apply(_subtract, [logDensity, logDet], 1), Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.Gradient:
                {
                    var x = Load(mine, X, features, start, rows, XGradient != null, "x");
                    var logDensity = model.LogDensity(x, conditions);
                    Store(tape, logDensity, Scalars, start, rows, 1);
                    tape.Backward(logDensity, default, T.One);
                    StoreAdjoint(tape, x, XGradient, start, rows, features);
                    if (ContextGradient != null)
                        StoreAdjoint(tape, tape.Slice(conditions, 0, model.ContextFeatures), ContextGradient, start, rows, model.ContextFeatures);
                    if (NuisanceGradient != null)
                        StoreAdjoint(tape, tape.Slice(conditions, model.ContextFeatures, model.Nuisances), NuisanceGradient, start, rows, model.Nuisances);
                    break;
                }

            default:
                {
                    var x = Load(mine, X, features, start, rows, differentiate: false, "x");
                    var values = Map!.Apply(tape, x, conditions, out var scalars);
                    Store(tape, values, Values, start, rows, Map.Columns);
                    if (!scalars.IsNone)
                        Store(tape, scalars, Scalars, start, rows, 1);
                    break;
                }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        DisposeWorkers();
    }

    private static void Store(Tape<T> tape, Variable<T> variable, T* destination, int start, int rows, int columns)
    {
        if (destination != null)
            tape.ReadValue(variable, new Span<T>(destination + ((long)start * columns), rows * columns));
    }

    private static void StoreAdjoint(Tape<T> tape, Variable<T> variable, T* destination, int start, int rows, int columns)
    {
        if (destination != null)
            tape.ReadAdjoint(variable, new Span<T>(destination + ((long)start * columns), rows * columns));
    }

    private static void CheckFinite(ReadOnlySpan<T> values, int firstRow, int columns, string name)
    {
        if (IsFinite(values))
            return;
        for (var i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"Expected finite numbers, got {values[i]} in row {firstRow + (i / columns)}, column {i % columns} of '{name}'.", name);
            }
        }
    }

    // x · 0 is 0 for finite x and NaN for all others, and NaN survives the sum.
    private static bool IsFinite(ReadOnlySpan<T> values)
    {
        var sum = Vector<T>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<T>.Count; i += Vector<T>.Count)
            sum += new Vector<T>(values[i..]) * T.Zero;
        var total = Vector.Sum(sum);
        for (; i < values.Length; i++)
            total += values[i] * T.Zero;
        return total == T.Zero;
    }

    private void DisposeWorkers()
    {
        foreach (var worker in _workers)
            worker?.Dispose();
        Array.Clear(_workers);
    }

    private Variable<T> Load(Worker mine, T* source, int columns, int start, int rows, bool differentiate, string name)
    {
        var values = new ReadOnlySpan<T>(source + ((long)start * columns), rows * columns);
        if (!model.AllowNonFinite)
            CheckFinite(values, start, columns, name);
        return mine.Tape.Input(values, columns, differentiate);
    }

    // Context and nuisances side by side: one row for all events where both have one, or else a row for each.
    private Variable<T> LoadConditions(Worker mine, int start, int rows, bool differentiate)
    {
        var (contextColumns, nuisanceColumns) = (model.ContextFeatures, model.Nuisances);
        if (contextColumns + nuisanceColumns == 0)
            return default;
        if ((contextColumns == 0 || ContextIsShared) && (nuisanceColumns == 0 || NuisancesAreShared) && !differentiate)
        {
            var row = mine.ConditionRow.AsSpan();
            new ReadOnlySpan<T>(Context, contextColumns).CopyTo(row);
            new ReadOnlySpan<T>(Nuisances, nuisanceColumns).CopyTo(row[contextColumns..]);
            return mine.Tape.SharedRow(row);
        }

        var context = RowsOf(Context, ContextIsShared, contextColumns, start, rows, mine.Context, "context");
        var nuisances = RowsOf(Nuisances, NuisancesAreShared, nuisanceColumns, start, rows, mine.Nuisances, "nuisances");
        return ConditionRows.Load(mine.Tape, context, contextColumns, nuisances, nuisanceColumns, differentiate);
    }

    private ReadOnlySpan<T> RowsOf(T* source, bool shared, int columns, int start, int rows, T[] copies, string name)
    {
        if (shared)
        {
            // Each row has a gradient of its own, and stands beside others, so each gets its copy.
            for (var row = 0; row < rows; row++)
                new ReadOnlySpan<T>(source, columns).CopyTo(copies.AsSpan(row * columns));
            return copies.AsSpan(0, rows * columns);
        }

        var values = new ReadOnlySpan<T>(source + ((long)start * columns), rows * columns);
        if (!model.AllowNonFinite)
            CheckFinite(values, start, columns, name);
        return values;
    }

    private sealed class Worker : IDisposable
    {
        private readonly Kernels<T> _kernels;

        public Worker(DensityModel<T> model, int blockRows)
        {
            _kernels = model.Device.CreateKernels<T>();
            Tape = new Tape<T>(_kernels, blockRows);
            Context = new T[blockRows * model.ContextFeatures];
            Nuisances = new T[blockRows * model.Nuisances];
            ConditionRow = new T[model.ConditionColumns];
        }

        public Tape<T> Tape { get; }

        public T[] Context { get; }

        public T[] Nuisances { get; }

        public T[] ConditionRow { get; }

        public void Dispose()
        {
            Tape.Dispose();
            _kernels.Dispose();
        }
    }
}
