using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// τ: a family of increasing bijections z = τ(x; θ) of one number, with P raw parameters θ of any value. Conditioners
/// (<see cref="Elementwise{T}"/>, <see cref="Conditional{T}"/>, <see cref="MaskedAutoregressive{T}"/>, <see cref="Coupling{T}"/>)
/// give each feature its θ.
/// </summary>
/// <remarks>
/// <para>
/// One class in one file: pass P to the constructor, say which raw parameters make the identity (<see cref="Start"/>), and
/// override <see cref="Forward"/> with operations of the tape. Without an override of <see cref="Inverse"/> the equation
/// τ(x; θ) = z is solved to the full precision of the type and differentiated implicitly.
/// </para>
/// <para>
/// Where a profile says that it pays, override <see cref="Fuse"/> as well: one operation with kernels of its own for both
/// directions. It then takes the place of the other two.
/// </para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class Univariate<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the sizes.</summary>
    /// <param name="parametersPerFeature">P; 0 for a fixed function, which goes under <see cref="Elementwise{T}"/> alone.</param>
    /// <param name="parameters">Parameters of τ's own, the same for all rows; none for most.</param>
    protected Univariate(int parametersPerFeature, params IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(parametersPerFeature);
        ParametersPerFeature = parametersPerFeature;
    }

    /// <summary>
    /// How many features τ has parameters of its own for, so that it serves that many and no other number; 0 where it serves any.
    /// <see cref="RawParameters{T}.FeatureIndices"/> says which of them a call is about.
    /// </summary>
    public virtual int Features => 0;

    /// <summary>P, the raw parameters of a feature.</summary>
    public int ParametersPerFeature { get; }

    /// <summary>Where x lives.</summary>
    public virtual Axis Domain => Axis.Real;

    /// <summary>Where z lives.</summary>
    public virtual Axis Codomain => Axis.Real;

    /// <summary>What free parameters are called behind the prefix of their transform.</summary>
    protected internal virtual string ParameterName => "raw";

    /// <summary>Sets the raw parameters of a fresh transform: those of the identity, or what is nearest to it. The default are zeros.</summary>
    /// <param name="raw">Receives P numbers; comes as zeros.</param>
    protected internal virtual void Start(Span<double> raw)
    {
    }

    /// <summary>z = τ(x; θ) and ln ∂z/∂x of every feature.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="raw">The raw parameters.</param>
    /// <param name="logSlope">[rows, D]; "no variable" for zero.</param>
    /// <returns>[rows, D].</returns>
    protected internal virtual Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope) =>
        throw new NotSupportedException($"{GetType().Name.Split('`')[0]} has a fused operation only; it cannot be composed of operations.");

    /// <summary>x = τ⁻¹(z; θ) and ln ∂x/∂z of every feature. The default solves for x, see <see cref="MonotoneSolver{T}"/>.</summary>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="raw">The raw parameters.</param>
    /// <param name="logSlope">[rows, D]; "no variable" for zero.</param>
    /// <returns>[rows, D].</returns>
    protected internal virtual Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope) =>
        MonotoneSolver<T>.Solve(this, z, raw, out logSlope);

    /// <summary>Writes between which numbers τ⁻¹(z; θ) lies, and a guess, for the default of <see cref="Inverse"/>: nothing here is recorded.</summary>
    /// <remarks>Where nothing is written, the ends of <see cref="Domain"/> and z itself are taken, or what lies inside of it.</remarks>
    /// <param name="z">[rows, D], a block.</param>
    /// <param name="raw">The raw parameters.</param>
    /// <param name="lower">[rows, D]: a number that is not above x.</param>
    /// <param name="upper">[rows, D]: a number that is not below x.</param>
    /// <param name="guess">[rows, D]: where to begin, between both.</param>
    protected internal virtual void Bracket(Variable<T> z, in RawParameters<T> raw, Variable<T> lower, Variable<T> upper, Variable<T> guess)
    {
    }

    /// <summary>Whether the parameters of a feature can start from data, see <see cref="StartFrom"/>.</summary>
    protected internal virtual bool StartsFromData => false;

    /// <summary>Sets the raw parameters of a feature so that its data become nearly normal.</summary>
    /// <param name="sorted">What the feature has in the data, in rising order, at least one number.</param>
    /// <param name="raw">Receives P numbers; comes as those of <see cref="Start"/>.</param>
    protected internal virtual void StartFrom(ReadOnlySpan<double> sorted, Span<double> raw)
    {
    }

    /// <summary>One operation for a direction: inputs x [rows, D] and parameters, outputs the result [rows, D] and log|det J| [rows, 1]; null for none.</summary>
    /// <param name="positions">For each feature the position of its P parameters among those of the features.</param>
    /// <param name="inverse">Which direction.</param>
    /// <returns>The operation.</returns>
    protected internal virtual Operation<T>? Fuse(int[] positions, bool inverse) => null;

    /// <summary>P of a τ whose parameters a network is to compute.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    internal static int CountOf(Univariate<T> univariate)
    {
        ArgumentNullException.ThrowIfNull(univariate);
        return univariate.ParametersPerFeature > 0
            ? univariate.ParametersPerFeature
            : throw new ArgumentException(
                $"Expected a τ with parameters that a network can compute, got {univariate.GetType().Name.Split('`')[0]}, which has none; {nameof(Elementwise<>)} takes it.", nameof(univariate));
    }

    /// <summary>Where all features of x live.</summary>
    internal virtual Domain DomainOf(int features) => ProductOf(Domain, features);

    /// <summary>Where all features of z live.</summary>
    internal virtual Domain CodomainOf(int features) => ProductOf(Codomain, features);

    /// <summary>Checks that τ serves a number of features.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    internal void CheckFeatures(int features, string name)
    {
        if (Features != 0 && Features != features)
            throw new ArgumentException($"Expected a τ for {features} features, got one with parameters of its own for {Features}.", name);
    }

    /// <summary>The start of all features, one after the other.</summary>
    internal virtual double[] StartOf(int features)
    {
        var raw = new double[checked(features * ParametersPerFeature)];
        for (var j = 0; j < features; j++)
            Start(raw.AsSpan(j * ParametersPerFeature, ParametersPerFeature));
        return raw;
    }

    private static Domain ProductOf(Axis axis, int features)
    {
        var axes = new Axis[features];
        Array.Fill(axes, axis);
        return FlowCore.Transforms.Domain.Of(axes);
    }
}
