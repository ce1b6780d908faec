using System.Globalization;
using System.Numerics;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>One transform of a flow of zuko while it is read: its names, and what its tensors do not say.</summary>
/// <param name="Name">What its tensors' names begin with.</param>
/// <param name="OwnName">What it is called in this library.</param>
/// <param name="Index">Its number in the file.</param>
/// <param name="Settings">What tensors do not say.</param>
/// <param name="IsCircular">Whether the features are angles.</param>
internal sealed record ZukoModule(string Name, string OwnName, int Index, StateSettings Settings, bool IsCircular = false)
{
    // Where zuko's tails begin, as a part of the interval.
    private const double BernsteinTailOffset = 1e-6;

    // Six bins, or the degree that BPF has by itself and one.
    private const int Ambiguous = 17;

    /// <summary>The activation of its network.</summary>
    public UnaryFunction Activation => Settings.Activation(Index);

    /// <summary>How many outputs of a network each feature has.</summary>
    /// <exception cref="ModelFormatException">The number is that of no transform that is supported, or of two.</exception>
    public int PerFeature(int outputs, int features, string name)
    {
        var perFeature = outputs / features;
        if (IsBernstein(perFeature) && outputs % features == 0)
            return perFeature;

        if (outputs % features != 0 || (perFeature != 2 && (perFeature < 5 || perFeature % 3 != 2)))
        {
            throw new ModelFormatException(
                $"The tensor '{name}' has {outputs} outputs for {features} features; expected 2 a feature (affine) or 3K - 1 (a spline of K bins). "
                + $"Bernstein polynomials (BPF) take any number, with --transformer bernstein ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Transformer)}); "
                + "sum-of-squares (SOSPF) flows are not supported yet.");
        }

        if (IsCircular && perFeature == 2)
            throw new ModelFormatException($"Expected circular splines on the box of the circular spline flow (NCSF), got 2 outputs a feature in '{name}'.");

        if (perFeature == 2 || IsCircular || Settings.StatesSpline(Index))
            return perFeature;

        switch (Settings.Transformer)
        {
            case null when perFeature == Ambiguous:
                throw new ModelFormatException(
                    $"Expected outputs that say what they are for, got {Ambiguous} a feature in '{name}': a spline of 6 bins (NSF) or a Bernstein polynomial of degree 16 (BPF); "
                    + $"--transformer spline or bernstein ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Transformer)}) decides.");
            case null:
                Settings.Assume(new StateAssumption(
                    $"what {perFeature} outputs a feature are", $"splines of {((perFeature + 1) / 3).ToString(CultureInfo.InvariantCulture)} bins", nameof(StateDictionaryOptions.Transformer)));
                break;
        }

        return perFeature;
    }

    /// <summary>τ by the number of its parameters.</summary>
    public Univariate<T> UnivariateOf<T>(int perFeature)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            if (perFeature == 2)
                return new Affine<T>(Settings.AffineSlope(Index));

            if (IsCircular)
                return CircularSpline<T>.OfZuko((perFeature + 1) / 3, slope: Settings.Slope(Index));

            var bound = Settings.Bound(Index);
            if (!T.IsFinite(T.CreateTruncating(bound)))
                throw new ModelFormatException($"Expected a bound that is a number in the precision that computes, got {bound.ToString("R", CultureInfo.InvariantCulture)}.");

            if (IsBernstein(perFeature))
                return new BernsteinPolynomial<T>(new BernsteinSettings(perFeature, bound) { TailOffset = BernsteinTailOffset });

            return new RationalQuadraticSpline<T>(new SplineSettings((perFeature + 1) / 3, bound, Settings.Slope(Index)));
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException($"The constants of '{Name}' are out of range. {exception.Message}", exception);
        }
    }

    // Two numbers are an affine transform whatever the others are.
    private bool IsBernstein(int perFeature) => Settings.Transformer == StateTransformer.Bernstein && perFeature > 2 && !IsCircular && !Settings.StatesSpline(Index);
}
