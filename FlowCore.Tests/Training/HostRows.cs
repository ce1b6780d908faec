using System.Numerics;
using FlowCore.Training;

namespace FlowCore.Tests.Training;

/// <summary>A source that draws on the device, made to fill host rows instead.</summary>
internal sealed class HostRows<T>(IDeviceTrainingData<T> source) : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public long? Rows => source.Rows;

    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights) =>
        source.Fill(request, x, context, nuisances, weights);
}
