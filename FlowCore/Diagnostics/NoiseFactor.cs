namespace FlowCore.Diagnostics;

/// <summary>Neighbouring columns of the noise that belong together, such as those of one factor of a product of spaces.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="First">Its first column.</param>
/// <param name="Count">How many columns, the dimension of the factor.</param>
public sealed record NoiseFactor(string Name, int First, int Count)
{
    /// <summary>Throws unless factors have columns of the noise, in order and each once.</summary>
    internal static void Check(IReadOnlyList<NoiseFactor> factors, int columns, string name)
    {
        ArgumentNullException.ThrowIfNull(factors, name);
        var next = 0;
        foreach (var factor in factors)
        {
            if (factor.First < next || factor.Count < 1 || factor.Count > columns - factor.First)
            {
                throw new ArgumentException(
                    $"Expected factors that follow one another within {columns} columns, got {factor.Name} of {factor.Count} columns from {factor.First} on.", name);
            }

            next = factor.First + factor.Count;
        }
    }
}
