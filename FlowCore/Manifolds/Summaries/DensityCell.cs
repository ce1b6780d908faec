namespace FlowCore.Manifolds;

/// <summary>One cell of a scan: a box in the coordinates of the scan, with the mean density in it.</summary>
/// <param name="Lower1">The lower end of the first coordinate.</param>
/// <param name="Upper1">The upper end of the first coordinate.</param>
/// <param name="Lower2">The lower end of the second coordinate; 0 where there is one dimension.</param>
/// <param name="Upper2">The upper end of the second coordinate; 1 where there is one dimension.</param>
/// <param name="Volume">The volume in the embedding measure.</param>
/// <param name="Mass">The probability in it.</param>
/// <param name="Lowest">The lowest density met in it, per embedding measure.</param>
/// <param name="Highest">The highest density met in it.</param>
public readonly record struct DensityCell(
    double Lower1, double Upper1, double Lower2, double Upper2, double Volume, double Mass, double Lowest, double Highest)
{
    /// <summary>The mean density.</summary>
    public double Density => Mass / Volume;
}
