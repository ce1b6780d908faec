using System.Numerics;
using System.Runtime.InteropServices;
using FlowCore.Random;

namespace FlowCore.Autodiff;

/// <summary>
/// Reverse-mode automatic differentiation of one block of rows: operations are computed as they are called and, while
/// recording, remembered; <see cref="Backward(Variable{T}, ReadOnlySpan{T})"/> walks them in reverse.
/// </summary>
/// <remarks>
/// <para>
/// Operations work on whole matrices, so a training step records a few dozen entries and the walk costs nothing beside
/// the kernels. All memory is planned: the values live until the next block begins, an adjoint is taken at its
/// first contribution and handed back when the operation that made the variable has used it. After the first block of a
/// kind nothing is allocated.
/// </para>
/// <para>Not thread-safe: a tape belongs to one worker. After <see cref="Dispose"/> every use is an <see cref="ObjectDisposedException"/>.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed partial class Tape<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A cache line more than the rows: an odd number of lines between columns, so that the columns of a panel fall
    // into different sets of the first-level cache.
    private const int LineBytes = 64;

    private readonly TapeArena<T> _arena;
    private readonly List<Slot> _slots = new(256);
    private readonly List<Node> _nodes = new(128);
    private readonly List<int> _ids = new(1024);
    private readonly int _capacity;
    private readonly int _stride;
    private ParameterStore<T>? _gradientStore;
    private DeviceMemory<T>? _gradients;
    private bool _parametersAreConstants;
    private int _generation;
    private bool _walked;
    private bool _disposed;

    /// <summary>Creates an empty tape.</summary>
    /// <param name="kernels">The kernels to compute with; the tape does not dispose them.</param>
    /// <param name="capacity">The largest number of rows of a block; 0 for the device's block.</param>
    public Tape(Kernels<T> kernels, int capacity = 0)
    {
        ArgumentNullException.ThrowIfNull(kernels);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Kernels = kernels;
        _capacity = capacity == 0 ? kernels.Device.BlockRows : capacity;
        var padded = (_capacity + Matrix<T>.RowQuantum - 1) & -Matrix<T>.RowQuantum;
        var line = LineBytes / Marshal.SizeOf<T>();
        _stride = padded + line;
        _arena = new TapeArena<T>(kernels);
    }

    /// <summary>The kernels that the tape computes with.</summary>
    public Kernels<T> Kernels { get; }

    /// <summary>The rows of the current block.</summary>
    public int Rows { get; private set; }

    /// <summary>Whether operations are remembered for a backward sweep and for tangents.</summary>
    public bool IsRecording { get; private set; }

    /// <summary>Forgets everything and starts a block.</summary>
    /// <param name="rows">The rows of the block, 1 to the tape's capacity.</param>
    /// <param name="record">Whether a backward sweep will follow, or tangents will be pushed forward.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is out of range.</exception>
    public void Begin(int rows, bool record)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _capacity);
        Rows = rows;
        IsRecording = record;
        _gradientStore = null;
        _gradients = null;
        _parametersAreConstants = false;
        _walked = false;
        _slots.Clear();
        _nodes.Clear();
        _ids.Clear();
        _arena.Reset();
        _generation++;
    }

    /// <summary>
    /// Starts a recorded block whose backward sweep adds the gradients of a model's trainable parameters to a buffer.
    /// Parameters of other stores (a frozen base) get none.
    /// </summary>
    /// <param name="rows">The rows of the block.</param>
    /// <param name="store">The parameters to differentiate by.</param>
    /// <param name="gradients">Where their gradients are added, laid out as the store's buffer.</param>
    /// <exception cref="ArgumentException">The gradients are not as long as the store's buffer.</exception>
    public void Begin(int rows, ParameterStore<T> store, DeviceMemory<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(gradients);
        ThrowIfDisposed();
        store.ThrowIfDisposed();
        if (gradients.Length != store.Length)
            throw new ArgumentException($"Expected room for the store's {store.Length} numbers, got {gradients.Length}.", nameof(gradients));
        Begin(rows, record: true);
        _gradientStore = store;
        _gradients = gradients;
    }

    /// <summary>A block variable from row-major host rows.</summary>
    /// <param name="rows">Rows · columns numbers.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="requiresAdjoint">Whether the backward sweep is to leave its adjoint for <see cref="ReadAdjoint"/>.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="ArgumentException">The length is not rows · columns.</exception>
    public Variable<T> Input(ReadOnlySpan<T> rows, int columns, bool requiresAdjoint = false)
    {
        ThrowIfDisposed();
        if (rows.Length != (long)Rows * columns)
            throw new ArgumentException($"Expected {Rows} rows of {columns} numbers, got {rows.Length} numbers.", nameof(rows));
        var variable = Allocate(columns, requiresAdjoint);
        Kernels.LoadRows(rows, Value(variable.Id));
        return variable;
    }

    /// <summary>A block variable of random numbers, drawn on the tape's device.</summary>
    /// <param name="distribution">Standard normal, or uniform in (0, 1).</param>
    /// <param name="stream">Where the numbers come from.</param>
    /// <param name="first">The stream's element that is the first number; row r takes elements first + r·columns and following, so any cut into blocks gives the same rows.</param>
    /// <param name="columns">The columns.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such distribution, or no column.</exception>
    public Variable<T> Draw(RandomDistribution distribution, RandomStream stream, ulong first, int columns)
    {
        var variable = Allocate(columns);
        if (distribution == RandomDistribution.Normal)
            Kernels.FillNormal(stream, first, Value(variable.Id));
        else if (distribution == RandomDistribution.Uniform)
            Kernels.FillUniform(stream, first, Value(variable.Id));
        else
            throw new ArgumentOutOfRangeException(nameof(distribution), distribution, "There is no such distribution.");
        return variable;
    }

    /// <summary>A block variable whose value is not set yet: a destination for <see cref="ApplyInto"/> on its slices.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="requiresAdjoint">Whether it is a leaf whose adjoint is wanted.</param>
    /// <returns>The variable.</returns>
    public Variable<T> Allocate(int columns, bool requiresAdjoint = false)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var length = checked(columns * _stride);
        var (memory, offset) = _arena.Take(length);
        return Add(new Slot
        {
            Value = new Matrix<T>(memory, offset, Rows, columns, _stride),
            Length = length,
            Root = -1,
            NeedsAdjoint = requiresAdjoint && IsRecording,
            IsLeaf = requiresAdjoint,
        });
    }

    /// <summary>A shared variable of zeros or of given numbers: a row of constants, or a leaf to differentiate by.</summary>
    /// <param name="values">The numbers, one a column.</param>
    /// <param name="requiresAdjoint">Whether its adjoint is wanted.</param>
    /// <returns>The variable, [1, values.Length].</returns>
    public Variable<T> SharedRow(ReadOnlySpan<T> values, bool requiresAdjoint = false)
    {
        var variable = AllocateShared(1, values.Length, requiresAdjoint);
        var value = Value(variable.Id);
        Kernels.Write(values, value.Memory!, value.Offset);
        return variable;
    }

    /// <summary>A shared variable whose value is not set yet.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="requiresAdjoint">Whether it is a leaf whose adjoint is wanted.</param>
    /// <returns>The variable.</returns>
    public Variable<T> AllocateShared(int rows, int columns, bool requiresAdjoint = false)
    {
        ThrowIfDisposed();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        var length = checked(rows * columns);
        var (memory, offset) = _arena.Take(length);
        return Add(new Slot
        {
            Value = new Matrix<T>(memory, offset, rows, columns, rows),
            Length = length,
            Root = -1,
            NeedsAdjoint = requiresAdjoint && IsRecording,
            IsLeaf = requiresAdjoint,
        });
    }

    /// <summary>A parameter as a shared variable: a weight [out, in] as in rows and out columns, a vector as one row.</summary>
    /// <param name="parameter">The parameter, of any store.</param>
    /// <returns>The variable.</returns>
    /// <exception cref="ArgumentException">The parameter belongs to no store.</exception>
    /// <exception cref="ObjectDisposedException">The parameter's store is disposed.</exception>
    public Variable<T> Use(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ThrowIfDisposed();
        var store = parameter.Store
            ?? throw new ArgumentException($"The parameter '{parameter.Name}' belongs to no model yet.", nameof(parameter));
        store.ThrowIfDisposed();
        var differentiated = IsRecording && parameter.Trainable && !_parametersAreConstants && ReferenceEquals(store, _gradientStore);
        return Add(new Slot
        {
            Value = parameter.View(store.Memory),
            Adjoint = differentiated ? parameter.View(_gradients!) : default,
            Root = -1,
            NeedsAdjoint = differentiated,
            DependsOnParameters = differentiated,
            IsLeaf = true,
            IsBorrowed = true,
        });
    }

    /// <summary>The columns [start, start + count) of a variable: a view that shares value and adjoint.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="start">The first column.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>The view.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The columns are not all there.</exception>
    public Variable<T> Slice(Variable<T> variable, int start, int count)
    {
        var value = ValueOf(variable);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, value.Columns - start);
        if (count == value.Columns)
            return variable;
        ref var slot = ref At(variable.Id);
        var root = slot.Root < 0 ? variable.Id : slot.Root;
        var rootStart = slot.Root < 0 ? start : slot.RootStart + start;
        return Add(new Slot { Value = value.Slice(start, count), Root = root, RootStart = rootStart });
    }

    /// <summary>Applies an operation with one block output.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Its inputs; "no variable" where an optional one is left out.</param>
    /// <param name="columns">The columns of the output.</param>
    /// <returns>The output.</returns>
    public Variable<T> Apply(Operation<T> operation, ReadOnlySpan<Variable<T>> inputs, int columns)
    {
        var output = Allocate(columns);
        ApplyInto(operation, inputs, [output]);
        return output;
    }

    /// <summary>Applies an operation whose outputs were allocated before, or are slices of a variable that was.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="inputs">Its inputs; "no variable" where an optional one is left out.</param>
    /// <param name="outputs">Its outputs; each is written once.</param>
    /// <exception cref="ArgumentException">A variable is of another tape or an earlier block, or an output is an input or a parameter.</exception>
    public void ApplyInto(Operation<T> operation, ReadOnlySpan<Variable<T>> inputs, ReadOnlySpan<Variable<T>> outputs)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ThrowIfDisposed();
        var first = _ids.Count;
        var needs = false;
        var ofParameters = false;
        foreach (var input in inputs)
        {
            if (input.IsNone)
            {
                _ids.Add(-1);
                continue;
            }

            Check(input);
            _ids.Add(input.Id);
            needs |= NeedsAdjoint(input.Id);
            ofParameters |= At(RootOf(input.Id)).DependsOnParameters;
        }

        foreach (var output in outputs)
        {
            Check(output);
            ref var slot = ref At(output.Id);
            if (At(slot.Root < 0 ? output.Id : slot.Root).IsLeaf)
                throw new ArgumentException("An output must be allocated for it; this one is an input or a parameter.", nameof(outputs));
            _ids.Add(output.Id);
        }

        operation.Forward(Call(first, inputs.Length, outputs.Length));
        if (!IsRecording)
        {
            CollectionsMarshal.SetCount(_ids, first);
            return;
        }

        for (var o = 0; needs && o < outputs.Length; o++)
        {
            ref var slot = ref At(RootOf(outputs[o].Id));
            slot.NeedsAdjoint = true;
            slot.DependsOnParameters |= ofParameters;
        }

        // What needs no adjoint is remembered for the tangents.
        _nodes.Add(new Node(operation, first, inputs.Length, outputs.Length, needs));
    }

    /// <summary>Gives the memory of an intermediate result back early; does nothing while recording, on slices and on parameters.</summary>
    /// <param name="variable">A variable that will not be read again.</param>
    public void Release(Variable<T> variable)
    {
        ThrowIfDisposed();
        if (IsRecording || variable.IsNone)
            return;
        Check(variable);
        ref var slot = ref At(variable.Id);
        if (slot.Root >= 0 || slot.IsBorrowed || slot.Length == 0)
            return;
        _arena.Return(slot.Value.Memory!, slot.Value.Offset, slot.Length);
        slot.Length = 0;
    }

    /// <summary>Walks the record backwards from a variable whose adjoint is given, once a block.</summary>
    /// <param name="variable">What to differentiate, usually [rows, 1]: a number an event.</param>
    /// <param name="seed">Its adjoint, row-major: a number for each of the variable's.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    /// <exception cref="InvalidOperationException">The tape is not recording, or the block was walked back before.</exception>
    public void Backward(Variable<T> variable, ReadOnlySpan<T> seed)
    {
        var value = ValueOf(variable);
        if (seed.Length != (long)value.Rows * value.Columns)
            throw new ArgumentException($"Expected a seed of {value.Rows} × {value.Columns} numbers, got {seed.Length}.", nameof(seed));
        if (!BeginWalk(variable))
            return;
        var adjoint = SeedOf(variable.Id, out var borrowed);
        Kernels.LoadRows(seed, adjoint);
        Walk(variable.Id, adjoint, borrowed);
    }

    /// <summary>Walks the record backwards from Σ_r factor · weight_r · y_r, once a block; the weights do not leave the device.</summary>
    /// <param name="variable">What to differentiate, y: [rows, 1].</param>
    /// <param name="weights">The weight of each row, a block [rows, 1]; "no variable" for ones.</param>
    /// <param name="factor">The factor of all rows.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    /// <exception cref="InvalidOperationException">The tape is not recording, or the block was walked back before.</exception>
    public void Backward(Variable<T> variable, Variable<T> weights, T factor)
    {
        var value = ValueOf(variable);
        if (!value.IsBlock || value.Columns != 1)
            throw new ArgumentException($"Expected a block of one column, got one of {value.Rows} × {value.Columns}.", nameof(variable));
        var given = weights.IsNone ? default : ValueOf(weights);
        if (!given.IsEmpty && (!given.IsBlock || given.Columns != 1))
            throw new ArgumentException($"Expected a block of one column, got one of {given.Rows} × {given.Columns}.", nameof(weights));
        if (!BeginWalk(variable))
            return;
        var adjoint = SeedOf(variable.Id, out var borrowed);
        if (given.IsEmpty)
            Kernels.Fill(adjoint, factor);
        else
            Kernels.ScaleShift(given, factor, T.Zero, adjoint, accumulate: false);
        Walk(variable.Id, adjoint, borrowed);
    }

    /// <summary>Copies a block variable's value to row-major host rows.</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="destination">Rows · columns numbers.</param>
    public void ReadValue(Variable<T> variable, Span<T> destination) => ReadMatrix(ValueOf(variable), destination);

    /// <summary>Copies a leaf's adjoint to row-major host rows; zeros where nothing reached it.</summary>
    /// <param name="variable">A leaf that required its adjoint.</param>
    /// <param name="destination">Rows · columns numbers.</param>
    /// <exception cref="ArgumentException">The variable is no leaf, or the destination has another length.</exception>
    public void ReadAdjoint(Variable<T> variable, Span<T> destination)
    {
        Check(variable);
        ref var slot = ref At(variable.Id);
        if (!At(slot.Root < 0 ? variable.Id : slot.Root).IsLeaf)
            throw new ArgumentException("Only leaves keep their adjoint; this variable is an intermediate result or was made without requiresAdjoint.", nameof(variable));
        var adjoint = AdjointIfAny(variable.Id);
        if (adjoint.IsEmpty && destination.Length != (long)slot.Value.Rows * slot.Value.Columns)
            throw new ArgumentException($"Expected room for {slot.Value.Rows} × {slot.Value.Columns} numbers, got {destination.Length}.", nameof(destination));
        if (adjoint.IsEmpty)
            destination.Clear();
        else
            ReadMatrix(adjoint, destination);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _arena.Dispose();
        _inner?.Dispose();
    }

    internal Matrix<T> ValueOf(Variable<T> variable)
    {
        Check(variable);
        return At(variable.Id).Value;
    }

    internal Matrix<T> Value(int id) => At(id).Value;

    internal bool NeedsAdjoint(int id)
    {
        ref var slot = ref At(id);
        return slot.Root < 0 ? slot.NeedsAdjoint : At(slot.Root).NeedsAdjoint;
    }

    internal Matrix<T> AdjointIfAny(int id)
    {
        ref var slot = ref At(id);
        if (slot.Root < 0)
            return slot.Adjoint;
        var root = At(slot.Root).Adjoint;
        return root.IsEmpty ? default : SliceLike(root, slot);
    }

    internal Matrix<T> AdjointToAdd(int id)
    {
        var adjoint = AdjointToAddOrWrite(id, out var fresh);
        if (fresh)
            Kernels.Fill(adjoint, T.Zero);
        return adjoint;
    }

    internal Matrix<T> AdjointToAddOrWrite(int id, out bool fresh)
    {
        ref var slot = ref At(id);
        if (slot.Root >= 0)
        {
            // A slice must not leave the rest of its root unset.
            fresh = false;
            return SliceLike(AdjointToAdd(slot.Root), slot);
        }

        fresh = slot.Adjoint.IsEmpty;
        if (fresh)
        {
            var (memory, offset) = _arena.Take(slot.Length);
            slot.Adjoint = slot.Value with { Memory = memory, Offset = offset };
        }

        return slot.Adjoint;
    }

    // Whether there is anything to walk back.
    private bool BeginWalk(Variable<T> variable)
    {
        if (!IsRecording)
            throw new InvalidOperationException("The block was begun without recording; there is nothing to walk back.");
        if (_walked)
            throw new InvalidOperationException("The block has been walked back already; adjoints are kept once.");
        _walked = true;
        return NeedsAdjoint(variable.Id);
    }

    // Where the seed is written: the adjoint itself where it holds nothing yet. A slice's root, and a parameter's gradient,
    // hold numbers already: there the seed is written to borrowed memory and added.
    private Matrix<T> SeedOf(int id, out bool borrowed)
    {
        var adjoint = AdjointToAddOrWrite(id, out var fresh);
        borrowed = !fresh;
        if (fresh)
            return adjoint;
        var (memory, offset) = _arena.Take(SeedLength(id));
        return At(id).Value with { Memory = memory, Offset = offset };
    }

    private int SeedLength(int id)
    {
        ref var value = ref At(id).Value;
        return value.IsBlock ? value.Columns * _stride : value.Rows * value.Columns;
    }

    private void Walk(int id, in Matrix<T> seed, bool borrowed)
    {
        // The padding repeats a row's value but must not repeat its adjoint.
        Kernels.ClearPadding(seed);
        if (borrowed)
        {
            Kernels.Copy(seed, AdjointToAdd(id), accumulate: true);
            _arena.Return(seed.Memory!, seed.Offset, SeedLength(id));
        }

        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            var node = _nodes[i];
            var reached = false;
            for (var o = 0; node.NeedsAdjoint && o < node.Outputs; o++)
                reached |= !AdjointIfAny(_ids[node.First + node.Inputs + o]).IsEmpty;
            if (!reached)
                continue;
            node.Operation.Backward(Call(node.First, node.Inputs, node.Outputs));
            for (var o = 0; o < node.Outputs; o++)
                ReturnAdjoint(_ids[node.First + node.Inputs + o]);
        }
    }

    // A slice of a parameter may be a narrower view of the same columns, so the slice's own shape decides.
    private static Matrix<T> SliceLike(in Matrix<T> root, in Slot slot) => root.Slice(slot.RootStart, slot.Value.Columns);

    private void ReturnAdjoint(int id)
    {
        ref var slot = ref At(id);
        if (slot.Root >= 0 || slot.IsLeaf || slot.Adjoint.IsEmpty)
            return;
        _arena.Return(slot.Adjoint.Memory!, slot.Adjoint.Offset, slot.Length);
        slot.Adjoint = default;
    }

    private void ReadMatrix(in Matrix<T> matrix, Span<T> destination)
    {
        if (destination.Length != (long)matrix.Rows * matrix.Columns)
            throw new ArgumentException($"Expected room for {matrix.Rows} × {matrix.Columns} numbers, got {destination.Length}.", nameof(destination));
        Kernels.StoreRows(matrix, destination);
    }

    private OperationCall<T> Call(int first, int inputs, int outputs)
    {
        var ids = CollectionsMarshal.AsSpan(_ids);
        return new OperationCall<T>(this, ids.Slice(first, inputs), ids.Slice(first + inputs, outputs));
    }

    private Variable<T> Add(in Slot slot)
    {
        _slots.Add(slot);
        return new Variable<T>(this, _slots.Count - 1, _generation);
    }

    private int RootOf(int id) => At(id).Root < 0 ? id : At(id).Root;

    private ref Slot At(int id) => ref CollectionsMarshal.AsSpan(_slots)[id];

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    private void Check(Variable<T> variable)
    {
        ThrowIfDisposed();
        if (variable.IsNone)
            throw new ArgumentException("Expected a variable, got none.", nameof(variable));
        if (!ReferenceEquals(variable.Tape, this) || variable.Generation != _generation)
            throw new ArgumentException("The variable belongs to another tape or to an earlier block.", nameof(variable));
    }

    private struct Slot
    {
        public Matrix<T> Value;
        public Matrix<T> Adjoint;
        public int Length;
        public int Root;
        public int RootStart;
        public bool NeedsAdjoint;
        public bool DependsOnParameters;
        public bool IsLeaf;
        public bool IsBorrowed;
    }

    private readonly record struct Node(Operation<T> Operation, int First, int Inputs, int Outputs, bool NeedsAdjoint);
}
