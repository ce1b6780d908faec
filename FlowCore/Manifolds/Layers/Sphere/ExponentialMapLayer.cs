using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The exponential map of a <see cref="SpherePotential{T}"/>.</summary>
internal sealed class ExponentialMapLayer<T> : SphereLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SpherePotential<T> _potential;
    private readonly bool _isNatural;

    /// <summary>Creates the layer.</summary>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="components">K.</param>
    /// <param name="kind">The potential.</param>
    /// <param name="isReflected">Whether directions are given by reflections.</param>
    /// <param name="isNatural">Whether sampling is the map, and the evaluation its inverse.</param>
    public ExponentialMapLayer(SphereRotation? rotation, int components, PotentialKind kind, bool isReflected, bool isNatural)
        : base(rotation, new LayerArray("potential_pars", SpherePotential<T>.RowsOf(kind, isReflected), components)) =>
        (_potential, _isNatural) = (new SpherePotential<T>(components, kind, isReflected), isNatural);

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        stream.Substream(1).FillNormal(Part(numbers, RotationArrays));
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var components = _potential.Prepare(parameters[RotationArrays]);
        if (!_isNatural)
            return Map(x, components, out logDet);
        var z = ExponentialMapSolver<T>.Solve(_potential, components, x, out var ofMap);
        logDet = -ofMap;
        return z;
    }

    /// <inheritdoc/>
    protected override Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var components = _potential.Prepare(parameters[RotationArrays]);
        if (!_isNatural)
            return ExponentialMapSolver<T>.Solve(_potential, components, z, out logDet);
        var x = Map(z, components, out var ofMap);
        logDet = -ofMap;
        return x;
    }

    private Variable<T> Map(Variable<T> n, in SpherePotential<T>.Components components, out Variable<T> logDet)
    {
        var point = _potential.Map(n, components);
        logDet = point.LogDet();
        return point.Image;
    }
}
