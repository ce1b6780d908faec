using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>f = f_n ∘ ... ∘ f_1: the parts one after the other, log|det J| = Σ_i log|det J_i|. Without parts it is the identity.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Composition<T> : Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly BinaryOperation<T> _add = BinaryOperation<T>.Of(BinaryFunction.Add);
    private readonly Transform<T>[] _parts;

    /// <summary>Composes transforms.</summary>
    /// <param name="features">D.</param>
    /// <param name="parts">The parts; the first is applied to the data first.</param>
    /// <exception cref="ArgumentException">A part has other features, or two parts read contexts of different sizes.</exception>
    public Composition(int features, params IReadOnlyList<Transform<T>> parts)
        : base(features, ContextOfAll(features, parts), [.. parts.SelectMany(part => part.Parameters)]) => _parts = [.. parts];

    /// <summary>The parts; the first is applied to the data first.</summary>
    public IReadOnlyList<Transform<T>> Parts => _parts;

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet)
    {
        logDet = default;
        var y = x;
        for (var i = 0; i < _parts.Length; i++)
        {
            var next = _parts[i].ForwardCore(tape, y, ContextOf(_parts[i], context), out var part);
            Join(tape, x, ref y, next, ref logDet, part);
        }

        return y;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet)
    {
        logDet = default;
        var y = z;
        for (var i = _parts.Length - 1; i >= 0; i--)
        {
            var next = _parts[i].InverseCore(tape, y, ContextOf(_parts[i], context), out var part);
            Join(tape, z, ref y, next, ref logDet, part);
        }

        return y;
    }

    /// <inheritdoc/>
    protected internal override Transform<TOther> RecreateCore<TOther>() =>
        new Composition<TOther>(Features, [.. _parts.Select(part => part.RecreateCore<TOther>())]);

    internal static Variable<T> AddLogDets(Tape<T> tape, Variable<T> total, Variable<T> part)
    {
        if (total.IsNone)
            return part;
        if (part.IsNone)
            return total;
        var sum = tape.Apply(_add, [total, part], 1);
        tape.Release(total);
        tape.Release(part);
        return sum;
    }

    private static void Join(Tape<T> tape, Variable<T> argument, ref Variable<T> y, Variable<T> next, ref Variable<T> logDet, Variable<T> part)
    {
        // The argument is the caller's; a part may hand its argument back.
        if (!IsSame(y, argument) && !IsSame(y, next))
            tape.Release(y);
        y = next;
        logDet = AddLogDets(tape, logDet, part);
    }

    private static bool IsSame(Variable<T> a, Variable<T> b) => a.Id == b.Id;

    private static int ContextOfAll(int features, IReadOnlyList<Transform<T>> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var context = 0;
        foreach (var part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            if (part.Features != features)
                throw new ArgumentException($"Expected transforms of {features} features; one of {part.Features} came.", nameof(parts));
            if (part.ContextFeatures != 0 && context != 0 && part.ContextFeatures != context)
                throw new ArgumentException($"Expected one size of context; {context} and {part.ContextFeatures} came.", nameof(parts));
            context = Math.Max(context, part.ContextFeatures);
        }

        return context;
    }
}
