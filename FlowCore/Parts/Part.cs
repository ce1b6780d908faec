using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Parts;

/// <summary>A piece of a model that describes itself: a transform, a univariate bijection, a network or a base distribution.</summary>
/// <remarks>
/// <para>
/// A part writes its constants with <see cref="Write"/> and implements <see cref="IPartKind{T}"/>, which gives its kind a name
/// and reads the constants back; its parameters are written and read by the model's file. One line in a
/// <see cref="IPartList"/> makes the kind known. Files, and conversions to another precision, need nothing else.
/// </para>
/// <para>A part holds parameters and constants but no state of a call, so one instance serves all tapes and threads.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public abstract class Part<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sets the parameters.</summary>
    /// <param name="parameters">The parameters in their canonical order, those of inner parts included.</param>
    protected Part(IReadOnlyList<Parameter<T>> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameters = parameters;
    }

    /// <summary>The parameters in their canonical order, those of inner parts included.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>Writes the constants, not the parameters: what <see cref="IPartKind{T}.Read"/> needs to build the same part.</summary>
    /// <param name="writer">Where to.</param>
    protected internal abstract void Write(PartWriter writer);
}
