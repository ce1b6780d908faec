using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>One call of a model on many rows, cut into blocks: the description of the call.</summary>
/// <remarks>
/// A call has it to itself and hands it back to the model's <see cref="CallWorkspace{T}"/>, from which the blocks get their
/// tapes: calls from several threads, and calls within a call, never meet in one.
/// </remarks>
internal sealed unsafe class BlockStream<T>(DensityModel<T> model, CallWorkspace<T> workspace) : IParallelWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BinaryOperation<T> _subtract = BinaryOperation<T>.Of(BinaryFunction.Subtract);

    // A device with large blocks is given as much memory as a call needs, but not in small steps.
    private const int SmallestCapacity = 1024;

    private int _capacity;
    private int _nonFinite;

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
        if (!model.AllowNonFinite)
        {
            if (ContextIsShared)
                CheckFinite(new ReadOnlySpan<T>(Context, model.ContextFeatures), 0, model.ContextFeatures, "context");
            if (NuisancesAreShared)
                CheckFinite(new ReadOnlySpan<T>(Nuisances, model.Nuisances), 0, model.Nuisances, "nuisances");
        }

        while (true)
        {
            _capacity = (int)Math.Min(workspace.BlockRows, BitOperations.RoundUpToPowerOf2((uint)Math.Max(Rows, SmallestCapacity)));
            _nonFinite = 0;
            try
            {
                model.Device.Run(this, (Rows + _capacity - 1) / _capacity);
                workspace.CountNonFinite(_nonFinite);
                return;
            }
            catch (DeviceMemoryException) when (_capacity > SmallestCapacity)
            {
                // The rows that were done already are done again, with the same results.
                workspace.Shrink(_capacity / 2);
            }
        }
    }

    public void Run(int item, int worker)
    {
        var mine = workspace.TakeTape(worker, _capacity);
        try
        {
            Run(mine, item);
            CountNonFinite(item);
        }
        finally
        {
            workspace.Return(worker, mine);
        }
    }

    private void Run(BlockTape<T> mine, int item)
    {
        var start = item * _capacity;
        var rows = Math.Min(_capacity, Rows - start);
        var tape = mine.Tape;
        tape.Begin(rows, record: Task == BlockTask.Gradient);
        var differentiated = ContextGradient != null || NuisanceGradient != null;
        var conditions = LoadConditions(mine, start, rows, differentiated);
        var features = model.Features;
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
                    Store(tape, z, Values, start, rows, model.NoiseFeatures);
                    Store(tape, logDet, Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.FromNoise:
                {
                    var z = Load(mine, X, model.NoiseFeatures, start, rows, differentiate: false, "z");
                    var x = model.FromNoise(z, conditions, out var logDet);
                    Store(tape, x, Values, start, rows, features);
                    Store(tape, logDet, Scalars, start, rows, 1);
                    break;
                }

            case BlockTask.Sample:
                {
                    var z = model.DrawNoise(tape, Noise, FirstRow + (ulong)start, conditions);
                    if (Scalars == null)
                    {
                        Store(tape, model.PointOf(z, conditions), Values, start, rows, features);
                        break;
                    }

                    // Before the inverse, which may hand the memory of z to others.
                    var logDensity = model.NoiseLogDensity(z, conditions);
                    var x = model.FromNoise(z, conditions, out var logDet);
                    Store(tape, x, Values, start, rows, features);
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
                    var x = Load(mine, X, InputColumns, start, rows, differentiate: false, "x");
                    var values = Map!.Apply(tape, x, conditions, out var scalars);
                    Store(tape, values, Values, start, rows, Map.Columns);
                    if (!scalars.IsNone)
                        Store(tape, scalars, Scalars, start, rows, 1);
                    break;
                }
        }
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

    private void CountNonFinite(int item)
    {
        var start = item * _capacity;
        var rows = Math.Min(_capacity, Rows - start);
        var columns = Map?.Columns ?? (Task == BlockTask.ToNoise ? model.NoiseFeatures : model.Features);
        if (AreFinite(Values, start, rows, columns) && AreFinite(Scalars, start, rows, 1) && AreFinite(XGradient, start, rows, model.Features)
            && AreFinite(ContextGradient, start, rows, model.ContextFeatures) && AreFinite(NuisanceGradient, start, rows, model.Nuisances))
        {
            return;
        }

        var count = 0;
        for (var row = start; row < start + rows; row++)
        {
            var isLost = !AreFinite(Values, row, 1, columns) || !AreFinite(Scalars, row, 1, 1) || !AreFinite(XGradient, row, 1, model.Features)
                || !AreFinite(ContextGradient, row, 1, model.ContextFeatures) || !AreFinite(NuisanceGradient, row, 1, model.Nuisances);
            if (isLost && (!model.AllowNonFinite || IsGivenFinite(row)))
                count++;
        }

        Interlocked.Add(ref _nonFinite, count);
    }

    private int InputColumns => Task == BlockTask.FromNoise ? model.NoiseFeatures : Map is { InputColumns: > 0 } map ? map.InputColumns : model.Features;

    private bool IsGivenFinite(int row) =>
        AreFinite(X, row, 1, InputColumns)
        && AreFinite(Context, ContextIsShared ? 0 : row, 1, model.ContextFeatures)
        && AreFinite(Nuisances, NuisancesAreShared ? 0 : row, 1, model.Nuisances);

    private static bool AreFinite(T* numbers, int start, int rows, int columns) =>
        numbers == null || IsFinite(new ReadOnlySpan<T>(numbers + ((long)start * columns), rows * columns));

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

    private Variable<T> Load(BlockTape<T> mine, T* source, int columns, int start, int rows, bool differentiate, string name)
    {
        var values = new ReadOnlySpan<T>(source + ((long)start * columns), rows * columns);
        if (!model.AllowNonFinite)
            CheckFinite(values, start, columns, name);
        return mine.Tape.Input(values, columns, differentiate);
    }

    // Context and nuisances side by side: one row for all events where both have one, or else a row for each.
    private Variable<T> LoadConditions(BlockTape<T> mine, int start, int rows, bool differentiate)
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
}
