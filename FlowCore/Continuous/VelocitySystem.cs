using System.Numerics;
using System.Runtime.CompilerServices;
using FlowCore.Autodiff;

namespace FlowCore.Continuous;

/// <summary>What a continuous flow integrates: the velocity, and behind it on demand its divergence, |v|² and ‖∂v/∂x‖².</summary>
/// <remarks>
/// d ln|det|/dt = div v (Chen et al. 2018, "Neural ordinary differential equations"). On the sphere of dimension d in coordinates of space, v = (I − xxᵀ)u and
/// div v = tr((I − xxᵀ) ∂u) − d x·u (Lou et al. 2020; Mathieu and Nickel 2020); behind the sphere, where the stages of a step are, both go on smoothly. With a
/// direction ε the trace is Hutchinson's estimate (Grathwohl et al. 2019), on the sphere of the part of ε that is tangent.
/// </remarks>
internal readonly struct VelocitySystem<T> : IVectorField<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostDirections = 16;

    private readonly VelocityField<T> _field;
    private readonly bool _isSphere;
    private readonly Variable<T> _conditions;
    private readonly Variable<T> _epsilon;

    /// <summary>Sets what does not change along the path.</summary>
    /// <param name="field">v, on the sphere u.</param>
    /// <param name="space">Where x lives.</param>
    /// <param name="conditions">c, or "no variable".</param>
    /// <param name="epsilon">ε, a block [rows, D], or "no variable" for the exact divergence.</param>
    public VelocitySystem(VelocityField<T> field, FlowSpace space, Variable<T> conditions, Variable<T> epsilon) =>
        (_field, _isSphere, _conditions, _epsilon) = (field, space == FlowSpace.Sphere, conditions, epsilon);

    /// <inheritdoc/>
    public Variable<T> Derivative(Variable<T> state, double time) => Derivative(state, state.Tape!.Constant(T.CreateTruncating(time)));

    /// <summary>As <see cref="Derivative(Variable{T}, double)"/>, with a time for each row or one for all.</summary>
    public Variable<T> Derivative(Variable<T> state, Variable<T> time)
    {
        var (tape, features) = (state.Tape!, _field.Features);
        var extra = state.Columns - features;
        var x = state.Slice(0, features);
        var result = new Sums(x, _isSphere);
        if (extra == 0)
            result.Velocity = _field.VelocityCore(tape, x, time, _conditions);
        else if (_epsilon.IsNone)
            AddExact(tape, x, time, extra > 1, ref result);
        else
            AddEstimate(tape, x, time, extra > 1, ref result);

        var velocity = result.Velocity;
        if (_isSphere)
        {
            var along = (x * velocity).SumColumns();
            velocity -= x * along;
            if (extra > 0)
                result.Trace -= along * T.CreateTruncating(features - 1);
        }

        return extra switch
        {
            0 => velocity,
            1 => VariableFunctions.Concatenate(velocity, result.Trace),
            _ => VariableFunctions.Concatenate(velocity, result.Trace, velocity.Square().SumColumns(), result.Squares),
        };
    }

    private void AddExact(Tape<T> tape, Variable<T> x, Variable<T> time, bool withSquares, ref Sums result)
    {
        var directions = default(Directions);
        for (var start = 0; start < x.Columns; start += MostDirections)
        {
            var count = Math.Min(MostDirections, x.Columns - start);
            var tangents = ((Span<Variable<T>>)directions)[..count];
            for (var j = 0; j < count; j++)
                tangents[j] = tape.Unit(x.Columns, start + j);
            result.Velocity = _field.VelocityAlong(tape, x, time, _conditions, tangents);
            for (var j = 0; j < count; j++)
                result.Add(tangents[j], start + j, withSquares);
        }

        result.ProjectTrace();
    }

    private void AddEstimate(Tape<T> tape, Variable<T> x, Variable<T> time, bool withSquares, ref Sums result)
    {
        var epsilon = _isSphere ? _epsilon - (x * (x * _epsilon).SumColumns()) : _epsilon;
        var tangent = epsilon;
        result.Velocity = _field.VelocityAlong(tape, x, time, _conditions, new Span<Variable<T>>(ref tangent));
        result.Trace = (epsilon * tangent).SumColumns();
        if (withSquares)
            result.Squares = tangent.Square().SumColumns();
    }

    [InlineArray(MostDirections)]
    private struct Directions
    {
        private Variable<T> _first;
    }

    private struct Sums(Variable<T> x, bool isSphere)
    {
        private Variable<T> _moved;

        public Variable<T> Velocity;
        public Variable<T> Trace;
        public Variable<T> Squares;

        // The tangent along a coordinate: its own component to the trace, and (∂u) x = Σ_j x_j ∂u/∂x_j for the sphere.
        public void Add(Variable<T> tangent, int column, bool withSquares)
        {
            Trace = TangentRules.Sum(Trace, tangent.Slice(column, 1));
            if (isSphere)
                _moved = TangentRules.Sum(_moved, tangent * x.Slice(column, 1));
            if (withSquares)
                Squares = TangentRules.Sum(Squares, tangent.Square().SumColumns());
        }

        public void ProjectTrace()
        {
            if (isSphere)
                Trace -= (x * _moved).SumColumns();
        }
    }
}
