using System.Globalization;

namespace FlowCore.Autodiff;

/// <summary>Where a gradient deviates most from the differences of the function, as <see cref="GradientCheck"/> found it.</summary>
/// <param name="Relative">|gradient − difference|, relative to the larger of both, or to a thousandth of the largest gradient of the leaf where both are smaller; infinite where one is not finite.</param>
/// <param name="Leaf">The name of the leaf.</param>
/// <param name="Row">The row within the leaf; of a parameter in the order in which it is kept.</param>
/// <param name="Column">The column.</param>
/// <param name="Gradient">What the backward sweep gave.</param>
/// <param name="Difference">What the differences gave.</param>
public readonly record struct GradientDeviation(double Relative, string Leaf, int Row, int Column, double Gradient, double Difference)
{
    /// <summary>The deviation in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"relative deviation {Relative:G3} at {Leaf}[{Row}, {Column}]: the sweep gave {Gradient:G17}, the differences {Difference:G17}");
}
