using System.Buffers;
using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>Rows of another source with standard normal numbers behind, as nuisances: a row's depend on seed, step and row alone.</summary>
internal sealed class MixedObjectiveData<T>(ITrainingData<T> inner, int flags, int noise) : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // A name of this source's own: an inner source may draw from the batch's stream itself.
    private const ulong Name = 0x4D49_5845_444F_424A;

    /// <inheritdoc/>
    public long? Rows => inner.Rows;

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        var rows = request.RowCount;
        var buffer = ArrayPool<T>.Shared.Rent(rows * (flags + noise));
        try
        {
            var given = buffer.AsSpan(0, rows * flags);
            var drawn = buffer.AsSpan(rows * flags, rows * noise);
            inner.Fill(request, x, context, given, weights);
            request.BatchStream().Substream(Name).FillNormal(drawn, (ulong)request.FirstRow * (ulong)noise);
            for (var i = 0; i < rows; i++)
            {
                var row = nuisances.Slice(i * (flags + noise), flags + noise);
                given.Slice(i * flags, flags).CopyTo(row);
                drawn.Slice(i * noise, noise).CopyTo(row[flags..]);
            }
        }
        finally
        {
            ArrayPool<T>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public long? NumberOf(in BatchRequest request, int row) => inner.NumberOf(request, row);

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances) => inner.CheckShape(features, contextFeatures, flags);
}
