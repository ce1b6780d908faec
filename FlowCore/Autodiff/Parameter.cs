using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A named matrix of numbers that training changes.</summary>
/// <remarks>
/// <para>
/// Numbers are kept in the order in which the kernels want them ("physical" order: hidden units of a masked network by
/// group). Files and other libraries see the canonical order: row i of the physical matrix is canonical row
/// <see cref="RowOrder"/>[i], and the same for columns. A new parameter owns a managed array; a
/// <see cref="ParameterStore{T}"/> moves it into one contiguous buffer with its fellows.
/// </para>
/// <para>
/// Reading is thread-safe as long as nobody trains. Once the store is disposed, reading and writing are an
/// <see cref="ObjectDisposedException"/>.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[]? _own;

    /// <summary>Creates a parameter of zeros.</summary>
    /// <param name="name">Its canonical name, for example <c>transform.transforms.0.hyper.0.weight</c>.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least 1.</param>
    /// <param name="isVector">Whether files hold it as a vector of <paramref name="columns"/> numbers (then rows is 1) and not as a matrix.</param>
    /// <exception cref="ArgumentException">The name is empty, or a vector has several rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public Parameter(string name, int rows, int columns, bool isVector = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(columns);
        if (isVector && rows != 1)
            throw new ArgumentException($"Expected a vector, of one row, got {rows} rows.", nameof(rows));
        Name = name;
        NameInStore = name;
        Rows = rows;
        Columns = columns;
        IsVector = isVector;
        _ = checked(rows * columns);
    }

    /// <summary>The canonical name.</summary>
    public string Name { get; }

    /// <summary>Rows: the outputs of a weight [out, in].</summary>
    public int Rows { get; }

    /// <summary>Columns: the inputs of a weight [out, in].</summary>
    public int Columns { get; }

    /// <summary>Whether files hold it as a vector.</summary>
    public bool IsVector { get; }

    /// <summary>How many numbers.</summary>
    public int Length => Rows * Columns;

    /// <summary>Whether a gradient reaches it. A frozen parameter is read and never changed.</summary>
    public bool Trainable { get; set; } = true;

    /// <summary>For each physical row its canonical row; null where the orders agree.</summary>
    public int[]? RowOrder { get; init; }

    /// <summary>For each physical column its canonical column; null where the orders agree.</summary>
    public int[]? ColumnOrder { get; init; }

    /// <summary>Sets the numbers that a fresh parameter has instead of zeros; null for zeros.</summary>
    internal Action<T[]>? Start { get; init; }

    /// <summary>The zero structure of a masked weight in physical order; null for a dense one. Numbers outside are zero and stay so.</summary>
    public Staircase? Staircase { get; init; }

    /// <summary>The buffer that holds the numbers; null before one has taken it in.</summary>
    public ParameterStore<T>? Store { get; private set; }

    /// <summary>The position of the first number in the store's buffer.</summary>
    public int Offset { get; private set; }

    /// <summary>The name by which the store's parameters are told apart: where several parts share a store, the name behind that of the part.</summary>
    internal string NameInStore { get; private set; }

    /// <summary>The numbers on the host, row-major in physical order.</summary>
    /// <exception cref="ObjectDisposedException">The store is disposed.</exception>
    /// <exception cref="InvalidOperationException">The numbers are on a device that the host cannot read; use <see cref="Read"/> and <see cref="Write"/>.</exception>
    public unsafe Span<T> Values
    {
        get
        {
            if (Store is not { } store)
                return Own();
            store.ThrowIfDisposed();
            // A span of the processor's memory stays one of numbers whatever becomes of the store.
            if (store.Memory is CpuMemory<T> memory)
                return memory.AsSpan(Offset, Length);
            var address = store.Memory.Address;
            if (address == 0)
                throw new InvalidOperationException($"The numbers of '{Name}' are on {store.Device.Name}; read and write them by copying.");
            return new Span<T>((T*)address + Offset, Length);
        }
    }

    /// <summary>Copies the numbers out, row-major in canonical order.</summary>
    /// <param name="destination">Rows · Columns numbers.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void Read(Span<T> destination) => ToCanonical(IsOnHost ? Values : Download(), destination);

    /// <summary>Copies numbers that lie as the parameter's do, such as its gradient, from physical to canonical order.</summary>
    internal void ToCanonical(ReadOnlySpan<T> values, Span<T> destination)
    {
        Store?.ThrowIfDisposed();
        if (destination.Length != Length)
            throw new ArgumentException($"Expected room for the {Length} numbers of '{Name}', got {destination.Length}.", nameof(destination));
        for (var row = 0; row < Rows; row++)
        {
            var target = RowOrder is null ? row : RowOrder[row];
            for (var column = 0; column < Columns; column++)
            {
                var to = ColumnOrder is null ? column : ColumnOrder[column];
                destination[(target * Columns) + to] = values[(row * Columns) + column];
            }
        }
    }

    /// <summary>Sets the numbers from canonical order, row-major. Numbers outside the zero structure are dropped.</summary>
    /// <param name="source">Rows · Columns numbers.</param>
    /// <exception cref="ArgumentException">The source has another length.</exception>
    public void Write(ReadOnlySpan<T> source)
    {
        Store?.ThrowIfDisposed();
        if (source.Length != Length)
            throw new ArgumentException($"Expected the {Length} numbers [{Rows}, {Columns}] of '{Name}', got {source.Length}.", nameof(source));
        var values = IsOnHost ? Values : new T[Length];
        for (var row = 0; row < Rows; row++)
        {
            var from = RowOrder is null ? row : RowOrder[row];
            var end = Staircase is null ? Columns : Staircase.InputEnd[row];
            for (var column = 0; column < Columns; column++)
            {
                var at = ColumnOrder is null ? column : ColumnOrder[column];
                values[(row * Columns) + column] = column < end ? source[(from * Columns) + at] : T.Zero;
            }
        }

        if (!IsOnHost)
            Store!.Upload(values, Offset);
    }

    /// <summary>Sets the numbers of a parameter of the same shape and order, converted to its precision, and whether it is trained.</summary>
    internal void CopyTo<TOther>(Parameter<TOther> destination)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var from = new T[Length];
        Read(from);
        var to = new TOther[from.Length];
        for (var i = 0; i < to.Length; i++)
            to[i] = TOther.CreateTruncating(from[i]);
        destination.Write(to);
        destination.Trainable = Trainable;
    }

    private bool IsOnHost => Store is null || Store.Memory.Address != 0;

    /// <summary>The whole parameter as a shared matrix of Columns rows and Rows columns (see <see cref="Matrix{T}"/>).</summary>
    internal Matrix<T> View(DeviceMemory<T> memory) =>
        IsVector ? new(memory, Offset, 1, Length, 1) : new(memory, Offset, Columns, Rows, Columns);

    internal void Attach(ParameterStore<T> store, int offset, string prefix)
    {
        if (Store is not null)
            throw new InvalidOperationException($"The parameter '{Name}' already belongs to a model.");
        var own = Own();
        Store = store;
        Offset = offset;
        NameInStore = prefix + Name;
        _own = null;
        store.Upload(own, offset);
    }

    /// <summary>Leaves the store and takes its numbers along.</summary>
    internal void Detach()
    {
        var own = IsOnHost ? Values.ToArray() : Download();
        Store = null;
        Offset = 0;
        _own = own;
    }

    // Made when it is first needed: a part that is read from a file must not take memory for numbers that the file does not hold.
    private T[] Own()
    {
        if (_own is not null)
            return _own;
        _own = new T[Length];
        Start?.Invoke(_own);
        return _own;
    }

    private T[] Download()
    {
        var values = new T[Length];
        Store!.Download(Offset, values);
        return values;
    }
}
