using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Transforms;

/// <summary>Angles modulo a turn.</summary>
internal static class CircleWrap
{
    /// <summary>Takes whole turns off, without a part in the derivative; what rounding leaves beyond an end goes to it.</summary>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="lower">Where the circle is cut.</param>
    /// <param name="upper">The same point after a turn.</param>
    /// <returns>[rows, D], between the ends.</returns>
    public static Variable<T> Apply<T>(Variable<T> x, double lower, double upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tape = x.Tape!;
        var (least, greatest) = (tape.Constant(T.CreateTruncating(lower)), tape.Constant(T.CreateTruncating(upper)));
        var turns = ((x.StopGradient() - least) * T.CreateTruncating(1 / (upper - lower))).Floor();
        return (x - (turns * T.CreateTruncating(upper - lower))).Max(least).Min(greatest);
    }
}
