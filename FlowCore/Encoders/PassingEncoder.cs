using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;

namespace FlowCore.Encoders;

/// <summary>[c_1, …, c_p, E(rest)]: an encoder of what stands behind the first columns, which pass as they are. For the context of a latent posterior, labels and behind them an observation.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="passing">p, how many columns pass, at least 1.</param>
/// <param name="inner">E.</param>
public sealed class PassingEncoder<T>(int passing, Network<T> inner) : Network<T>(
    checked(Positive(passing) + (inner ?? throw new ArgumentNullException(nameof(inner))).Inputs), passing + inner.Outputs, inner.Parameters), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static string Kind => "passing-encoder";

    /// <summary>p, how many columns pass.</summary>
    public int Passing => passing;

    /// <summary>E.</summary>
    public Network<T> Inner => inner;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new PassingEncoder<T>(reader.Size("passing"), reader.Part<Network<T>>("inner"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("passing", passing);
        writer.Write("inner", inner);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ApplyCore(Tape<T> tape, Variable<T> x) =>
        VariableFunctions.Concatenate(x.Slice(0, passing), inner.ApplyCore(tape, x.Slice(passing, inner.Inputs)));

    private static int Positive(int passing)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(passing);
        return passing;
    }
}
