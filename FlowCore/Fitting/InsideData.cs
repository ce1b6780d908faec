using System.Buffers;
using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Fitting;

/// <summary>Rows brought inside their supports on their way to the training: angles into the turn, whole numbers spread over [n, n + 1), anew in every batch.</summary>
internal sealed class InsideData<T> : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const ulong NoiseSubstream = 1UL << 35;

    private readonly ITrainingData<T> _source;
    private readonly IReadOnlyList<Support> _supports;

    private InsideData(ITrainingData<T> source, IReadOnlyList<Support> supports)
    {
        _source = source;
        _supports = supports;
    }

    /// <inheritdoc/>
    public long? Rows => _source.Rows;

    /// <summary>The source itself where nothing has to be brought anywhere.</summary>
    public static ITrainingData<T> Of(ITrainingData<T> source, IReadOnlyList<Support> supports) =>
        supports.Any(support => support.Kind is SupportKind.Circle or SupportKind.Integers) ? new InsideData<T>(source, supports) : source;

    /// <summary>An angle in the turn [lower, upper].</summary>
    public static double Wrapped(double angle, Support support)
    {
        var turn = support.Upper - support.Lower;
        return Math.Clamp(angle - (turn * Math.Floor((angle - support.Lower) / turn)), support.Lower, support.Upper);
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        _source.Fill(request, x, context, nuisances, weights);
        var features = _supports.Count;
        var rented = ArrayPool<double>.Shared.Rent(request.RowCount);
        try
        {
            for (var j = 0; j < features; j++)
            {
                var support = _supports[j];
                if (support.Kind == SupportKind.Circle)
                {
                    var (lower, upper) = (T.CreateTruncating(support.Lower), T.CreateTruncating(support.Upper));
                    for (var i = 0; i < request.RowCount; i++)
                    {
                        ref var angle = ref x[(i * features) + j];
                        angle = T.Clamp(T.CreateTruncating(Wrapped(double.CreateTruncating(angle), support)), lower, upper);
                    }
                }
                else if (support.Kind == SupportKind.Integers)
                {
                    // A row's noise depends on its place in the batch alone, not on the piece it is asked for in.
                    var noise = rented.AsSpan(0, request.RowCount);
                    request.BatchStream().Substream(NoiseSubstream + (ulong)j).FillUniform(noise, (ulong)request.FirstRow);
                    for (var i = 0; i < noise.Length; i++)
                        x[(i * features) + j] = T.CreateTruncating(double.CreateTruncating(x[(i * features) + j]) + noise[i]);
                }
            }
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <inheritdoc/>
    public long? NumberOf(in BatchRequest request, int row) => _source.NumberOf(request, row);

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances) => _source.CheckShape(features, contextFeatures, nuisances);
}
