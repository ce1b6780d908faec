using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Inference;

/// <summary>p(x | z): a likelihood of an observation's row x given labels and latent numbers z, that can be evaluated, sampled and trained.</summary>
/// <remarks>
/// <see cref="DecoderOfFlow{T}"/>, <see cref="DecoderOfCounts{T}"/> and <see cref="DecoderOfItems{T}"/> are the library's. Evaluation of many rows runs on all workers;
/// results do not depend on them. Thread-safe while nobody trains.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class Decoder<T> : IJoinedPart<T>, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the device and the sizes.</summary>
    /// <param name="device">Where it computes.</param>
    /// <param name="observationColumns">The columns of x, at least 1.</param>
    /// <param name="latentColumns">The columns of z, at least 1.</param>
    private protected Decoder(Device device, int observationColumns, int latentColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(observationColumns);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(latentColumns);
        Device = device;
        ObservationColumns = observationColumns;
        LatentColumns = latentColumns;
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>The columns of x.</summary>
    public int ObservationColumns { get; }

    /// <summary>The columns of z.</summary>
    public int LatentColumns { get; }

    /// <summary>What training changes.</summary>
    public abstract ParameterStore<T> Parameters { get; }

    /// <summary>ln p(x | z) of one block.</summary>
    /// <param name="observation">x, [rows, <see cref="ObservationColumns"/>], a block.</param>
    /// <param name="latent">z, [rows, <see cref="LatentColumns"/>], a block.</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="ArgumentException">A shape is not the decoder's.</exception>
    public abstract Variable<T> LogDensity(Variable<T> observation, Variable<T> latent);

    /// <summary>N_d, of how many terms ln p of an observation is the sum: bins, columns or items.</summary>
    /// <param name="observation">x, a row.</param>
    /// <returns>N_d, at least 1.</returns>
    public abstract double TermsOf(ReadOnlySpan<T> observation);

    /// <summary>Draws observations. Row i depends on the stream and on i alone.</summary>
    /// <param name="stream">Where the random numbers come from.</param>
    /// <param name="firstRow">The index of the first row.</param>
    /// <param name="latents">z, row-major [n, <see cref="LatentColumns"/>].</param>
    /// <param name="observations">Receives x, [n, <see cref="ObservationColumns"/>].</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public void Sample(RandomStream stream, ulong firstRow, ReadOnlySpan<T> latents, Span<T> observations)
    {
        var rows = RowsOf(latents, nameof(latents));
        if (observations.Length != (long)rows * ObservationColumns)
            throw new ArgumentException($"Expected room for {rows} rows of {ObservationColumns} numbers, got room for {observations.Length} numbers.", nameof(observations));
        SampleCore(stream, firstRow, latents, observations);
    }

    /// <summary>ln p(x | z) of any number of rows.</summary>
    /// <param name="observations">x, row-major [n, <see cref="ObservationColumns"/>].</param>
    /// <param name="latents">z, row-major [n, <see cref="LatentColumns"/>].</param>
    /// <param name="logDensity">Receives n numbers.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public void LogDensity(ReadOnlySpan<T> observations, ReadOnlySpan<T> latents, Span<T> logDensity)
    {
        var rows = RowsOf(latents, nameof(latents));
        if (observations.Length != (long)rows * ObservationColumns)
            throw new ArgumentException($"Expected {rows} rows of {ObservationColumns} numbers, got {observations.Length} numbers.", nameof(observations));
        if (logDensity.Length != rows)
            throw new ArgumentException($"Expected room for {rows} numbers, got room for {logDensity.Length}.", nameof(logDensity));
        DecoderPass<T>.Run(
            Device, observations.ToArray(), ObservationColumns, latents.ToArray(), LatentColumns, (_, x, z) => LogDensity(x, z), columns: 1, logDensity);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    void IJoinedPart<T>.Join(ParameterStore<T> store) => Join(store);

    internal abstract void Join(ParameterStore<T> store);

    /// <summary>As <see cref="Sample"/>, with lengths that were checked.</summary>
    private protected abstract void SampleCore(RandomStream stream, ulong firstRow, ReadOnlySpan<T> latents, Span<T> observations);

    /// <summary>Frees the parameters.</summary>
    /// <param name="disposing">False when called from a finalizer.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>Throws where the blocks are not the decoder's.</summary>
    private protected void Check(Variable<T> observation, Variable<T> latent)
    {
        if (!observation.IsBlock || observation.Columns != ObservationColumns)
            throw new ArgumentException($"Expected a block of {ObservationColumns} columns, got {OperandChecks.Shape(observation)}.", nameof(observation));
        if (!latent.IsBlock || latent.Columns != LatentColumns)
            throw new ArgumentException($"Expected a block of {LatentColumns} columns, got {OperandChecks.Shape(latent)}.", nameof(latent));
    }

    private int RowsOf(ReadOnlySpan<T> latents, string name) => latents.Length % LatentColumns == 0
        ? latents.Length / LatentColumns
        : throw new ArgumentException($"Expected rows of {LatentColumns} numbers, got {latents.Length} numbers.", name);
}
