using System.Numerics;

namespace FlowCore.Training;

/// <summary>Rows of a training on the host, those without weight left out: for layers that look at whole batches.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="X">[rows, features].</param>
/// <param name="Context">[rows, context features].</param>
internal sealed record HostBatch<T>(T[] X, T[] Context)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Asks a source for batches, one after another.</summary>
    /// <param name="data">The source; it takes no nuisances.</param>
    /// <param name="features">The features of a row.</param>
    /// <param name="contextFeatures">The context features of a row.</param>
    /// <param name="requests">Which rows.</param>
    public static HostBatch<T> Of(ITrainingData<T> data, int features, int contextFeatures, IReadOnlyList<BatchRequest> requests)
    {
        var all = requests.Sum(request => request.RowCount);
        var (x, context, kept) = (new T[all * features], new T[all * contextFeatures], 0);
        foreach (var request in requests)
        {
            var rows = request.RowCount;
            var (xs, contexts, weights) = (new T[rows * features], new T[rows * contextFeatures], new T[rows]);
            Array.Fill(weights, T.One);
            data.Fill(request, xs, contexts, [], weights);
            for (var i = 0; i < rows; i++)
            {
                if (weights[i] == T.Zero)
                    continue;
                xs.AsSpan(i * features, features).CopyTo(x.AsSpan(kept * features));
                contexts.AsSpan(i * contextFeatures, contextFeatures).CopyTo(context.AsSpan(kept * contextFeatures));
                kept++;
            }
        }

        return new HostBatch<T>(x[..(kept * features)], context[..(kept * contextFeatures)]);
    }
}
