using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;

namespace FlowCore.Fields;

/// <summary>From the random numbers of a model to its events, as a map of blocks.</summary>
internal sealed class FieldsOfNoise<T>(DensityModel<T> model) : IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Columns => model.Features;

    public int InputColumns => model.BaseDistribution.RandomNumbers;

    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars)
    {
        scalars = default;
        return model.FromNoise(model.BaseDistribution.FromRandom(x), default, out _);
    }
}
