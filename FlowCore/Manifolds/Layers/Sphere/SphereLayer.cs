using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A layer of the sphere that may begin, on the data's side, with a rotation of its own; states are normalised behind it.</summary>
internal abstract class SphereLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SphereRotation? _rotation;

    /// <summary>Sets the arrays.</summary>
    /// <param name="rotation">The rotation, whose array is the first; null for none.</param>
    /// <param name="arrays">The arrays behind it.</param>
    protected SphereLayer(SphereRotation? rotation, params IReadOnlyList<LayerArray> arrays)
        : base(Manifold.Sphere, rotation is null ? arrays : [new LayerArray(SphereRotation.ArrayName, rotation.Count), .. arrays]) => _rotation = rotation;

    /// <summary>How many arrays the rotation takes.</summary>
    protected int RotationArrays => _rotation is null ? 0 : 1;

    /// <summary>The standard deviation of fresh raw numbers of the rotation.</summary>
    protected virtual double FreshRotation => 1;

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        Normalized(EvaluateRotated(_rotation is null ? x : _rotation.Apply(x, parameters[0], transposed: true), parameters, out logDet));

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var x = SampleRotated(z, parameters, out logDet);
        return Normalized(_rotation is null ? x : _rotation.Apply(x, parameters[0], transposed: false));
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        if (_rotation is null)
            return;
        var part = Part(numbers, 0);
        stream.FillNormal(part);
        foreach (ref var number in part)
            number *= FreshRotation;
    }

    /// <summary>From data to base, behind the rotation.</summary>
    protected abstract Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>From base to data, before the rotation.</summary>
    protected abstract Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>n of the length 1.</summary>
    protected static Variable<T> Normalized(Variable<T> n) => n / n.Square().SumColumns().Sqrt();
}
