using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>A layer of the circle that may begin, on the data's side, with a turn of its own.</summary>
/// <remarks>
/// The turn is that of two reflections, by their four numbers: with the angles α_1, α_2 of both vectors the product of both turns by 2 (α_2 − α_1).
/// Results are in [−π, π).
/// </remarks>
internal abstract class CircleLayer<T> : ManifoldLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _hasTurn;

    /// <summary>Sets the arrays.</summary>
    /// <param name="hasTurn">Whether there is a turn, whose array is the first.</param>
    /// <param name="arrays">All arrays.</param>
    protected CircleLayer(bool hasTurn, params IReadOnlyList<LayerArray> arrays)
        : base(Manifold.Circle, arrays) => _hasTurn = hasTurn;

    /// <summary>How many arrays the turn takes.</summary>
    protected int TurnArrays => _hasTurn ? 1 : 0;

    /// <summary>The array of a turn, if there is one.</summary>
    public static LayerArray[] TurnArray(bool hasTurn) => hasTurn ? [new LayerArray(SphereRotation.ArrayName, 4)] : [];

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Evaluate(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var turned = ManifoldChart<T>.Turned(_hasTurn ? x + Angle(parameters[0]) : x);
        return ManifoldChart<T>.Turned(EvaluateTurned(turned, parameters, out logDet));
    }

    /// <inheritdoc/>
    protected internal sealed override Variable<T> Sample(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var turned = SampleTurned(ManifoldChart<T>.Turned(z), parameters, out logDet);
        return ManifoldChart<T>.Turned(_hasTurn ? turned - Angle(parameters[0]) : turned);
    }

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        if (_hasTurn)
            stream.FillNormal(Part(numbers, 0));
    }

    /// <summary>From data to base, behind the turn.</summary>
    protected abstract Variable<T> EvaluateTurned(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet);

    /// <summary>From base to data, before the turn.</summary>
    protected abstract Variable<T> SampleTurned(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet);

    // 2 (α_2 − α_1), of the outer and the inner product of both vectors; none where one of them is zero.
    private static Variable<T> Angle(Variable<T> vectors)
    {
        var (x1, y1, x2, y2) = (vectors.Slice(0, 1), vectors.Slice(1, 1), vectors.Slice(2, 1), vectors.Slice(3, 1));
        var (outer, inner) = ((x1 * y2) - (y1 * x2), (x1 * x2) + (y1 * y2));
        var isNone = ManifoldChart<T>.IsPole(outer, inner);
        var tape = vectors.Tape!;
        var angle = isNone.Where(tape.Constant(T.Zero), outer).Atan2(isNone.Where(tape.Constant(T.One), inner));
        return angle + angle;
    }
}
