using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Benchmarks.Cases;

/// <summary>Normal features and context; ν on the four templates, a quarter of the rows each.</summary>
internal sealed class NormalRows(DensityModel<float> model) : ITrainingData<float>
{
    private static readonly float[][] _templates = [[1, 0], [-1, 0], [0, 1], [0, -1]];

    private readonly int _features = model.Features;
    private readonly int _context = model.ContextFeatures;
    private readonly int _nuisances = model.Nuisances;

    public long? Rows => null;

    public void Fill(in BatchRequest request, Span<float> x, Span<float> context, Span<float> nuisances, Span<float> weights)
    {
        var stream = request.BatchStream();
        stream.FillNormal(x, (ulong)request.FirstRow * (ulong)_features);
        stream.Substream(1).FillNormal(context, (ulong)request.FirstRow * (ulong)_context);
        for (var row = 0; row < request.RowCount && _nuisances > 0; row++)
        {
            var template = _templates[(request.FirstRow + row) % _templates.Length];
            template.CopyTo(nuisances[(row * _nuisances)..]);
        }
    }
}
