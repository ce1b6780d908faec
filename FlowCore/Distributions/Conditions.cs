using System.Numerics;

namespace FlowCore.Distributions;

/// <summary>
/// What a density is conditional on, for many rows: the context and, for a factorizable flow, the nuisances ν. Each has a row for
/// every event, or one for all.
/// </summary>
/// <remarks>
/// Numbers that stand for a context alone convert by themselves: <c>flow.LogDensity(x, context, result)</c>. On a tape both are
/// one matrix, the context's columns first.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public readonly ref struct Conditions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Describes conditions.</summary>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows; empty where C is 0.</param>
    /// <param name="nuisances">Row-major [n, K], or [1, K] for all rows; empty where K is 0.</param>
    public Conditions(ReadOnlySpan<T> context, ReadOnlySpan<T> nuisances = default)
    {
        Context = context;
        Nuisances = nuisances;
    }

    /// <summary>Row-major [n, C], or [1, C] for all rows.</summary>
    public ReadOnlySpan<T> Context { get; }

    /// <summary>Row-major [n, K], or [1, K] for all rows.</summary>
    public ReadOnlySpan<T> Nuisances { get; }

    /// <summary>A context without nuisances.</summary>
    /// <param name="context">Row-major [n, C], or [1, C] for all rows.</param>
    public static implicit operator Conditions<T>(ReadOnlySpan<T> context) => new(context);

    /// <inheritdoc cref="op_Implicit(ReadOnlySpan{T})"/>
    public static implicit operator Conditions<T>(Span<T> context) => new(context);

    /// <inheritdoc cref="op_Implicit(ReadOnlySpan{T})"/>
    public static implicit operator Conditions<T>(T[] context) => new(context);
}
