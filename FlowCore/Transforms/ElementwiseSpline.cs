using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>
/// A learnable monotonic rational-quadratic spline for each feature (Durkan et al. 2019), the same for all events. It starts
/// with equal bins: the identity.
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class ElementwiseSpline<T> : ElementwiseTransform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="features">D.</param>
    /// <param name="settings">Bins, bound and slope.</param>
    /// <param name="name">The prefix of the parameter's name: <c>{name}.spline</c> holds the 3K − 1 unconstrained numbers of each feature.</param>
    public ElementwiseSpline(int features, SplineSettings settings, string name)
        : base(
            features,
            new Parameter<T>($"{name}.spline", 1, features * Checked(settings).ParametersPerFeature, isVector: true),
            (inverse, positions) => new SplineOperation<T>(settings, positions, inverse))
    {
        Settings = settings;
        Name = name;
    }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>Bins, bound and slope.</summary>
    public SplineSettings Settings { get; }

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() => new ElementwiseSpline<TOther>(Features, Settings, Name);

    internal static SplineSettings Checked(SplineSettings settings)
    {
        if (settings.Bins < 2)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Bins, "Expected at least 2 bins.");
        if (!double.IsFinite(settings.Bound) || settings.Bound <= 0)
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Bound, "Expected a finite, positive bound.");
        if (settings.Slope is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Slope, "Expected a slope in (0, 1).");
        return settings;
    }
}
