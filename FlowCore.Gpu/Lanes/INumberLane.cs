using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>A lane that is a single number, as a thread of an accelerator has it: formulas, and what kernels need around them.</summary>
internal interface INumberLane<TSelf, T> : ILane<TSelf, T>
    where TSelf : unmanaged, INumberLane<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>How many numbers of a random stream one block of the generator makes.</summary>
    static abstract int NumbersPerBlock { get; }

    /// <summary>The number, to be stored.</summary>
    static abstract T ToNumber(TSelf a);

    /// <summary>The number in double precision, for sums.</summary>
    static abstract double ToDouble(TSelf a);

    /// <summary>Whether a mask is set.</summary>
    static abstract bool IsSet(TSelf mask);

    static abstract TSelf FromInteger(int value);

    /// <summary>Standard normal number <paramref name="place"/> of a block of random words.</summary>
    static abstract T Normal(uint word0, uint word1, uint word2, uint word3, int place);

    /// <summary>Uniform number <paramref name="place"/> of a block of random words.</summary>
    static abstract T Uniform(uint word0, uint word1, uint word2, uint word3, int place);
}
