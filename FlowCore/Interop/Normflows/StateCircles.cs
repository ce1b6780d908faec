using System.Globalization;
using System.Numerics;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Splines of normflows of which some are of angles and others of the line, each with a bound of its own.</summary>
/// <remarks>
/// All then have 3K + 1 numbers, of which those of the line leave both outer slopes out and those of angles the last one. Which are angles the networks' inputs
/// tell for the features that they read; of others the caller must.
/// </remarks>
/// <param name="source">The tensors.</param>
/// <param name="settings">What they do not say.</param>
/// <param name="splines">The splines.</param>
internal sealed class StateCircles<T>(TensorSource source, StateSettings settings, StateSplines splines)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Flag = $"--circular with the numbers of the angles, or none ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Circular)})";

    /// <summary>The splines of a layer's features, each of its own kind; null where all are of one kind and one bound.</summary>
    /// <param name="name">What the layer's names begin with.</param>
    /// <param name="tensor">The tensor that says how many parameters there are.</param>
    /// <param name="perFeature">How many a feature has.</param>
    /// <param name="features">Which features of the layer they are of.</param>
    /// <param name="scale">What multiplies raw sizes.</param>
    /// <param name="angles">Which of them are angles, where the network tells; null where it does not.</param>
    /// <param name="onLine">Whether angles are to go on as straight lines.</param>
    public PerFeature<T>? Read(string name, string tensor, int perFeature, int[] features, double scale, int[]? angles, bool onLine)
    {
        if (!splines.HasCircles)
            return null;

        var boundName = TensorSource.Join(name, "tail_bound");
        var bounds = source.Contains(boundName) ? source.TakeNumbers<double>(boundName, features.Length) : null;
        var isMixed = perFeature % 3 == 1 && settings.Tails != SplineTails.None;
        if (!isMixed && bounds is null)
            return null;

        int[]? said = settings.Circular is null ? null : [.. features.Where(settings.Circular.Contains)];
        if (angles is not null && said is not null && !said.Order().SequenceEqual(angles.Order()))
            throw new ModelFormatException($"Expected the angles of '{name}' that the tensors tell, {List(angles)}, got {List(said)} by the option.");

        if (isMixed && (said ?? angles) is null)
        {
            throw new ModelFormatException(
                $"Expected splines of which is known which are of angles, got {perFeature} outputs a feature in '{tensor}': of angles and of the line, or without tails; "
                + $"{Flag} decides, or {StateSplines.TailsFlag}.");
        }

        var isAngle = features.Select(feature => perFeature % 3 == 0 || (isMixed && (said ?? angles)!.Contains(feature))).ToArray();
        var bound = bounds is null ? splines.Bound<T>() : 0;
        var bins = (perFeature + 1) / 3;
        var maps = new Univariate<T>[features.Length];
        var columns = new int[features.Length][];
        for (var j = 0; j < maps.Length; j++)
        {
            var own = StateSplines.Softmax(bins, bounds?[j] ?? bound, scale);
            maps[j] = StateSplines.Checked(name, () => isAngle[j] ? StateSplines.Circle<T>(own, onLine) : new RationalQuadraticSpline<T>(own));
            columns[j] = isAngle[j] ? [.. Enumerable.Range(0, 3 * bins)]
                : isMixed ? [.. Enumerable.Range(0, 2 * bins), .. Enumerable.Range((2 * bins) + 1, bins - 1)]
                : [.. Enumerable.Range(0, perFeature)];
        }

        return new PerFeature<T>(maps, perFeature, columns);
    }

    private static string List(int[] features) => features.Length == 0 ? "none" : string.Join(", ", features.Select(feature => feature.ToString(CultureInfo.InvariantCulture)));
}
