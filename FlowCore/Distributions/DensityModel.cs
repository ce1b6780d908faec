using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Distributions;

/// <summary>
/// A normalised density p(x | context, nuisances) that can be evaluated, sampled and differentiated: what training and
/// analysis work with.
/// </summary>
/// <remarks>
/// <para>
/// Methods that take a tape compute one block and record it; derived classes implement them. The other methods take any
/// number of rows, stream them through the device's workers in blocks, and use memory that does not grow with the rows.
/// Their overloads on spans (row-major) allocate nothing once warm.
/// </para>
/// <para>
/// Results do not depend on the number of threads or on how rows are split into calls. Models may be called from several
/// threads at once, and wherever the library calls the user: an objective or a data source may evaluate or sample any model,
/// the one that is trained included, with the weights of that moment. Nothing may be evaluated while the model is trained on
/// another thread.
/// </para>
/// <para>
/// After <see cref="Dispose()"/> everything that needs the numbers is an <see cref="ObjectDisposedException"/>; a call that another
/// thread is at ends before its next block, with the same error, or in order if it has no further one.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class DensityModel<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CallWorkspace<T> _workspace;

    /// <summary>Sets the sizes and the device.</summary>
    /// <param name="device">Where the model computes.</param>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 without context.</param>
    /// <param name="nuisances">K, 0 without nuisances.</param>
    protected DensityModel(Device device, int features, int contextFeatures, int nuisances)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        ArgumentOutOfRangeException.ThrowIfNegative(nuisances);
        Device = device;
        Features = features;
        ContextFeatures = contextFeatures;
        Nuisances = nuisances;
        _workspace = new CallWorkspace<T>(this);
    }

    /// <summary>D, the number of features of x.</summary>
    public int Features { get; }

    /// <summary>C, the number of context columns; 0 without context.</summary>
    public int ContextFeatures { get; }

    /// <summary>K, the number of nuisance parameters; 0 without.</summary>
    public int Nuisances { get; }

    /// <summary>Where the model computes.</summary>
    public Device Device { get; }

    /// <summary>What training changes. A factorizable flow has its residual here; its frozen base has a store of its own.</summary>
    public abstract ParameterStore<T> Parameters { get; }

    /// <summary>
    /// Whether rows with infinities or NaN are computed rather than refused. Off by default: they are an error that names
    /// the row and the column.
    /// </summary>
    public bool AllowNonFinite { get; set; }

    /// <summary>
    /// How many rows of all calls so far had a result that is not finite although everything that was given for them is: numbers
    /// too large for the arithmetic (x² beyond the largest float), or the −∞ of a point where a bounded noise has no density.
    /// </summary>
    /// <remarks>
    /// The calls on any number of rows are counted, a row once a call, whatever of its results is not finite; blocks on a tape, and so a
    /// training, are not. The difference before and after a call is that call's where no other thread calls the model. Thread-safe.
    /// </remarks>
    public long NonFiniteResults => _workspace.NonFiniteResults;

    // ---- One block, on a tape -----------------------------------------------------------------------------------

    /// <summary>ln p(x | context, nuisances) of one block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row; "no variable" where C is 0.</param>
    /// <param name="nuisances">[rows, K] or a shared row; "no variable" where K is 0.</param>
    /// <returns>[rows, 1].</returns>
    public abstract Variable<T> LogDensity(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances);

    /// <summary>z = f(x) and log|det ∂z/∂x| of one block.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">As in <see cref="LogDensity(Tape{T}, Variable{T}, Variable{T}, Variable{T})"/>.</param>
    /// <param name="nuisances">As in <see cref="LogDensity(Tape{T}, Variable{T}, Variable{T}, Variable{T})"/>.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    public abstract Variable<T> ToNoise(Tape<T> tape, Variable<T> x, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet);

    /// <summary>x = f⁻¹(z) and log|det ∂x/∂z| of one block: differentiable sampling.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="z">[rows, D].</param>
    /// <param name="context">As in <see cref="LogDensity(Tape{T}, Variable{T}, Variable{T}, Variable{T})"/>.</param>
    /// <param name="nuisances">As in <see cref="LogDensity(Tape{T}, Variable{T}, Variable{T}, Variable{T})"/>.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    public abstract Variable<T> FromNoise(Tape<T> tape, Variable<T> z, Variable<T> context, Variable<T> nuisances, out Variable<T> logDet);

    /// <summary>The base distribution of the noise.</summary>
    protected internal abstract BaseDistribution<T> Noise { get; }

    // ---- Any number of rows, spans --------------------------------------------------------------------------------

    /// <summary>ln p of every row. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    /// <param name="destination">Receives n numbers.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void LogDensity(ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> destination)
    {
        var rows = RowsOf(x, nameof(x));
        CheckLength(destination.Length, rows, nameof(destination));
        Run(BlockTask.LogDensity, rows, x, context, nuisances, default, default, destination, default, default, default);
    }

    /// <summary>z = f(x) and log|det ∂z/∂x| of every row. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    /// <param name="z">Receives [n, D].</param>
    /// <param name="logDet">Receives n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void ToNoise(ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> z, Span<T> logDet)
    {
        var rows = RowsOf(x, nameof(x));
        CheckLength(z.Length, x.Length, nameof(z));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        Run(BlockTask.ToNoise, rows, x, context, nuisances, default, z, logDet, default, default, default);
    }

    /// <summary>x = f⁻¹(z) and log|det ∂x/∂z| of every row. Allocates nothing once warm.</summary>
    /// <param name="z">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDet">Receives n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void FromNoise(ReadOnlySpan<T> z, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> x, Span<T> logDet)
    {
        var rows = RowsOf(z, nameof(z));
        CheckLength(x.Length, z.Length, nameof(x));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        Run(BlockTask.FromNoise, rows, z, context, nuisances, default, x, logDet, default, default, default);
    }

    /// <summary>Draws rows. Row i depends on the stream and on i alone. Allocates nothing once warm.</summary>
    /// <param name="stream">Where the noise comes from.</param>
    /// <param name="firstRow">The index of the first row: 0, or how many were drawn from the stream before.</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDensity">Receives ln p of each row, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a context or nuisance is not finite.</exception>
    public void Sample(
        RandomStream stream, ulong firstRow, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> x, Span<T> logDensity)
    {
        var rows = RowsOf(x, nameof(x));
        CheckOptionalLength(logDensity.Length, rows, nameof(logDensity));
        Run(BlockTask.Sample, rows, default, context, nuisances, (stream, firstRow), x, logDensity, default, default, default);
    }

    /// <summary>ln p of every row and its gradients with respect to the row itself, its context and its nuisances. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    /// <param name="logDensity">Receives n numbers, or empty.</param>
    /// <param name="dx">Receives ∂ ln p / ∂x [n, D], or empty.</param>
    /// <param name="dcontext">Receives ∂ ln p / ∂context of each row [n, C], or empty.</param>
    /// <param name="dnuisances">Receives ∂ ln p / ∂nuisances of each row [n, K], or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void LogDensityGradient(
        ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> logDensity, Span<T> dx, Span<T> dcontext, Span<T> dnuisances)
    {
        var rows = RowsOf(x, nameof(x));
        CheckOptionalLength(logDensity.Length, rows, nameof(logDensity));
        CheckOptionalLength(dx.Length, x.Length, nameof(dx));
        CheckOptionalLength(dcontext.Length, checked(rows * ContextFeatures), nameof(dcontext));
        CheckOptionalLength(dnuisances.Length, checked(rows * Nuisances), nameof(dnuisances));
        Run(BlockTask.Gradient, rows, x, context, nuisances, default, default, logDensity, dx, dcontext, dnuisances);
    }

    // ---- Any number of rows, tensors ------------------------------------------------------------------------------

    /// <summary>ln p of every row.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>[n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public Tensor<T> LogDensity(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        var rows = TensorRows.Of(x, Features, nameof(x));
        var result = new T[rows.Length / Features];
        LogDensity(rows, Context(context), NuisanceRows(nuisances), result);
        return Tensor.Create(result, [result.Length]);
    }

    /// <summary>z = f(x) and log|det ∂z/∂x| of every row.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>z [n, D] and the log-determinants [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> Z, Tensor<T> LogDet) ToNoise(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        var rows = TensorRows.Of(x, Features, nameof(x));
        var z = new T[rows.Length];
        var logDet = new T[rows.Length / Features];
        ToNoise(rows, Context(context), NuisanceRows(nuisances), z, logDet);
        return (Tensor.Create(z, [logDet.Length, Features]), Tensor.Create(logDet, [logDet.Length]));
    }

    /// <summary>x = f⁻¹(z) and log|det ∂x/∂z| of every row.</summary>
    /// <param name="z">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>x [n, D] and the log-determinants [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public (Tensor<T> X, Tensor<T> LogDet) FromNoise(
        in ReadOnlyTensorSpan<T> z, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        var rows = TensorRows.Of(z, Features, nameof(z));
        var x = new T[rows.Length];
        var logDet = new T[rows.Length / Features];
        FromNoise(rows, Context(context), NuisanceRows(nuisances), x, logDet);
        return (Tensor.Create(x, [logDet.Length, Features]), Tensor.Create(logDet, [logDet.Length]));
    }

    /// <summary>Draws rows; a seed gives the same ones on any number of threads.</summary>
    /// <param name="count">n, how many rows, 0 or more.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>[n, D].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a context or nuisance is not finite.</exception>
    public Tensor<T> Sample(int count, ulong seed, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var x = new T[checked(count * Features)];
        Sample(new RandomStream(seed), 0, Context(context), NuisanceRows(nuisances), x, default);
        return Tensor.Create(x, [count, Features]);
    }

    /// <summary>Draws rows and gives their ln p, which costs nothing more.</summary>
    /// <param name="count">n, how many rows, 0 or more.</param>
    /// <param name="seed">The seed; the rows are those of <see cref="Sample(int, ulong, in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T})"/>.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>x [n, D] and ln p [n].</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a context or nuisance is not finite.</exception>
    public (Tensor<T> X, Tensor<T> LogDensity) SampleWithLogDensity(
        int count, ulong seed, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var x = new T[checked(count * Features)];
        var logDensity = new T[count];
        Sample(new RandomStream(seed), 0, Context(context), NuisanceRows(nuisances), x, logDensity);
        return (Tensor.Create(x, [count, Features]), Tensor.Create(logDensity, [count]));
    }

    /// <summary>ln p of every row and its gradients with respect to the row itself, its context and its nuisances.</summary>
    /// <param name="x">[n, D], or [n] where D is 1.</param>
    /// <param name="context">[n, C], or [1, C] or [C] for all rows; left out where C is 0.</param>
    /// <param name="nuisances">[n, K], or [1, K] or [K] for all rows; left out where K is 0.</param>
    /// <returns>ln p and its gradients, a row each.</returns>
    /// <exception cref="ArgumentException">A shape is wrong, or a row is not finite.</exception>
    public LogDensityGradients<T> LogDensityGradient(
        in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> context = default, in ReadOnlyTensorSpan<T> nuisances = default)
    {
        var rows = TensorRows.Of(x, Features, nameof(x));
        var count = rows.Length / Features;
        var logDensity = new T[count];
        var dx = new T[rows.Length];
        var dcontext = new T[checked(count * ContextFeatures)];
        var dnuisances = new T[checked(count * Nuisances)];
        LogDensityGradient(rows, Context(context), NuisanceRows(nuisances), logDensity, dx, dcontext, dnuisances);
        return new LogDensityGradients<T>(
            Tensor.Create(logDensity, [count]),
            Tensor.Create(dx, [count, Features]),
            Tensor.Create(dcontext, [count, ContextFeatures]),
            Tensor.Create(dnuisances, [count, Nuisances]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the workers' memory; a derived class frees its parameters.</summary>
    /// <param name="disposing">False when called from a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _workspace.Dispose();
    }

    /// <summary>Computes what derived classes offer beyond density and samples, block by block (see <see cref="BlockTask.Map"/>).</summary>
    private protected void RunMap(
        IBlockMap<T> map, int rows, ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, Span<T> values, Span<T> logDet)
    {
        Run(BlockTask.Map, rows, x, context, nuisances, default, values, logDet, default, default, default, map);
    }

    /// <summary>The number of rows of row-major numbers.</summary>
    private protected int RowsOf(ReadOnlySpan<T> rows, string name)
    {
        if (rows.Length % Features != 0)
            throw new ArgumentException($"Expected rows of {Features} numbers; {rows.Length} numbers came.", name);
        return rows.Length / Features;
    }

    /// <summary>Checks the length of a destination.</summary>
    private protected static void CheckLength(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"Expected room for {expected} numbers; there is room for {length}.", name);
    }

    /// <summary>Checks the length of a destination that may be left out.</summary>
    private protected static void CheckOptionalLength(int length, int expected, string name)
    {
        if (length != 0)
            CheckLength(length, expected, name);
    }

    private protected ReadOnlySpan<T> Context(in ReadOnlyTensorSpan<T> context) => TensorRows.OfOptional(context, ContextFeatures, nameof(context));

    private protected ReadOnlySpan<T> NuisanceRows(in ReadOnlyTensorSpan<T> nuisances) => TensorRows.OfOptional(nuisances, Nuisances, nameof(nuisances));

    private static bool IsShared(ReadOnlySpan<T> values, int rows, int columns, string name)
    {
        if (columns == 0)
        {
            if (!values.IsEmpty)
                throw new ArgumentException($"The model takes no {name}; {values.Length} numbers came.", name);
            return false;
        }

        if (values.Length == columns)
            return true;
        if (values.Length == (long)rows * columns)
            return false;
        throw new ArgumentException($"Expected {rows} rows, or one for all, of {columns} numbers; {values.Length} numbers came.", name);
    }

    private unsafe void Run(
        BlockTask task, int rows, ReadOnlySpan<T> x, ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances, (RandomStream Stream, ulong FirstRow) noise,
        Span<T> values, Span<T> scalars, Span<T> dx, Span<T> dcontext, Span<T> dnuisances,
        IBlockMap<T>? map = null)
    {
        _workspace.ThrowIfDisposed();
        var sharedContext = IsShared(context, rows, ContextFeatures, nameof(context));
        var sharedNuisances = IsShared(nuisances, rows, Nuisances, nameof(nuisances));
        if (rows == 0)
            return;
        // The workers see the caller's memory through pointers, which stay fixed until all have finished.
        fixed (T* px = x, pcontext = context, pnuisances = nuisances, pvalues = values, pscalars = scalars, pdx = dx, pdcontext = dcontext, pdnuisances = dnuisances)
        {
            var call = _workspace.TakeCall();
            call.Task = task;
            call.Map = map;
            call.Rows = rows;
            call.X = px;
            call.Context = pcontext;
            call.ContextIsShared = sharedContext;
            call.Nuisances = pnuisances;
            call.NuisancesAreShared = sharedNuisances;
            call.Noise = noise.Stream;
            call.FirstRow = noise.FirstRow;
            call.Values = pvalues;
            call.Scalars = pscalars;
            call.XGradient = pdx;
            call.ContextGradient = pdcontext;
            call.NuisanceGradient = pdnuisances;
            try
            {
                call.RunAll();
            }
            finally
            {
                _workspace.Return(call);
            }
        }
    }
}
