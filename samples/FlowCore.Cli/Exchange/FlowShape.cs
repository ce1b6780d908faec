using FlowCore.Compute;
using FlowCore.Networks;

namespace FlowCore.Cli.Exchange;

/// <summary>What a flow is made of, as far as other libraries know such flows.</summary>
/// <param name="IsStandardized">Whether a standardisation comes first.</param>
/// <param name="Transforms">The transforms after it.</param>
/// <param name="Bins">The different numbers of spline bins; null where the transforms are affine.</param>
/// <param name="Bounds">The different bounds of the splines.</param>
/// <param name="Slopes">The different slopes of the splines.</param>
/// <param name="AffineSlopes">The different slopes of the affine transforms.</param>
/// <param name="HiddenSizes">The hidden sizes of each network.</param>
/// <param name="Activations">The different activations of the networks.</param>
/// <param name="Orders">The orders of those transforms that have one.</param>
/// <param name="Masks">The masks of those transforms that are couplings: for each feature whether it passes.</param>
/// <param name="Maps">The different univariate maps that are neither affine nor rational-quadratic splines.</param>
/// <param name="Networks">The different kinds of networks, as arguments of zuko's constructors; empty text for plain ones.</param>
internal sealed record FlowShape(
    bool IsStandardized,
    int Transforms,
    IReadOnlyList<int>? Bins,
    IReadOnlyList<double> Bounds,
    IReadOnlyList<double> Slopes,
    IReadOnlyList<double> AffineSlopes,
    IReadOnlyList<int[]> HiddenSizes,
    IReadOnlyList<UnaryFunction> Activations,
    IReadOnlyList<AutoregressiveOrder> Orders,
    IReadOnlyList<bool[]> Masks,
    IReadOnlyList<FlowMap> Maps,
    IReadOnlyList<string> Networks);
