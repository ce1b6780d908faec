using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>
/// A normalised density p(x | conditions) that can be evaluated, sampled and differentiated: what training and
/// analysis work with.
/// </summary>
/// <remarks>
/// <para>
/// Methods of variables compute one block on the variables' tape; derived classes implement them. The other methods take any
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

    /// <summary>C + K: the columns of the conditions on a tape, those of the context first.</summary>
    public int ConditionColumns => ContextFeatures + Nuisances;

    /// <summary>Where the model computes.</summary>
    public Device Device { get; }

    /// <summary>The most rows that the model computes at once: the device's, or fewer where a row is large, as a field is, so that what a block needs stays near.</summary>
    /// <remarks>Results do not depend on it, but for the order of the sums over rows in a training.</remarks>
    public virtual int BlockRows => Device.BlockRows;

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

    /// <summary>ln p(x | c) of one block.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">[rows, C + K], a block or a shared row: the context, then the nuisances; "no variable" for none.</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="ArgumentException">A shape is not the model's.</exception>
    public abstract Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default);

    /// <summary>z = f(x | c) and log|det ∂z/∂x| of one block.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="conditions">As in <see cref="LogDensity(Variable{T}, Variable{T})"/>.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, <see cref="NoiseFeatures"/>].</returns>
    /// <exception cref="ArgumentException">A shape is not the model's.</exception>
    public abstract Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet);

    /// <summary>x = f⁻¹(z | c) and log|det ∂x/∂z| of one block: differentiable sampling.</summary>
    /// <param name="z">[rows, <see cref="NoiseFeatures"/>], a block.</param>
    /// <param name="conditions">As in <see cref="LogDensity(Variable{T}, Variable{T})"/>.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the model's.</exception>
    public abstract Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet);

    /// <summary>The point of <see cref="FromNoise(Variable{T}, Variable{T}, out Variable{T})"/> alone, for draws of which no density is asked.</summary>
    internal virtual Variable<T> PointOf(Variable<T> z, Variable<T> conditions) => FromNoise(z, conditions, out _);

    /// <summary>The distribution of the noise z.</summary>
    public abstract BaseDistribution<T> BaseDistribution { get; }

    /// <summary>The columns of the noise z.</summary>
    public int NoiseFeatures => BaseDistribution.Features;

    /// <summary>z of fresh random numbers, for the rows of a tape's block.</summary>
    internal Variable<T> DrawNoise(Tape<T> tape, RandomStream stream, ulong firstRow, Variable<T> conditions) =>
        BaseDistribution.Draw(tape, stream, firstRow, Transform<T>.Leading(conditions, BaseDistribution.ConditionColumns));

    /// <summary>ln p(z) of the base distribution.</summary>
    internal Variable<T> NoiseLogDensity(Variable<T> z, Variable<T> conditions) =>
        BaseDistribution.LogDensity(z, Transform<T>.Leading(conditions, BaseDistribution.ConditionColumns));

    /// <summary>A copy of its own with the same numbers, possibly in another precision and on another device.</summary>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="device">Where the copy computes; null for the same device.</param>
    /// <returns>The copy; it shares nothing with this model.</returns>
    /// <exception cref="NotSupportedException">A part is of a kind that no list given to <see cref="PartRegistry"/> has.</exception>
    public DensityModel<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> => ConvertCore<TOther>(device);

    /// <summary>As <see cref="ConvertTo"/>; the default says that the class cannot.</summary>
    /// <typeparam name="TOther">The number type of the copy.</typeparam>
    /// <param name="device">Where the copy computes; null for the same device.</param>
    /// <returns>The copy.</returns>
    protected internal virtual DensityModel<TOther> ConvertCore<TOther>(Device? device)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        throw new NotSupportedException($"A model of the class {PartCatalog<T>.NameOf(GetType())} cannot be converted.");

    // ---- Any number of rows, spans --------------------------------------------------------------------------------

    /// <summary>ln p of every row. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all; left out where there are none.</param>
    /// <param name="destination">Receives n numbers.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void LogDensity(ReadOnlySpan<T> x, Conditions<T> conditions, Span<T> destination)
    {
        var rows = RowsOf(x, Features, nameof(x));
        CheckLength(destination.Length, rows, nameof(destination));
        Run(BlockTask.LogDensity, rows, x, conditions, default, default, destination, default, default, default);
    }

    /// <inheritdoc cref="LogDensity(ReadOnlySpan{T}, Conditions{T}, Span{T})"/>
    public void LogDensity(ReadOnlySpan<T> x, Span<T> destination) => LogDensity(x, default(Conditions<T>), destination);

    /// <summary>z = f(x) and log|det ∂z/∂x| of every row. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all; left out where there are none.</param>
    /// <param name="z">Receives [n, D].</param>
    /// <param name="logDet">Receives n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void ToNoise(ReadOnlySpan<T> x, Conditions<T> conditions, Span<T> z, Span<T> logDet)
    {
        var rows = RowsOf(x, Features, nameof(x));
        CheckLength(z.Length, checked(rows * NoiseFeatures), nameof(z));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        Run(BlockTask.ToNoise, rows, x, conditions, default, z, logDet, default, default, default);
    }

    /// <inheritdoc cref="ToNoise(ReadOnlySpan{T}, Conditions{T}, Span{T}, Span{T})"/>
    public void ToNoise(ReadOnlySpan<T> x, Span<T> z, Span<T> logDet) => ToNoise(x, default(Conditions<T>), z, logDet);

    /// <summary>x = f⁻¹(z) and log|det ∂x/∂z| of every row. Allocates nothing once warm.</summary>
    /// <param name="z">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all; left out where there are none.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDet">Receives n numbers, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void FromNoise(ReadOnlySpan<T> z, Conditions<T> conditions, Span<T> x, Span<T> logDet)
    {
        var rows = RowsOf(z, NoiseFeatures, nameof(z));
        CheckLength(x.Length, checked(rows * Features), nameof(x));
        CheckOptionalLength(logDet.Length, rows, nameof(logDet));
        Run(BlockTask.FromNoise, rows, z, conditions, default, x, logDet, default, default, default);
    }

    /// <inheritdoc cref="FromNoise(ReadOnlySpan{T}, Conditions{T}, Span{T}, Span{T})"/>
    public void FromNoise(ReadOnlySpan<T> z, Span<T> x, Span<T> logDet) => FromNoise(z, default(Conditions<T>), x, logDet);

    /// <summary>Draws rows. Row i depends on the stream and on i alone. Allocates nothing once warm.</summary>
    /// <param name="stream">Where the noise comes from.</param>
    /// <param name="firstRow">The index of the first row: 0, or how many were drawn from the stream before.</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all; left out where there are none.</param>
    /// <param name="x">Receives [n, D].</param>
    /// <param name="logDensity">Receives ln p of each row, or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a context or nuisance is not finite.</exception>
    public void Sample(RandomStream stream, ulong firstRow, Conditions<T> conditions, Span<T> x, Span<T> logDensity)
    {
        var rows = RowsOf(x, Features, nameof(x));
        CheckOptionalLength(logDensity.Length, rows, nameof(logDensity));
        Run(BlockTask.Sample, rows, default, conditions, (stream, firstRow), x, logDensity, default, default, default);
    }

    /// <inheritdoc cref="Sample(RandomStream, ulong, Conditions{T}, Span{T}, Span{T})"/>
    public void Sample(RandomStream stream, ulong firstRow, Span<T> x, Span<T> logDensity) =>
        Sample(stream, firstRow, default(Conditions<T>), x, logDensity);

    /// <summary>ln p of every row and its gradients with respect to the row itself, its context and its nuisances. Allocates nothing once warm.</summary>
    /// <param name="x">Row-major [n, D].</param>
    /// <param name="conditions">Context and nuisances: row-major, a row for every event or one for all; left out where there are none.</param>
    /// <param name="logDensity">Receives n numbers, or empty.</param>
    /// <param name="dx">Receives ∂ ln p / ∂x [n, D], or empty.</param>
    /// <param name="dcontext">Receives ∂ ln p / ∂context of each row [n, C], or empty.</param>
    /// <param name="dnuisances">Receives ∂ ln p / ∂nuisances of each row [n, K], or empty.</param>
    /// <exception cref="ArgumentException">A length is wrong, or a row is not finite.</exception>
    public void LogDensityGradient(
        ReadOnlySpan<T> x, Conditions<T> conditions, Span<T> logDensity, Span<T> dx, Span<T> dcontext = default, Span<T> dnuisances = default)
    {
        var rows = RowsOf(x, Features, nameof(x));
        CheckOptionalLength(logDensity.Length, rows, nameof(logDensity));
        CheckOptionalLength(dx.Length, x.Length, nameof(dx));
        CheckOptionalLength(dcontext.Length, checked(rows * ContextFeatures), nameof(dcontext));
        CheckOptionalLength(dnuisances.Length, checked(rows * Nuisances), nameof(dnuisances));
        Run(BlockTask.Gradient, rows, x, conditions, default, default, logDensity, dx, dcontext, dnuisances);
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
        LogDensity(rows, Rows(context, nuisances), result);
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
        var logDet = new T[rows.Length / Features];
        var z = new T[checked(logDet.Length * NoiseFeatures)];
        ToNoise(rows, Rows(context, nuisances), z, logDet);
        return (Tensor.Create(z, [logDet.Length, NoiseFeatures]), Tensor.Create(logDet, [logDet.Length]));
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
        var rows = TensorRows.Of(z, NoiseFeatures, nameof(z));
        var logDet = new T[rows.Length / NoiseFeatures];
        var x = new T[checked(logDet.Length * Features)];
        FromNoise(rows, Rows(context, nuisances), x, logDet);
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
        Sample(new RandomStream(seed), 0, Rows(context, nuisances), x, default);
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
        Sample(new RandomStream(seed), 0, Rows(context, nuisances), x, logDensity);
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
        LogDensityGradient(rows, Rows(context, nuisances), logDensity, dx, dcontext, dnuisances);
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
    internal void RunMap(
        IBlockMap<T> map, int rows, ReadOnlySpan<T> x, Conditions<T> conditions, Span<T> values, Span<T> logDet)
    {
        Run(BlockTask.Map, rows, x, conditions, default, values, logDet, default, default, default, map);
    }

    /// <summary>The number of rows of row-major numbers.</summary>
    private protected static int RowsOf(ReadOnlySpan<T> rows, int columns, string name)
    {
        if (rows.Length % columns != 0)
            throw new ArgumentException($"Expected rows of {columns} numbers, got {rows.Length} numbers.", name);
        return rows.Length / columns;
    }

    /// <summary>Throws where the model, or one that its density needs, is disposed.</summary>
    private protected virtual void ThrowIfDisposed() => _workspace.ThrowIfDisposed();

    /// <summary>Throws where a model is disposed that another one's density needs.</summary>
    private protected static void ThrowIfDisposed(DensityModel<T> model) => model.ThrowIfDisposed();

    /// <summary>Checks the length of a destination.</summary>
    private protected static void CheckLength(int length, int expected, string name)
    {
        if (length != expected)
            throw new ArgumentException($"Expected room for {expected} numbers, got room for {length}.", name);
    }

    /// <summary>Checks the length of a destination that may be left out.</summary>
    private protected static void CheckOptionalLength(int length, int expected, string name)
    {
        if (length != 0)
            CheckLength(length, expected, name);
    }

    /// <summary>The conditions that tensors hold.</summary>
    private protected Conditions<T> Rows(in ReadOnlyTensorSpan<T> context, in ReadOnlyTensorSpan<T> nuisances) => new(
        TensorRows.OfOptional(context, ContextFeatures, nameof(context)), TensorRows.OfOptional(nuisances, Nuisances, nameof(nuisances)));

    private static bool IsShared(ReadOnlySpan<T> values, int rows, int columns, string name)
    {
        if (columns == 0)
        {
            if (!values.IsEmpty)
                throw new ArgumentException($"The model takes no {name}, got {values.Length} numbers.", name);
            return false;
        }

        if (values.Length == columns)
            return true;
        if (values.Length == (long)rows * columns)
            return false;
        throw new ArgumentException($"Expected {rows} rows, or one for all, of {columns} numbers, got {values.Length} numbers.", name);
    }

    private unsafe void Run(
        BlockTask task, int rows, ReadOnlySpan<T> x, Conditions<T> conditions, (RandomStream Stream, ulong FirstRow) noise,
        Span<T> values, Span<T> scalars, Span<T> dx, Span<T> dcontext, Span<T> dnuisances,
        IBlockMap<T>? map = null)
    {
        if (map is null)
            ThrowIfDisposed();
        else
            _workspace.ThrowIfDisposed();
        var context = conditions.Context;
        var nuisances = conditions.Nuisances;
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
