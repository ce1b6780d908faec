using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>A conditional elementwise transform whose τ is affine: z = x·e^s + t with s = a / (1 + |a / ln S|).</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ConditionalAffine<T> : ConditionalElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _hiddenSizes;

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, at least 1.</param>
    /// <param name="slope">S in (0, 1): scales lie between S and 1/S; 0 for no limit.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for zeros.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ConditionalAffine(
        int features, int contextFeatures, double slope, ReadOnlySpan<int> hiddenSizes, Activation activation, string name, RandomStream? initialization = null)
        : base(
            features,
            contextFeatures,
            CreateConditioner(features, contextFeatures, hiddenSizes, 2, activation, name, initialization),
            (inverse, positions) => new AffineOperation<T>(ElementwiseAffine<T>.Checked(slope), positions, inverse))
    {
        Slope = slope;
        Name = name;
        _hiddenSizes = hiddenSizes.ToArray();
    }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _hiddenSizes;

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() =>
        new ConditionalAffine<TOther>(Features, ContextFeatures, Slope, _hiddenSizes, Conditioner.Activation, Name);
}
