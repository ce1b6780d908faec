using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Manifolds;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>What the data meet first in a model: a standardisation, or the bound of splines.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class ModelEntrance<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[]? _locationLogScale;

    private ModelEntrance()
    {
    }

    /// <summary>Whether features are standardised before anything else, by given numbers or by those that a layer starts with.</summary>
    public bool IsStandardized { get; private set; }

    /// <summary>The smallest distance from 0 to an end of the first splines, where they are the identity outside; null where something else that learns comes first.</summary>
    public double? Bound { get; private set; }

    /// <summary>Looks at a model.</summary>
    /// <param name="model">The model; a residual is looked through, for it starts near the identity.</param>
    public static ModelEntrance<T> Of(DensityModel<T> model)
    {
        while (model is FactorizableFlow<T> factorizable)
            model = factorizable.Base;
        var entrance = new ModelEntrance<T>();
        if (model is Flow<T> flow)
            entrance.Walk(flow.Transform);

        // Angles, unit vectors and shares have the scale of their manifold; Euclidean factors have an offset and widths of their own.
        else if (model is Pdf<T> or ConditionalPdf<T> or FactorizablePdf<T>)
            entrance.IsStandardized = true;
        return entrance;
    }

    /// <summary>What is subtracted from a feature; by a layer that starts from the data, their mean.</summary>
    public double LocationOf(int feature, ColumnSurvey column) => !IsStandardized ? 0
        : _locationLogScale is { } numbers ? double.CreateTruncating(numbers[2 * feature])
        : column.Mean;

    /// <summary>What a feature is divided by.</summary>
    public double ScaleOf(int feature, ColumnSurvey column) => !IsStandardized ? 1
        : _locationLogScale is { } numbers ? Math.Exp(double.CreateTruncating(numbers[(2 * feature) + 1]))
        : column.Deviation;

    // Whether to go on with what comes behind.
    private bool Walk(Transform<T> part)
    {
        if (part is Composition<T> composition)
        {
            foreach (var inner in composition.Parts)
            {
                if (!Walk(inner))
                    return false;
            }

            return true;
        }

        if (part is Embedded<T> embedded)
            return Walk(embedded.Inner);
        if (part is Standardization<T> && !IsStandardized)
        {
            IsStandardized = true;
            _locationLogScale = new T[part.Parameters[0].Length];
            part.Parameters[0].Read(_locationLogScale);
            return true;
        }

        if (part is IDataStarted<T> { StartsFromData: true } && !IsStandardized)
            return IsStandardized = true;
        if (UnivariateOf(part) is RationalQuadraticSpline<T> { Settings: { Tails: SplineTails.Linear } settings })
            Bound = Math.Min(-settings.Lower, settings.Upper);
        return false;
    }

    private static Univariate<T>? UnivariateOf(Transform<T> part) => part switch
    {
        Coupling<T> coupling => coupling.Univariate,
        MaskedAutoregressive<T> masked => masked.Univariate,
        Conditional<T> conditional => conditional.Univariate,
        Elementwise<T> elementwise => elementwise.Univariate,
        _ => null,
    };
}
