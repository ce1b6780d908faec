using FlowCore.Compute;
using FlowCore.Training;

namespace FlowCore.Tests.Training;

/// <summary><see cref="NormalRows{T}"/> on a device that has no room for more rows at once than a limit.</summary>
internal sealed class MemoryHungryRows(int limit) : ITrainingData<double>
{
    private readonly NormalRows<double> _rows = new NormalRows<double>(2, 0, 0);

    public int Largest { get; private set; }

    public long? Rows => null;

    public void Fill(in BatchRequest request, Span<double> x, Span<double> context, Span<double> nuisances, Span<double> weights)
    {
        if (request.RowCount > limit)
            throw new DeviceMemoryException("small", 8 * request.RowCount, 0);
        Largest = Math.Max(Largest, request.RowCount);
        _rows.Fill(request, x, context, nuisances, weights);
    }
}
