using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>Something that a model computes of each block beside its density and samples.</summary>
internal interface IBlockMap<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers a row has among the values.</summary>
    int Columns { get; }

    /// <summary>How many numbers a row has that is given; 0 for the model's features.</summary>
    int InputColumns => 0;

    /// <summary>Computes a block.</summary>
    /// <param name="tape">The tape, not recording.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="scalars">[rows, 1]; "no variable" where there is none.</param>
    /// <returns>[rows, <see cref="Columns"/>].</returns>
    Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> scalars);
}
