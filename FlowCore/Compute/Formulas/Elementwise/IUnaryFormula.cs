using System.Numerics;

namespace FlowCore.Compute;

/// <summary>
/// A function of one argument with its derivatives, as a type: written once, in lanes, and compiled for every width, device and loop.
/// <see cref="UnaryFunction"/> lists them.
/// </summary>
internal interface IUnaryFormula
{
    /// <summary>Whether <see cref="Derivative"/> looks at the argument; else at the result alone, so that a layer need not keep its pre-activation.</summary>
    static abstract bool DerivativeNeedsArgument { get; }

    /// <summary>Whether accelerators compile it into the matrix product of a layer; else such a layer takes a second kernel.</summary>
    /// <remarks>For the activations of networks. A product has sixteen copies of the formula, so it should be short.</remarks>
    static virtual bool IsFusedIntoProducts => false;

    /// <summary>The lower end of an open range of arguments without a pole.</summary>
    static virtual double Lowest => double.NegativeInfinity;

    /// <summary>The upper end of an open range of arguments without a pole.</summary>
    static virtual double Highest => double.PositiveInfinity;

    /// <summary>f(a).</summary>
    static abstract V Value<V, T>(V a)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>f'(a), given y = f(a). What it does not look at may be anything.</summary>
    static abstract V Derivative<V, T>(V a, V y)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>f''(a), given y = f(a).</summary>
    static abstract V SecondDerivative<V, T>(V a, V y)
        where V : unmanaged, ILane<V, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}
