using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Diagnostics;

/// <summary>The noise of a block beside what the network of a conditional base distribution says of its rows.</summary>
internal sealed class EncodedNoise<T>(DensityModel<T> model, Network<T> encoder) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public int Columns => model.NoiseFeatures + encoder.Outputs;

    /// <inheritdoc/>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        var z = model.ToNoise(x, conditions, out scalars);
        var numbers = encoder.ApplyCore(tape, tape.AsBlock(Transform<T>.Leading(conditions, model.BaseDistribution.ConditionColumns)));
        return VariableFunctions.Concatenate(z, numbers);
    }
}
