using System.Numerics;
using FlowCore.IO;
using FlowCore.Transforms;

namespace FlowCore.Interop;

/// <summary>Splines with free parameters, by themselves or of the features that pass a coupling: <c>unnormalized_widths</c> and so on.</summary>
/// <param name="source">The tensors.</param>
/// <param name="splines">The splines.</param>
internal sealed class StateCdf<T>(TensorSource source, StateSplines splines)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Pdf = "unnormalized_pdf";
    private const string Widths = "unnormalized_widths";
    private const string Heights = "unnormalized_heights";
    private const string Slopes = "unnormalized_derivatives";
    private const string Left = "unnorm_derivatives_left";
    private const string Right = "unnorm_derivatives_right";

    /// <summary>Reads such a layer.</summary>
    /// <param name="name">What its names begin with.</param>
    /// <param name="own">What it is called here.</param>
    /// <param name="of">Makes τ of the number of its parameters where the features are of several kinds; null, or null from it, for one kind.</param>
    /// <returns>The layer; null where it is none.</returns>
    public Elementwise<T>? Read(string name, string own, Func<int, Univariate<T>?>? of = null)
    {
        if (EvidenceOf(source, name) is not { } evidence)
            return null;

        string[] tensors = evidence.Kind switch
        {
            StateSpline.Linear => [Pdf],
            StateSpline.RationalQuadratic => [Widths, Heights, Slopes],
            StateSpline.Cubic => [Widths, Heights, Left, Right],
            _ => [Widths, Heights],
        };
        var features = source.Take(TensorSource.Join(name, tensors[0]), -1, -1).Shape[0];
        var pieces = new List<T[]>();
        foreach (var tensor in tensors)
            pieces.Add(source.TakeNumbers<T>(TensorSource.Join(name, tensor), features, -1));

        var perFeature = pieces.Sum(piece => piece.Length) / checked((int)features);
        var bins = pieces[0].Length / (int)features;
        if ((pieces.Count > 1 && evidence.Kind != StateSpline.Quadratic && pieces[1].Length != pieces[0].Length) || perFeature != ParametersOf(evidence, bins, pieces))
            throw new ModelFormatException($"The tensors of the splines '{name}' have sizes that do not belong together.");

        var univariate = of?.Invoke(perFeature) ?? splines.Create<T>(TensorSource.Join(name, tensors[0]), evidence.Kind, perFeature, 1, evidence.Tails ?? splines.Settings.Tails);
        var raw = new List<T>();
        for (var j = 0; j < features; j++)
        {
            foreach (var piece in pieces)
                raw.AddRange(piece.AsSpan(j * (piece.Length / (int)features), piece.Length / (int)features));
        }

        var layer = StateSplines.Checked(name, () => new Elementwise<T>(univariate, (int)features, own));
        layer.Parameters[0].Write([.. raw]);
        return layer;
    }

    /// <summary>What kind of splines a layer has, and what is outside of them where the sizes tell; null where it has none.</summary>
    public static StateSplines.Evidence? EvidenceOf(TensorSource source, string name)
    {
        if (source.Contains(TensorSource.Join(name, Pdf)))
            return new(StateSpline.Linear, null);

        if (!source.Contains(TensorSource.Join(name, Widths)))
            return null;

        if (source.Contains(TensorSource.Join(name, Slopes)))
            return new(StateSpline.RationalQuadratic, null);

        if (source.Contains(TensorSource.Join(name, Left)))
            return new(StateSpline.Cubic, null);

        var bins = source.Take(TensorSource.Join(name, Widths), -1, -1).Shape[1];
        return new(StateSpline.Quadratic, source.Take(TensorSource.Join(name, Heights), -1, -1).Shape[1] < bins ? SplineTails.Linear : SplineTails.None);
    }

    private static int ParametersOf(StateSplines.Evidence evidence, int bins, List<T[]> pieces) => evidence.Kind switch
    {
        StateSpline.Linear => bins,
        StateSpline.Quadratic => evidence.Tails == SplineTails.Linear ? (2 * bins) - 1 : (2 * bins) + 1,
        StateSpline.Cubic => (2 * bins) + 2,
        _ => (2 * bins) + Math.Clamp(pieces[2].Length * bins / pieces[0].Length, bins - 1, bins + 1),
    };
}
