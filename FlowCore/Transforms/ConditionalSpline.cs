using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>A conditional elementwise transform whose τ is a monotonic rational-quadratic spline (Durkan et al. 2019).</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ConditionalSpline<T> : ConditionalElementwise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _hiddenSizes;

    /// <summary>Creates the transform.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, at least 1.</param>
    /// <param name="settings">Bins, bound and slope.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for zeros.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public ConditionalSpline(
        int features, int contextFeatures, SplineSettings settings, ReadOnlySpan<int> hiddenSizes, Activation activation, string name, RandomStream? initialization = null)
        : base(
            features,
            contextFeatures,
            CreateConditioner(features, contextFeatures, hiddenSizes, ElementwiseSpline<T>.Checked(settings).ParametersPerFeature, activation, name, initialization),
            (inverse, positions) => new SplineOperation<T>(settings, positions, inverse))
    {
        Settings = settings;
        Name = name;
        _hiddenSizes = hiddenSizes.ToArray();
    }

    /// <summary>Bins, bound and slope.</summary>
    public SplineSettings Settings { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>The units of each hidden layer.</summary>
    public ReadOnlySpan<int> HiddenSizes => _hiddenSizes;

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() =>
        new ConditionalSpline<TOther>(Features, ContextFeatures, Settings, _hiddenSizes, Conditioner.Activation, Name);
}
