using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// An elementwise function of two arguments, known with its derivatives to every device: the list of them all.
/// </summary>
/// <remarks>
/// <para>
/// Processor, accelerator, tape and tests find a function here; a new one is a formula (<see cref="IBinaryFormula"/>) and a line of this list.
/// </para>
/// <para>Accuracy and special values: docs/numerics.md. The objects are immutable, one a function, so they compare by reference.</para>
/// </remarks>
public abstract class BinaryFunction
{
    // The first of the static fields, as the list below fills it.
    private static readonly List<BinaryFunction> _all = [];

    private protected BinaryFunction(string name, int index)
    {
        Name = name;
        Index = index;
    }

    /// <summary>a + b.</summary>
    public static BinaryFunction Add { get; } = Entry<BinaryFormulas.Add>();

    /// <summary>a − b.</summary>
    public static BinaryFunction Subtract { get; } = Entry<BinaryFormulas.Subtract>();

    /// <summary>a · b.</summary>
    public static BinaryFunction Multiply { get; } = Entry<BinaryFormulas.Multiply>();

    /// <summary>a / b.</summary>
    public static BinaryFunction Divide { get; } = Entry<BinaryFormulas.Divide>();

    /// <summary>The larger; the derivative goes to a where they are equal.</summary>
    public static BinaryFunction Max { get; } = Entry<BinaryFormulas.Max>();

    /// <summary>The smaller; the derivative goes to a where they are equal.</summary>
    public static BinaryFunction Min { get; } = Entry<BinaryFormulas.Min>();

    /// <summary>a^b for a ≥ 0, with 0^0 = 1; NaN for negative a.</summary>
    public static BinaryFunction Power { get; } = Entry<BinaryFormulas.Power>();

    /// <summary>The angle of the point (b, a) in (−π, π]: arctan(a / b) in the right quadrant, with IEEE 754's conventions for zeros and infinities.</summary>
    public static BinaryFunction Atan2 { get; } = Entry<BinaryFormulas.Atan2>();

    /// <summary>√(a² + b²) without overflow of the squares, with derivative 0 at the origin.</summary>
    public static BinaryFunction Hypot { get; } = Entry<BinaryFormulas.Hypot>();

    /// <summary>|a| with the sign of b, −0 counting as negative; b gets no derivative.</summary>
    public static BinaryFunction CopySign { get; } = Entry<BinaryFormulas.CopySign>();

    /// <summary>1 where a &lt; b, else 0: a mask for <see cref="FlowCore.Autodiff.SelectOperation{T}"/>, without derivative.</summary>
    public static BinaryFunction Less { get; } = Entry<BinaryFormulas.Less>();

    /// <summary>1 where a ≤ b, else 0; no derivative.</summary>
    public static BinaryFunction LessOrEqual { get; } = Entry<BinaryFormulas.LessOrEqual>();

    /// <summary>1 where a = b, else 0; no derivative.</summary>
    public static BinaryFunction Equal { get; } = Entry<BinaryFormulas.Equal>();

    /// <summary>Every function, in the order of the list.</summary>
    public static IReadOnlyList<BinaryFunction> All { get; } = _all.AsReadOnly();

    /// <summary>The name: that of the property of this class.</summary>
    public string Name { get; }

    /// <summary>The lower end of the open range of first arguments; −∞ where there is none.</summary>
    public abstract double Lowest { get; }

    /// <summary>The place in the list, for tables.</summary>
    internal int Index { get; }

    /// <summary>The function of a name.</summary>
    /// <param name="name">The name, in its exact spelling.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static BinaryFunction Parse(string name) => TryParse(name, out var function)
        ? function
        : throw new ArgumentException($"Expected one of {string.Join(", ", _all)}, got '{name}'.", nameof(name));

    /// <summary>The function of a name, if there is one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="function">The function.</param>
    /// <param name="comparison">How names are compared.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse(string? name, [NotNullWhen(true)] out BinaryFunction? function, StringComparison comparison = StringComparison.Ordinal)
    {
        function = _all.Find(candidate => candidate.Name.Equals(name, comparison));
        return function is not null;
    }

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>Brings the formula to a visitor: code that is compiled for each function is reached without boxing and without allocation.</summary>
    internal abstract void Accept<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IBinaryVisitor;

    private static BinaryFunctionOf<F> Entry<F>([CallerMemberName] string name = "")
        where F : struct, IBinaryFormula
    {
        var function = new BinaryFunctionOf<F>(name, _all.Count);
        _all.Add(function);
        return function;
    }
}
