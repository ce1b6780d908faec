using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Transforms;

namespace FlowCore.Distributions;

/// <summary>Independent normal features whose locations and scales a network computes from the conditions: its outputs are [μ | ln σ].</summary>
/// <remarks>As the conditional diagonal normal distributions of nflows and normflows. Samples are differentiable in the network's parameters and the conditions.</remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="encoder">The network, from the conditions to 2D numbers: the locations, then the logarithms of the scales.</param>
public sealed class ConditionalNormal<T>(Network<T> encoder) : BaseDistribution<T>(FeaturesOf(encoder), encoder.Parameters, encoder.Inputs), IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static string Kind => "conditional-normal";

    /// <summary>The network.</summary>
    public Network<T> Encoder => encoder;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new ConditionalNormal<T>(reader.Part<Network<T>>("encoder"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default)
    {
        var numbers = Encode(OperandChecks.TapeOf(z, nameof(z)), conditions);
        var logScale = numbers.Slice(Features, Features);
        return ((z - numbers.Slice(0, Features)) * (-logScale).Exp()).NormalLogDensity() - logScale.SumColumns();
    }

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default)
    {
        var numbers = Encode(OperandChecks.TapeOf(random, nameof(random)), conditions);
        return (random * numbers.Slice(Features, Features).Exp()) + numbers.Slice(0, Features);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("encoder", encoder);
    }

    private static int FeaturesOf(Network<T> encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        return encoder.Outputs % 2 == 0
            ? encoder.Outputs / 2
            : throw new ArgumentException($"Expected a network of an even number of outputs; one of {encoder.Outputs} came.", nameof(encoder));
    }

    private Variable<T> Encode(Tape<T> tape, Variable<T> conditions)
    {
        if (conditions.Columns < ConditionColumns)
            throw new ArgumentException($"Expected conditions of {ConditionColumns} columns; {OperandChecks.Shape(conditions)} came.", nameof(conditions));
        return encoder.ApplyCore(tape, tape.AsBlock(Transform<T>.Leading(conditions, ConditionColumns)));
    }
}
