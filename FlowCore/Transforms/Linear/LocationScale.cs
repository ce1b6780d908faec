using System.Numerics;
using FlowCore.Numerics;

namespace FlowCore.Transforms;

/// <summary>The location and scale of each feature of a data set.</summary>
/// <param name="Location">The location of each feature, finite.</param>
/// <param name="Scale">The scale of each feature, finite and positive.</param>
public sealed record LocationScale(IReadOnlyList<double> Location, IReadOnlyList<double> Scale)
{
    /// <summary>Mean and standard deviation of each feature. A feature that is constant within the roundings of its numbers gets the scale 1.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="rows">Row-major [n, features], n at least 1.</param>
    /// <param name="features">How many columns.</param>
    /// <returns>The location and scale.</returns>
    /// <exception cref="ArgumentException">There is no row, or the numbers do not make whole rows, or one is not finite.</exception>
    public static LocationScale FromData<T>(ReadOnlySpan<T> rows, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.IsEmpty || rows.Length % features != 0)
            throw new ArgumentException($"Expected rows of {features} numbers, got {rows.Length} numbers.", nameof(rows));
        var count = rows.Length / features;
        var location = new double[features];
        var scale = new double[features];
        var constant = DataMoments.Constants(rows, features);
        for (var j = 0; j < features; j++)
        {
            var mean = 0.0;
            for (var i = j; i < rows.Length; i += features)
                mean += double.CreateTruncating(rows[i]);
            mean /= count;
            var variance = 0.0;
            for (var i = j; i < rows.Length; i += features)
            {
                var deviation = double.CreateTruncating(rows[i]) - mean;
                variance += deviation * deviation;
            }

            variance /= count;
            if (!double.IsFinite(variance))
                throw new ArgumentException($"Expected finite numbers; column {j} has others.", nameof(rows));
            location[j] = mean;
            scale[j] = variance > 0 && !constant[j] ? Math.Sqrt(variance) : 1;
        }

        return new LocationScale(location, scale);
    }

    /// <inheritdoc/>
    public override string ToString() => $"location {NumberText.Of(Location)}, scale {NumberText.Of(Scale)}";
}
