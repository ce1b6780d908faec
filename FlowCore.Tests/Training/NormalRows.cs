using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Tests.Training;

/// <summary>An endless generator: normals of location 0.7 and scale 2 plus the row's context and nuisances, which are normals too.</summary>
internal sealed class NormalRows<T>(int features, int contextFeatures = 0, int nuisances = 0) : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const double Location = 0.7;
    public const double Scale = 2;

    public long? Rows => null;

    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisanceRows, Span<T> weights)
    {
        var stream = request.BatchStream();
        var first = (ulong)request.FirstRow;
        stream.FillNormal(x, first * (ulong)features);
        stream.Substream(0).FillNormal(context, first * (ulong)contextFeatures);
        stream.Substream(1).FillNormal(nuisanceRows, first * (ulong)nuisances);
        for (var row = 0; row < request.RowCount; row++)
        {
            var shift = T.CreateChecked(Location);
            for (var j = 0; j < contextFeatures; j++)
                shift += context[(row * contextFeatures) + j];
            for (var j = 0; j < nuisances; j++)
                shift += nuisanceRows[(row * nuisances) + j];
            for (var j = 0; j < features; j++)
                x[(row * features) + j] = shift + (T.CreateChecked(Scale) * x[(row * features) + j]);
        }
    }
}
