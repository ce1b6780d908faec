using FlowCore.Training;

namespace FlowCore.Tests.Flows;

/// <summary>An endless generator of three features whose second is bent over the first and whose first moves with the context; as angles where that is wanted.</summary>
internal sealed class BentRows(int contextFeatures, bool areAngles) : ITrainingData<float>
{
    public const int Features = 3;

    public long? Rows => null;

    public void Fill(in BatchRequest request, Span<float> x, Span<float> context, Span<float> nuisances, Span<float> weights)
    {
        var stream = request.BatchStream();
        stream.FillNormal(x, (ulong)request.FirstRow * Features);
        stream.Substream(1).FillNormal(context, (ulong)request.FirstRow * (ulong)contextFeatures);
        for (var row = 0; row < request.RowCount; row++)
        {
            var values = x.Slice(row * Features, Features);
            values[0] += 0.7f + (contextFeatures > 0 ? context[row * contextFeatures] : 0);
            values[1] += 0.5f * values[0] * values[0];
            values[2] = (0.3f * values[2]) - values[1];
            for (var j = 0; j < Features && areAngles; j++)
                values[j] = 2 * MathF.Atan(values[j]);
        }
    }
}
