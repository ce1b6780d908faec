using FlowCore.Encoders;
using FlowCore.Files;
using FlowCore.Flows;
using FlowCore.Training;

namespace Encoders;

/// <summary>The program of the page on encoders: events with different numbers of hits, from training to a file.</summary>
internal static class FirstEncoder
{
    /// <summary>Trains, saves and loads a posterior.</summary>
    /// <param name="path">Where the file goes.</param>
    /// <param name="options">How to train.</param>
    public static ConditionalFlow<float> Run(string path, TrainingOptions options)
    {
        var (labels, events) = new PointSource(Pointing: 0).Draw(2000, seed: 1);

        // Rows of the encoder: the number of hits, and room for 76 hits of two numbers.
        var layout = new RaggedLayout(maximumItems: 76, itemFeatures: 2);
        var encoder = new DeepSetEncoder<float>(layout, new DeepSetSettings { ItemScale = events.ItemScale() });
        var flow = NeuralSplineFlow.Create<float>(new NeuralSplineFlowSettings { Features = 3, ContextFeatures = encoder.Outputs });
        using var model = new ConditionalFlow<float>(encoder, flow);

        var (training, validation) = new RaggedData<float>(labels, features: 3, events, layout).Split(0.1, seed: 1);
        model.Fit(training, options, validation);
        model.Save(path);

        // Encode an observation once, draw from the flow behind the encoder.
        var read = ConditionalFlow<float>.Load(path);
        var codes = read.Encode(events.ToRows(layout).AsSpan(0, layout.Columns));
        var draws = new float[3 * 1000];
        read.Head.Sample(new(Seed: 2), 0, codes, draws, default);
        return read;
    }
}
