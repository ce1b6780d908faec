using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Networks;

/// <summary>A step of a <see cref="MaskedResidualNetwork{T}"/> from one row of units to the next: a layer, or a block of two.</summary>
internal abstract class MaskedStage<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The parameters in their canonical order.</summary>
    public abstract IEnumerable<Parameter<T>> Parameters { get; }

    /// <summary>The normalisations of units, in the order in which they are reached.</summary>
    public virtual IEnumerable<UnitNormalization<T>> Normalizations => [];

    /// <summary>How many variables an evaluation rank by rank keeps; the last one holds the values of the stage.</summary>
    public abstract int Variables { get; }

    /// <summary>All units at once.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="h">[rows, inputs].</param>
    /// <param name="context">[rows, C], or "no variable" where the stage reads none.</param>
    /// <returns>[rows, outputs].</returns>
    public abstract Variable<T> Apply(Tape<T> tape, Variable<T> h, Variable<T> context);

    /// <summary>Makes the variables of an evaluation rank by rank.</summary>
    public abstract void Begin(Tape<T> tape, Span<Variable<T>> variables);

    /// <summary>The units of one rank; with rank 0 also what the context alone decides, for all ranks.</summary>
    /// <returns>Their columns; "no variable" where the rank has none.</returns>
    public abstract Variable<T> ApplyGroup(
        Tape<T> tape, int group, Variable<T> h, Variable<T> context, Variable<T> anyBlock, ReadOnlySpan<Variable<T>> variables);
}
