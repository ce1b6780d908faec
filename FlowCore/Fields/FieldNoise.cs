namespace FlowCore.Fields;

/// <summary>The noise of observed fields d = M(y + n): independent Gaussian noise of known deviation in every pixel, and pixels that were not observed. Immutable.</summary>
/// <remarks>A hidden pixel has N⁻¹ = 0: what stands in the data there does not count, as long as it is a number.</remarks>
public sealed class FieldNoise
{
    private readonly double[] _inverseVariances;

    private FieldNoise(double[] inverseVariances, bool isUniform)
    {
        _inverseVariances = inverseVariances;
        IsUniform = isUniform;
    }

    /// <summary>How many pixels a field has.</summary>
    public int Pixels => _inverseVariances.Length;

    /// <summary>1/σ² of each pixel; 0 where it is hidden.</summary>
    public ReadOnlySpan<double> InverseVariances => _inverseVariances;

    /// <summary>Whether all pixels are observed with one deviation.</summary>
    public bool IsUniform { get; }

    /// <summary>The same deviation in every pixel, and a mask.</summary>
    /// <param name="pixels">How many pixels a field has, at least 1.</param>
    /// <param name="deviation">σ, finite and positive.</param>
    /// <param name="hidden">True for every pixel that was not observed; empty where all were.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the mask has another size.</exception>
    public static FieldNoise Of(int pixels, double deviation, ReadOnlySpan<bool> hidden = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixels);
        var deviations = new double[pixels];
        Array.Fill(deviations, deviation);
        return Of(deviations, hidden);
    }

    /// <summary>A deviation for each pixel, and a mask.</summary>
    /// <param name="deviations">σ of each pixel, finite and positive.</param>
    /// <param name="hidden">True for every pixel that was not observed; empty where all were.</param>
    /// <returns>The noise.</returns>
    /// <exception cref="ArgumentException">A number is out of range, or the mask has another size.</exception>
    public static FieldNoise Of(ReadOnlySpan<double> deviations, ReadOnlySpan<bool> hidden = default)
    {
        if (deviations.IsEmpty)
            throw new ArgumentException("Expected at least one pixel, got none.", nameof(deviations));
        if (!hidden.IsEmpty && hidden.Length != deviations.Length)
            throw new ArgumentException($"Expected a mask of {deviations.Length} pixels, got one of {hidden.Length}.", nameof(hidden));
        var inverse = new double[deviations.Length];
        for (var i = 0; i < inverse.Length; i++)
        {
            var variance = deviations[i] * deviations[i];
            if (!(deviations[i] > 0) || !double.IsFinite(1 / variance) || !double.IsFinite(variance))
                throw new ArgumentException($"Expected finite, positive deviations, got {deviations[i]} for pixel {i}.", nameof(deviations));
            inverse[i] = !hidden.IsEmpty && hidden[i] ? 0 : 1 / variance;
        }

        return new FieldNoise(inverse, Array.TrueForAll(inverse, value => value == inverse[0]) && inverse[0] > 0);
    }
}
