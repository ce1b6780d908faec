using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Statistics;

namespace FlowCore.Fields;

/// <summary>−ln p of the posterior of each observed field, as functions that are evaluated together.</summary>
/// <param name="posterior">The posterior of a row.</param>
/// <param name="conditions">What was observed, a row each.</param>
internal sealed class PosteriorRows<T>(DensityModel<T> posterior, T[] conditions) : ISmoothFunctions
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _given = new T[conditions.Length];
    private readonly T[] _points = new T[conditions.Length / posterior.ContextFeatures * posterior.Features];
    private readonly T[] _gradients = new T[conditions.Length / posterior.ContextFeatures * posterior.Features];
    private readonly T[] _values = new T[conditions.Length / posterior.ContextFeatures];

    public int Dimension => posterior.Features;

    public void Evaluate(IReadOnlyList<int> functions, ReadOnlySpan<double> x, Span<double> values, Span<double> gradients)
    {
        var (rows, columns) = (functions.Count, posterior.ContextFeatures);
        for (var row = 0; row < rows; row++)
            conditions.AsSpan(functions[row] * columns, columns).CopyTo(_given.AsSpan(row * columns, columns));
        for (var i = 0; i < x.Length; i++)
            _points[i] = T.CreateTruncating(x[i]);
        var logDensity = _values.AsSpan(0, rows);
        var dx = _gradients.AsSpan(0, x.Length);
        posterior.LogDensityGradient(_points.AsSpan(0, x.Length), new Conditions<T>(_given.AsSpan(0, rows * columns)), logDensity, dx);
        for (var row = 0; row < rows; row++)
            values[row] = -double.CreateTruncating(logDensity[row]);
        for (var i = 0; i < x.Length; i++)
            gradients[i] = -double.CreateTruncating(dx[i]);
    }
}
