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
/// <param name="Kind">What the flow's form tells of τ.</param>
internal sealed record ZukoModule(string Name, string OwnName, int Index, StateSettings Settings, ZukoKind Kind)
{
    /// <summary>Where zuko's tails of Bernstein polynomials begin, as a part of the interval.</summary>
    public const double BernsteinTailOffset = 1e-6;

    /// <summary>By how much zuko keeps the distribution function of a mixture away from 0 and 1.</summary>
    public const double Squeeze = 1e-6;

    /// <summary>The activation inside of zuko's integrated networks.</summary>
    public static readonly UnaryFunction IntegrandActivation = UnaryFunction.Elu;

    // The most numbers of a polynomial: quadrature takes the square of it.
    private const int MostRows = 256;

    // Six bins, or the degree that BPF has by itself and one.
    private const int Ambiguous = 17;

    /// <summary>The activation of its network.</summary>
    public UnaryFunction Activation => Settings.Activation(Index);

    /// <summary>How many outputs of a network each feature has.</summary>
    /// <exception cref="ModelFormatException">The number is that of no transform that is supported, or of two.</exception>
    public int PerFeature(int outputs, int features, string name)
    {
        var perFeature = outputs / features;
        if (outputs % features == 0 && KindOf(perFeature) is not (ZukoKind.Plain or ZukoKind.Circular))
            return perFeature;

        if (outputs % features != 0 || (perFeature != 2 && (perFeature < 5 || perFeature % 3 != 2)))
        {
            throw new ModelFormatException(
                $"The tensor '{name}' has {outputs} outputs for {features} features; expected 2 a feature (affine) or 3K - 1 (a spline of K bins). "
                + $"Other transforms take other numbers, with --transformer ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Transformer)}).");
        }

        if (Kind == ZukoKind.Circular && perFeature == 2)
            throw new ModelFormatException($"Expected circular splines on the box of the circular spline flow (NCSF), got 2 outputs a feature in '{name}'.");

        if (perFeature == 2 || Kind == ZukoKind.Circular || Settings.States(Index, StateStatement.Spline))
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
    /// <param name="perFeature">The number.</param>
    /// <param name="kind">What it is; null for what the flow and the number tell.</param>
    /// <param name="degree">L of squared polynomials, where a tensor says it.</param>
    public Univariate<T> UnivariateOf<T>(int perFeature, ZukoKind? kind = null, int? degree = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => StateSplines.Checked<Univariate<T>>(Name, () =>
        {
            switch (kind ?? KindOf(perFeature))
            {
                case ZukoKind.Gaussianization:
                    return perFeature % 2 == 0
                        ? new Gaussianization<T>(perFeature / 2, Settings.Squeeze(Index))
                        : throw new ModelFormatException($"Expected 2K outputs a feature in '{Name}', shifts and log-scales of K normals, got {perFeature}.");
                case ZukoKind.SumOfSquares:
                    var rows = (degree ?? Settings.Degree(Index)) + 1;
                    return rows is > 0 and <= MostRows && (perFeature - 1) % rows == 0 && perFeature > rows
                        ? new SumOfSquares<T>((perFeature - 1) / rows, rows - 1)
                        : throw new ModelFormatException(
                            $"Expected K(L + 1) + 1 outputs a feature in '{Name}', K polynomials of degree L = {rows - 1}, got {perFeature}; "
                            + $"--degree ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Degree)}) sets L.");
                case ZukoKind.Bernstein:
                    return new BernsteinPolynomial<T>(new BernsteinSettings(perFeature, Bound<T>()) { TailOffset = BernsteinTailOffset });
                case ZukoKind.Circular:
                    return CircularSpline<T>.OfZuko((perFeature + 1) / 3, slope: Settings.Slope(Index));
                default:
                    return perFeature == 2 ? new Affine<T>(Settings.AffineSlope(Index)) : new RationalQuadraticSpline<T>(new SplineSettings((perFeature + 1) / 3, Bound<T>(), Settings.Slope(Index)));
            }
        });

    /// <summary>What τ is, by the flow, by what the file or the caller says, and by the number of its parameters.</summary>
    private ZukoKind KindOf(int perFeature)
    {
        if (Kind != ZukoKind.Plain)
            return Kind;

        if (Settings.States(Index, StateStatement.Spline))
            return ZukoKind.Plain;

        if (Settings.States(Index, StateStatement.SumOfSquares))
            return ZukoKind.SumOfSquares;

        if (Settings.States(Index, StateStatement.Gaussianization))
            return ZukoKind.Gaussianization;

        // Two numbers are an affine transform whatever the others are.
        if (perFeature == 2)
            return ZukoKind.Plain;

        if (Settings.States(Index, StateStatement.Bernstein))
            return ZukoKind.Bernstein;

        return Settings.Transformer switch
        {
            StateTransformer.Bernstein => ZukoKind.Bernstein,
            StateTransformer.SumOfSquares => ZukoKind.SumOfSquares,
            StateTransformer.Gaussianization => ZukoKind.Gaussianization,
            _ => ZukoKind.Plain,
        };
    }

    private double Bound<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var bound = Settings.Bound(Index);
        return T.IsFinite(T.CreateTruncating(bound))
            ? bound
            : throw new ModelFormatException($"Expected a bound that is a number in the precision that computes, got {bound.ToString("R", CultureInfo.InvariantCulture)}.");
    }
}
