namespace FlowCore.Compute;

/// <summary>One step of a fast Hartley transform along an axis: joins transforms of <paramref name="Done"/> numbers to ones of Radix · Done.</summary>
/// <remarks>The columns are [outer, <paramref name="Length"/>, <paramref name="Stride"/>]: an axis whose neighbours lie <paramref name="Stride"/> columns apart.</remarks>
/// <param name="Length">n, the numbers of the axis.</param>
/// <param name="Done">m, the length of the transforms so far, 1 at the beginning; a divisor of n.</param>
/// <param name="Radix">p, how many of them are joined; m p divides n.</param>
/// <param name="Stride">The distance of neighbours along the axis, in columns.</param>
/// <param name="Table">Where cos(2πi/n), i &lt; n, begins in the table; the sines follow.</param>
public readonly record struct HartleyStage(int Length, int Done, int Radix, int Stride, int Table);
