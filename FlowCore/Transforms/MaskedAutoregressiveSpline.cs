using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>A masked autoregressive transform whose τ is a monotonic rational-quadratic spline (Durkan et al. 2019, "Neural spline flows").</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedAutoregressiveSpline<T> : MaskedAutoregressive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="settings">Bins, bound and slope.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for zeros.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public MaskedAutoregressiveSpline(
        AutoregressiveOrder order, SplineSettings settings, ReadOnlySpan<int> hiddenSizes, Activation activation, string name, RandomStream? initialization = null)
        : base(
            CreateConditioner(order, hiddenSizes, ElementwiseSpline<T>.Checked(settings).ParametersPerFeature, activation, name, initialization),
            (inverse, positions) => new SplineOperation<T>(settings, positions, inverse))
    {
        Settings = settings;
        Name = name;
    }

    /// <summary>Bins, bound and slope.</summary>
    public SplineSettings Settings { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() =>
        new MaskedAutoregressiveSpline<TOther>(Conditioner.Order, Settings, Conditioner.HiddenSizes, Conditioner.Activation, Name);
}
