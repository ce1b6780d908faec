using FlowCore.Compute;
using FlowCore.Encoders;
using FlowCore.Flows;
using FlowCore.Random;

namespace FlowCore.Tests.Encoders;

/// <summary>Ragged events and a small model of them.</summary>
internal static class EventExamples
{
    public static RaggedLayout Layout { get; } = new(maximumItems: 7, itemFeatures: 2);

    /// <summary>Events of 0 to 7 items of two numbers, and a row of two numbers for each.</summary>
    public static (double[][] Events, double[] Y) Draw(int count, ulong seed)
    {
        var stream = new RandomStream(seed);
        var (events, y) = (new double[count][], new double[2 * count]);
        stream.Substream(0).FillNormal<double>(y);
        for (var e = 0; e < count; e++)
        {
            events[e] = new double[2 * (int)stream.BelowAt(8, (ulong)e)];
            stream.Substream(1 + (ulong)e).FillNormal<double>(events[e]);
        }

        return (events, y);
    }

    public static ConditionalFlow<double> Model()
    {
        var settings = new DeepSetSettings
        {
            ItemUnits = [5, 6],
            EventUnits = [7],
            Outputs = 4,
            WithMaximum = true,
            WithSum = true,
            ItemScale = new([0.1, -0.2], [1.5, 0.7]),
        };
        var flow = NeuralSplineFlow.Create<double>(new NeuralSplineFlowSettings { Features = 2, ContextFeatures = 4, Transforms = 2, HiddenSizes = [8], Bins = 4, Activation = UnaryFunction.Tanh });
        return new ConditionalFlow<double>(new DeepSetEncoder<double>(Layout, settings), flow);
    }
}
