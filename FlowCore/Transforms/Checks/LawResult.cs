using System.Globalization;

namespace FlowCore.Transforms;

/// <summary>How well one law holds.</summary>
/// <param name="Law">The law in words.</param>
/// <param name="Deviation">The worst deviation, in the units of <paramref name="Tolerance"/>; infinite where the law could not be checked or a number is not finite.</param>
/// <param name="Tolerance">The most that the arithmetic explains; 0 for laws of bits, whose deviation counts the numbers that differ.</param>
/// <param name="Where">Where the worst deviation is, or why there is none.</param>
public sealed record LawResult(string Law, double Deviation, double Tolerance, string Where)
{
    /// <summary>Whether the law holds.</summary>
    public bool Holds => Deviation <= Tolerance;

    /// <summary>The result in one line.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Holds ? "holds" : "FAILS")}  {Law}: {Deviation:G3} of {Tolerance:G3}{(Where.Length == 0 ? "" : ", ")}{Where}");
}
