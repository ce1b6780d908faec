using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// A masked autoregressive transform whose τ is affine: z = x·e^s + t with s = a / (1 + |a / ln S|) (Papamakarios, Pavlakou
/// and Murray 2017; the soft limit of s as in zuko).
/// </summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class MaskedAutoregressiveAffine<T> : MaskedAutoregressive<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the transform.</summary>
    /// <param name="order">Who sees whom.</param>
    /// <param name="slope">S in (0, 1): scales lie between S and 1/S; 0 for no limit.</param>
    /// <param name="hiddenSizes">The units of each hidden layer.</param>
    /// <param name="activation">The activation of the hidden layers.</param>
    /// <param name="name">The prefix of the parameters' names, for example <c>transform.transforms.0</c>.</param>
    /// <param name="initialization">Where fresh weights come from; null for zeros.</param>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public MaskedAutoregressiveAffine(
        AutoregressiveOrder order, double slope, ReadOnlySpan<int> hiddenSizes, Activation activation, string name, RandomStream? initialization = null)
        : base(
            CreateConditioner(order, hiddenSizes, 2, activation, name, initialization),
            (inverse, positions) => new AffineOperation<T>(ElementwiseAffine<T>.Checked(slope), positions, inverse))
    {
        Slope = slope;
        Name = name;
    }

    /// <summary>S, or 0 for no limit.</summary>
    public double Slope { get; }

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() =>
        new MaskedAutoregressiveAffine<TOther>(Conditioner.Order, Slope, Conditioner.HiddenSizes, Conditioner.Activation, Name);
}
