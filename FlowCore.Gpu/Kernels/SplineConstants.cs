using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Gpu;

/// <summary>The numbers of a spline that are the same for all rows, in the type of the kernel.</summary>
internal readonly struct SplineConstants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>K.</summary>
    public readonly int Bins;

    /// <summary>Not 0 for the inverse.</summary>
    public readonly int Inverse;

    /// <summary>B.</summary>
    public readonly T Bound;

    /// <summary>1 / 2B.</summary>
    public readonly T OverTwiceBound;

    /// <summary>The rate of the limit of widths and heights.</summary>
    public readonly T BinRate;

    /// <summary>The rate of the limit of derivatives.</summary>
    public readonly T DerivativeRate;

    public SplineConstants(in SplineSettings settings, bool inverse)
    {
        var limit = Math.Abs(Math.Log(settings.Slope));
        Bins = settings.Bins;
        Inverse = inverse ? 1 : 0;
        Bound = T.CreateChecked(settings.Bound);
        OverTwiceBound = T.CreateChecked(0.5 / settings.Bound);
        BinRate = T.CreateChecked(2 / limit);
        DerivativeRate = T.CreateChecked(1 / limit);
    }
}
