using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Continuous;

/// <summary>The velocity v(x, t; c) of an ordinary differential equation dx/dt = v: what a continuous flow learns.</summary>
/// <remarks>
/// One contract: derive, pass sizes and parameters to the constructor and implement <see cref="VelocityCore"/> from operations on the tape.
/// <see cref="IPartKind{T}"/> and <see cref="Part{T}.Write"/> make it known to files. A field holds parameters and settings but no state of a call, so one
/// instance serves all tapes and threads; a row's velocity depends on that row alone.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class VelocityField<T> : Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the sizes and the parameters.</summary>
    /// <param name="features">D, the columns of x and of the velocity, at least 1.</param>
    /// <param name="conditionColumns">C, 0 for a field that reads no conditions.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected VelocityField(int features, int conditionColumns, IReadOnlyList<Parameter<T>> parameters)
        : base(parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(conditionColumns);
        (Features, ConditionColumns) = (features, conditionColumns);
    }

    /// <summary>D, the columns of x and of the velocity.</summary>
    public int Features { get; }

    /// <summary>C, how many leading columns of the conditions it reads; 0 for a field that reads none.</summary>
    public int ConditionColumns { get; }

    /// <summary>v(x, t; c).</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="time">t: [rows, 1], a block, or one number for all rows, [1, 1].</param>
    /// <param name="conditions">[rows, C] or a shared row; not read by a field without conditions.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the field's.</exception>
    public Variable<T> Velocity(Variable<T> x, Variable<T> time, Variable<T> conditions = default)
    {
        var tape = OperandChecks.TapeOf(x, nameof(x));
        OperandChecks.TapeOf(time, nameof(time));
        if (!x.IsBlock || x.Columns != Features)
            throw new ArgumentException($"Expected a block of {Features} columns, got {OperandChecks.Shape(x)}.", nameof(x));
        if (time.Columns != 1 || (!time.IsBlock && time.Rows != 1))
            throw new ArgumentException($"Expected one time for all rows or one for each, got {OperandChecks.Shape(time)}.", nameof(time));
        if (ConditionColumns == 0)
            conditions = default;
        else if (conditions.Columns != ConditionColumns || (!conditions.IsBlock && conditions.Rows != 1))
            throw new ArgumentException($"Expected conditions of {ConditionColumns} columns, got {OperandChecks.Shape(conditions)}.", nameof(conditions));
        return VelocityCore(tape, x, time, conditions);
    }

    /// <summary>As <see cref="Velocity"/>, with arguments that were checked.</summary>
    /// <param name="tape">The tape of the variables.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="time">[rows, 1] or [1, 1].</param>
    /// <param name="conditions">[rows, C] or shared, "no variable" where the field reads none.</param>
    /// <returns>[rows, D].</returns>
    protected internal abstract Variable<T> VelocityCore(Tape<T> tape, Variable<T> x, Variable<T> time, Variable<T> conditions);

    /// <summary>The velocity and (∂v/∂x)·e for several directions e, of which divergences are made. Unless overridden, the tape's tangents give them.</summary>
    /// <remarks>An override that composes them of operations saves the search for what lies between x and v, and can itself be pushed forward.</remarks>
    /// <param name="tape">The tape of the variables.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="time">[rows, 1] or [1, 1].</param>
    /// <param name="conditions">As in <see cref="VelocityCore"/>.</param>
    /// <param name="tangents">The directions, blocks [rows, D]; replaced by the tangents of the velocity.</param>
    /// <returns>[rows, D].</returns>
    protected internal virtual Variable<T> VelocityAlong(Tape<T> tape, Variable<T> x, Variable<T> time, Variable<T> conditions, Span<Variable<T>> tangents)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (tape.IsRecording)
        {
            var velocity = VelocityCore(tape, x, time, conditions);
            foreach (ref var tangent in tangents)
                tangent = tape.PushForward(velocity, x, tangent);
            return velocity;
        }

        // Tangents need a record: the inner tape keeps one of this evaluation.
        var inner = tape.BeginInner(withParameters: false);
        var at = Adopted(inner, x);
        var there = VelocityCore(inner, at, Adopted(inner, time), conditions.IsNone ? default : Adopted(inner, conditions));
        foreach (ref var tangent in tangents)
            tangent = Copy(tape, inner, inner.PushForward(there, at, Adopted(inner, tangent)));
        return Copy(tape, inner, there);
    }

    private static Variable<T> Adopted(Tape<T> inner, Variable<T> variable) => inner.Adopt(variable.Tape!.ValueOf(variable), default);

    private static Variable<T> Copy(Tape<T> tape, Tape<T> inner, Variable<T> variable)
    {
        var copy = tape.Allocate(variable.Columns);
        tape.Kernels.Copy(inner.ValueOf(variable), tape.ValueOf(copy), accumulate: false);
        return copy;
    }
}
