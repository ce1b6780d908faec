namespace FlowCore.Manifolds;

/// <summary>Levels of highest-density regions: the density on the edge of the smallest region that holds a given probability.</summary>
public static class HighestDensity
{
    /// <summary>The levels of a density that is known in cells.</summary>
    /// <remarks>
    /// Cells are sorted by density and their masses added up; the level is the mean of the first density whose cumulated mass exceeds the probability and the next
    /// one, 0 after the last. Levels that come out equal are made to fall by roundings, as contour programs want.
    /// </remarks>
    /// <param name="densities">The density of each cell.</param>
    /// <param name="volumes">The volume of each cell.</param>
    /// <param name="probabilities">The probabilities, rising, in (0, 1).</param>
    /// <returns>A level for each probability, strictly falling.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a probability is out of range or they do not rise.</exception>
    public static double[] Levels(ReadOnlySpan<double> densities, ReadOnlySpan<double> volumes, params ReadOnlySpan<double> probabilities)
    {
        if (densities.Length != volumes.Length || densities.IsEmpty)
            throw new ArgumentException($"Expected a volume for each of at least one cell, got {volumes.Length} for {densities.Length}.", nameof(volumes));
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (!(probabilities[i] > (i == 0 ? 0 : probabilities[i - 1]) && probabilities[i] < 1))
                throw new ArgumentException($"Expected rising probabilities between 0 and 1, got {probabilities[i]} at place {i}.", nameof(probabilities));
        }

        var (falling, masses) = (densities.ToArray(), new double[densities.Length]);
        for (var i = 0; i < masses.Length; i++)
            masses[i] = densities[i] * volumes[i];
        for (var i = 0; i < falling.Length; i++)
            falling[i] = -falling[i];
        Array.Sort(falling, masses);
        var levels = new double[probabilities.Length];
        var (cumulated, next) = (0.0, 0);
        for (var i = 0; i < falling.Length && next < levels.Length; i++)
        {
            cumulated += masses[i];
            while (next < levels.Length && cumulated > probabilities[next])
            {
                var following = i + 1 < falling.Length ? -falling[i + 1] : 0;
                levels[next++] = 0.5 * (-falling[i] + following);
            }
        }

        for (var i = 1; i < levels.Length; i++)
        {
            if (levels[i] >= levels[i - 1])
                levels[i] = Math.Max(0, Math.BitDecrement(levels[i - 1]));
        }

        return levels;
    }
}
