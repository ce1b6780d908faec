using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// An elementwise function of one argument, known with its derivatives to every device: the list of them all.
/// </summary>
/// <remarks>
/// <para>
/// The activation of a linear layer is one of these, too. Processor, matrix product, accelerator, tape and tests find a function here; a new
/// one is a formula (<see cref="IUnaryFormula"/>) and a line of this list. Names are what model files and configurations hold.
/// </para>
/// <para>Accuracy and special values: docs/numerics.md. The objects are immutable, one a function, so they compare by reference.</para>
/// </remarks>
public abstract class UnaryFunction
{
    // The first of the static fields, as the list below fills it.
    private static readonly List<UnaryFunction> _all = [];

    private protected UnaryFunction(string name, int index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>a itself.</summary>
    public static UnaryFunction Identity { get; } = Entry<ActivationFormulas.Identity>();

    /// <summary>−a.</summary>
    public static UnaryFunction Negate { get; } = Entry<PowerFormulas.Negate>();

    /// <summary>|a|, with derivative 0 at 0.</summary>
    public static UnaryFunction Abs { get; } = Entry<PowerFormulas.Abs>();

    /// <summary>−1, 0 or 1, with derivative 0 everywhere.</summary>
    public static UnaryFunction Sign { get; } = Entry<PowerFormulas.Sign>();

    /// <summary>The largest integer not above a, with derivative 0 everywhere.</summary>
    public static UnaryFunction Floor { get; } = Entry<PowerFormulas.Floor>();

    /// <summary>a².</summary>
    public static UnaryFunction Square { get; } = Entry<PowerFormulas.Square>();

    /// <summary>a³.</summary>
    public static UnaryFunction Cube { get; } = Entry<PowerFormulas.Cube>();

    /// <summary>√a.</summary>
    public static UnaryFunction Sqrt { get; } = Entry<PowerFormulas.Sqrt>();

    /// <summary>1 / a.</summary>
    public static UnaryFunction Reciprocal { get; } = Entry<PowerFormulas.Reciprocal>();

    /// <summary>1 / √a.</summary>
    public static UnaryFunction ReciprocalSqrt { get; } = Entry<PowerFormulas.ReciprocalSqrt>();

    /// <summary>e^a.</summary>
    public static UnaryFunction Exp { get; } = Entry<ExponentialFormulas.Exp>();

    /// <summary>e^a − 1, exact near 0.</summary>
    public static UnaryFunction Expm1 { get; } = Entry<ExponentialFormulas.Expm1>();

    /// <summary>ln a.</summary>
    public static UnaryFunction Log { get; } = Entry<ExponentialFormulas.Log>();

    /// <summary>ln(1 + a), exact near 0.</summary>
    public static UnaryFunction Log1p { get; } = Entry<ExponentialFormulas.Log1p>();

    /// <summary>ln(1 − e^−a) for a &gt; 0, without cancellation at either end.</summary>
    public static UnaryFunction Log1mexp { get; } = Entry<ExponentialFormulas.Log1mexp>();

    /// <summary>sin a.</summary>
    public static UnaryFunction Sin { get; } = Entry<TrigonometricFormulas.Sin>();

    /// <summary>cos a.</summary>
    public static UnaryFunction Cos { get; } = Entry<TrigonometricFormulas.Cos>();

    /// <summary>tan a.</summary>
    public static UnaryFunction Tan { get; } = Entry<TrigonometricFormulas.Tan>();

    /// <summary>arcsin a.</summary>
    public static UnaryFunction Asin { get; } = Entry<TrigonometricFormulas.Asin>();

    /// <summary>arccos a.</summary>
    public static UnaryFunction Acos { get; } = Entry<TrigonometricFormulas.Acos>();

    /// <summary>arctan a.</summary>
    public static UnaryFunction Atan { get; } = Entry<TrigonometricFormulas.Atan>();

    /// <summary>sinh a.</summary>
    public static UnaryFunction Sinh { get; } = Entry<ExponentialFormulas.Sinh>();

    /// <summary>cosh a.</summary>
    public static UnaryFunction Cosh { get; } = Entry<ExponentialFormulas.Cosh>();

    /// <summary>arsinh a.</summary>
    public static UnaryFunction Asinh { get; } = Entry<ExponentialFormulas.Asinh>();

    /// <summary>sin a / a, 1 at 0.</summary>
    public static UnaryFunction Sinc { get; } = Entry<QuotientFormulas.Sinc>();

    /// <summary>(e^a − 1) / a, 1 at 0.</summary>
    public static UnaryFunction Exprel { get; } = Entry<QuotientFormulas.Exprel>();

    /// <summary>ln(1 + a) / a, 1 at 0.</summary>
    public static UnaryFunction Log1prel { get; } = Entry<QuotientFormulas.Log1prel>();

    /// <summary>max(a, 0), with derivative 0 at 0.</summary>
    public static UnaryFunction ReLU { get; } = Entry<ActivationFormulas.ReLU>();

    /// <summary>a for a &gt; 0, else e^a − 1 (Clevert et al. 2015, alpha 1).</summary>
    public static UnaryFunction Elu { get; } = Entry<ActivationFormulas.Elu>();

    /// <summary>e^min(a, 0): the slope of <see cref="Elu"/>, to the last places where it is small; derivative 0 at 0.</summary>
    public static UnaryFunction EluSlope { get; } = Entry<ActivationFormulas.EluSlope>();

    /// <summary>a·Φ(a) with the exact normal distribution function (Hendrycks and Gimpel 2016).</summary>
    public static UnaryFunction Gelu { get; } = Entry<ActivationFormulas.Gelu>();

    /// <summary>a·sigmoid(a) (Elfwing et al. 2017).</summary>
    public static UnaryFunction Silu { get; } = Entry<ActivationFormulas.Silu>();

    /// <summary>tanh a.</summary>
    public static UnaryFunction Tanh { get; } = Entry<ActivationFormulas.Tanh>();

    /// <summary>1 / (1 + e^−a).</summary>
    public static UnaryFunction Sigmoid { get; } = Entry<ActivationFormulas.Sigmoid>();

    /// <summary>ln(1 + e^a), without overflow.</summary>
    public static UnaryFunction Softplus { get; } = Entry<ActivationFormulas.Softplus>();

    /// <summary>ln sigmoid(a) = −ln(1 + e^−a), without overflow.</summary>
    public static UnaryFunction LogSigmoid { get; } = Entry<ActivationFormulas.LogSigmoid>();

    /// <summary>a / (1 + |a|).</summary>
    public static UnaryFunction Softsign { get; } = Entry<ActivationFormulas.Softsign>();

    /// <summary>a for a &gt; 0, else a / 100.</summary>
    public static UnaryFunction LeakyReLU { get; } = Entry<ActivationFormulas.LeakyReLU>();

    /// <summary>The error function, erf a.</summary>
    public static UnaryFunction Erf { get; } = Entry<ProbabilityFormulas.Erf>();

    /// <summary>1 − erf a, to the last places until it underflows.</summary>
    public static UnaryFunction Erfc { get; } = Entry<ProbabilityFormulas.Erfc>();

    /// <summary>Φ(a), the distribution function of the standard normal distribution, its lower tail to the last places until it underflows.</summary>
    public static UnaryFunction NormalCdf { get; } = Entry<ProbabilityFormulas.NormalCdf>();

    /// <summary>ln Φ(a), accurate in both tails.</summary>
    public static UnaryFunction LogNormalCdf { get; } = Entry<ProbabilityFormulas.LogNormalCdf>();

    /// <summary>Φ⁻¹(a) for a in (0, 1): the normal quantile.</summary>
    public static UnaryFunction Probit { get; } = Entry<ProbabilityFormulas.Probit>();

    /// <summary>Φ⁻¹(e^a) for a &lt; 0: the normal quantile of a log-probability, for any tail.</summary>
    public static UnaryFunction ProbitOfLog { get; } = Entry<ProbabilityFormulas.ProbitOfLog>();

    /// <summary>Every function, in the order of the list.</summary>
    public static IReadOnlyList<UnaryFunction> All { get; } = _all.AsReadOnly();

    /// <summary>The name: that of the property of this class.</summary>
    public string Name { get; }

    /// <summary>Whether the derivative is formed of the argument; else of the result alone, and a layer need not keep its pre-activation.</summary>
    public abstract bool DerivativeNeedsArgument { get; }

    /// <summary>The lower end of an open range of arguments without a pole; −∞ where there is none.</summary>
    public abstract double Lowest { get; }

    /// <summary>The upper end of an open range of arguments without a pole; ∞ where there is none.</summary>
    public abstract double Highest { get; }

    /// <summary>The place in the list, for tables.</summary>
    internal int Index { get; }

    /// <summary>The function of a name.</summary>
    /// <param name="name">The name, in its exact spelling.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static UnaryFunction Parse(string name) => TryParse(name, out var function)
        ? function
        : throw new ArgumentException($"Expected one of {string.Join(", ", _all)}, got '{name}'.", nameof(name));

    /// <summary>The function of a name, if there is one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="function">The function.</param>
    /// <param name="comparison">How names are compared.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out UnaryFunction? function, StringComparison comparison = StringComparison.Ordinal)
    {
        function = _all.Find(candidate => candidate.Name.Equals(name, comparison));
        return function is not null;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>Brings the formula to a visitor: code that is compiled for each function is reached without boxing and without allocation.</summary>
    internal abstract void Accept<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IUnaryVisitor;

    private static UnaryFunctionOf<F> Entry<F>([CallerMemberName] string name = "")
        where F : struct, IUnaryFormula
    {
        var function = new UnaryFunctionOf<F>(name, _all.Count);
        _all.Add(function);
        return function;
    }
}
