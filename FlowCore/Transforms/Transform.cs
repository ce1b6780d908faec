using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>
/// A bijection of D features, possibly conditional on a context, with its log|det J| in both directions. By convention
/// <see cref="Forward"/> leads from data to noise.
/// </summary>
/// <remarks>
/// One contract: derive, pass sizes and parameters to the constructor, and implement <see cref="ForwardCore"/>,
/// <see cref="InverseCore"/> and <see cref="RecreateCore{TOther}"/>; arguments are checked here, once for all transforms.
/// A transform holds parameters and settings but no state of a call, so one instance serves all tapes and threads.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class Transform<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the sizes and the parameters.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="contextFeatures">C, 0 for a transform that reads no context.</param>
    /// <param name="parameters">The parameters in their canonical order.</param>
    protected Transform(int features, int contextFeatures, IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(contextFeatures);
        ArgumentNullException.ThrowIfNull(parameters);
        Features = features;
        ContextFeatures = contextFeatures;
        Parameters = parameters;
    }

    /// <summary>D, the number of features.</summary>
    public int Features { get; }

    /// <summary>C, the number of context columns; 0 for a transform that reads none.</summary>
    public int ContextFeatures { get; }

    /// <summary>The parameters in their canonical order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>z = f(x | c) and log|det ∂z/∂x|.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row [1, C]; not read by a transform without context.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the transform's.</exception>
    public Variable<T> Forward(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet)
    {
        Check(tape, x, ref context);
        var y = ForwardCore(tape, x, context, out logDet);
        logDet = OrZero(tape, logDet);
        return y;
    }

    /// <summary>x = f⁻¹(z | c) and log|det ∂x/∂z|.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="z">[rows, D].</param>
    /// <param name="context">[rows, C] or a shared row [1, C]; not read by a transform without context.</param>
    /// <param name="logDet">[rows, 1].</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">A shape is not the transform's.</exception>
    public Variable<T> Inverse(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet)
    {
        Check(tape, z, ref context);
        var y = InverseCore(tape, z, context, out logDet);
        logDet = OrZero(tape, logDet);
        return y;
    }

    /// <summary>The same transform with the same numbers in another precision, its parameters not yet in a store.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The copy.</returns>
    public Transform<TOther> ConvertTo<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        var other = RecreateCore<TOther>();
        for (var i = 0; i < Parameters.Count; i++)
            Networks.FreshParameters.Convert(Parameters[i], other.Parameters[i]);
        return other;
    }

    /// <summary>As <see cref="Forward"/>, with arguments that were checked. "No variable" as log-determinant means zero.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="context">The context, "no variable" where the transform reads none.</param>
    /// <param name="logDet">[rows, 1] or "no variable".</param>
    /// <returns>[rows, D]; may be <paramref name="x"/> itself.</returns>
    protected internal abstract Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> context, out Variable<T> logDet);

    /// <summary>As <see cref="Inverse"/>, with arguments that were checked. "No variable" as log-determinant means zero.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="z">[rows, D].</param>
    /// <param name="context">The context, "no variable" where the transform reads none.</param>
    /// <param name="logDet">[rows, 1] or "no variable".</param>
    /// <returns>[rows, D]; may be <paramref name="z"/> itself.</returns>
    protected internal abstract Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> context, out Variable<T> logDet);

    /// <summary>A transform of the same structure in another precision; its parameters need no values, they are copied.</summary>
    /// <typeparam name="TOther">The other number type.</typeparam>
    /// <returns>The transform, its parameters in the same order.</returns>
    protected internal abstract Transform<TOther> RecreateCore<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>;

    /// <summary>The context as a part of this transform wants it: "no variable" for a part that reads none.</summary>
    /// <param name="part">The part.</param>
    /// <param name="context">The context of the whole.</param>
    /// <returns>The context of the part.</returns>
    protected static Variable<T> ContextOf(Transform<T> part, Variable<T> context)
    {
        ArgumentNullException.ThrowIfNull(part);
        return part.ContextFeatures == 0 ? default : context;
    }

    private static Variable<T> OrZero(Tape<T> tape, Variable<T> logDet)
    {
        if (!logDet.IsNone)
            return logDet;
        var zero = tape.Allocate(1);
        tape.Kernels.Fill(tape.ValueOf(zero), T.Zero);
        return zero;
    }

    private void Check(Tape<T> tape, Variable<T> x, ref Variable<T> context)
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (x.Columns != Features || !x.IsBlock)
            throw new ArgumentException($"Expected a block of {Features} columns; {(x.IsBlock ? "a block" : "a shared matrix")} of {x.Columns} came.", nameof(x));
        if (ContextFeatures == 0)
            context = default;
        else if (context.Columns != ContextFeatures || (!context.IsBlock && context.Rows != 1))
            throw new ArgumentException($"Expected a context of {ContextFeatures} columns; {context.Columns} came.", nameof(context));
    }
}
