using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Random;
using FlowCore.Templates;

namespace FlowCore.Cli.Templates;

/// <summary>Rows that a model draws for figures: at every ν from the same random numbers, so that curves along ν are smooth.</summary>
internal sealed class ResponseDraws(FactorizableFlow<float> model, ulong seed)
{
    // A name of the figures' own.
    private const ulong Stream = 0x4649_4755_5245_5300;

    private readonly RandomStream _stream = new RandomStream(seed).Substream(Stream);

    /// <summary>Draws at ν.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="nuisances">ν.</param>
    /// <param name="contexts">Whose contexts the rows are given, in turn; of a template with weights they are those rows' with their weights.</param>
    public float[] At(int count, IReadOnlyList<double> nuisances, Template<float> contexts)
    {
        var x = new float[count * model.Features];
        var context = new float[count * model.ContextFeatures];
        if (context.Length > 0)
        {
            var cumulative = Cumulative(contexts);
            var uniform = new double[count];
            _stream.Substream(1).FillUniform<double>(uniform);
            for (var i = 0; i < count; i++)
            {
                var place = Array.BinarySearch(cumulative, uniform[i] * cumulative[^1]);
                var row = Math.Min(place < 0 ? ~place : place, contexts.Rows - 1);
                contexts.Context.Span.Slice(row * model.ContextFeatures, model.ContextFeatures).CopyTo(context.AsSpan(i * model.ContextFeatures));
            }
        }

        var nu = nuisances.Count == 0 ? new float[model.Nuisances] : nuisances.Select(value => (float)value).ToArray();
        model.Sample(_stream.Substream(0), 0, new Conditions<float>(context, nu), x, default);
        return x;
    }

    private static double[] Cumulative(Template<float> template)
    {
        var cumulative = new double[template.Rows];
        var sum = 0.0;
        for (var i = 0; i < cumulative.Length; i++)
            cumulative[i] = sum += template.Weights.IsEmpty ? 1 : template.Weights.Span[i];
        return cumulative;
    }
}
