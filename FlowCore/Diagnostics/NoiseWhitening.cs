using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;

namespace FlowCore.Diagnostics;

/// <summary>Maps the noise of a base distribution to independent standard normal numbers in double. Thread-safe.</summary>
/// <remarks>Feature j of the result depends on the features up to j of the noise and rises with feature j.</remarks>
/// <param name="features">D.</param>
/// <param name="encoder">The network that computes the numbers of the distribution from the conditions; null where they are free.</param>
internal abstract class NoiseWhitening<T>(int features, Network<T>? encoder)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>D.</summary>
    public int Features => features;

    /// <summary>The network of the distribution's numbers, or null.</summary>
    public Network<T>? Encoder => encoder;

    /// <summary>What a row has: the noise, then the outputs of the network.</summary>
    public int Columns => features + (encoder?.Outputs ?? 0);

    /// <summary>How many numbers <see cref="Apply"/> needs to work with.</summary>
    public virtual int ScratchLength => 0;

    /// <summary>Prepares the map with the parameters of the moment.</summary>
    /// <exception cref="NotSupportedException">The distribution functions are not known.</exception>
    public static NoiseWhitening<T> Of(BaseDistribution<T> distribution) => distribution switch
    {
        NormalMixture<T> mixture => new MixtureWhitening<T>(mixture),
        ConditionalNormal<T> normal => new ConditionalWhitening<T>(normal),
        _ => ProductWhitening<T>.TryOf(distribution) ?? throw new NotSupportedException(
            $"Expected a base distribution that is normal, a mixture of normal ones, or a product of features with known distribution functions, got {distribution.GetType().Name.Split('`')[0]}. The coverage of the regions of highest density needs none."),
    };

    /// <summary>One row. Features outside of a bounded one become infinite.</summary>
    /// <param name="z">[<see cref="Columns"/>].</param>
    /// <param name="white">Receives [D].</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    public abstract void Apply(ReadOnlySpan<T> z, Span<double> white, Span<double> scratch);

    /// <summary>The numbers of a parameter.</summary>
    protected static double[] Read(Parameter<T> parameter)
    {
        var values = new T[parameter.Length];
        parameter.Read(values);
        return Array.ConvertAll(values, value => double.CreateTruncating(value));
    }
}
