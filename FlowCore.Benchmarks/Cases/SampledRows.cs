using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>The same rows in every batch, for models whose support normal rows would leave.</summary>
internal sealed class SampledRows<T>(T[] rows, T[] conditions) : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public long? Rows => null;

    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        rows.AsSpan(x.Length / Math.Max(1, request.RowCount) * request.FirstRow, x.Length).CopyTo(x);
        if (context.Length > 0)
            conditions.AsSpan(context.Length / request.RowCount * request.FirstRow, context.Length).CopyTo(context);
    }
}
