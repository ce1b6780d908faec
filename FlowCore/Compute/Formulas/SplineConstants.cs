using System.Numerics;

namespace FlowCore.Compute;

/// <summary>The numbers of a spline that are the same for all rows, in the type of the kernel: integers and numbers, so that it can be passed to an accelerator.</summary>
internal readonly struct SplineConstants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>K.</summary>
    public readonly int Bins;

    /// <summary>Not 0 for the inverse.</summary>
    public readonly int Inverse;

    /// <summary>How many raw parameters are slopes: K − 1, K or K + 1.</summary>
    public readonly int Slopes;

    /// <summary>Not 0 where the slopes at the ends are constants.</summary>
    public readonly int GivenEnds;

    /// <summary>Not 0 where the map is the identity outside.</summary>
    public readonly int IdentityOutside;

    /// <summary>Not 0 where nothing is outside.</summary>
    public readonly int Bounded;

    /// <summary>Not 0 where the map repeats.</summary>
    public readonly int Circular;

    /// <summary>The interval of the arguments of the forward direction, its ends and its length.</summary>
    public readonly T LowerX, UpperX, RangeX;

    /// <summary>The interval of its values.</summary>
    public readonly T LowerY, UpperY, RangeY;

    /// <summary>1 / ((1 − K m) times the length), with m = 0 for limited parameters.</summary>
    public readonly T OverRangeX, OverRangeY;

    /// <summary>The rates of the limits of sizes and of slopes; for softmax parameters the first one is what multiplies raw sizes.</summary>
    public readonly T BinRate, DerivativeRate;

    /// <summary>m and 1 − K m, for the widths and for the heights; 0 and 1 for limited parameters.</summary>
    public readonly T FloorX, FreeX, FloorY, FreeY;

    /// <summary>The least slope.</summary>
    public readonly T MinimumSlope;

    /// <summary>The slopes at the ends where they are constants.</summary>
    public readonly T LowerSlope, UpperSlope;

    public SplineConstants(in SplineSettings settings, bool inverse)
    {
        var limit = Math.Abs(Math.Log(settings.Slope));
        var isSoftmax = settings.Parametrization == SplineParametrization.Softmax;
        var (width, height) = isSoftmax ? (settings.MinimumWidth, settings.MinimumHeight) : (0.0, 0.0);
        var (freeX, freeY) = (1 - (settings.Bins * width), 1 - (settings.Bins * height));
        var (rangeX, rangeY) = (settings.Upper - settings.Lower, settings.UpperImage - settings.LowerImage);
        Bins = settings.Bins;
        Inverse = inverse ? 1 : 0;
        Slopes = settings.Slopes;
        GivenEnds = settings.Ends == SplineEnds.Given ? 1 : 0;
        IdentityOutside = settings.IsIdentityOutside ? 1 : 0;
        Bounded = settings.Tails == SplineTails.None ? 1 : 0;
        Circular = settings.Tails == SplineTails.Circular ? 1 : 0;
        LowerX = T.CreateChecked(settings.Lower);
        UpperX = T.CreateChecked(settings.Upper);
        RangeX = T.CreateChecked(rangeX);
        LowerY = T.CreateChecked(settings.LowerImage);
        UpperY = T.CreateChecked(settings.UpperImage);
        RangeY = T.CreateChecked(rangeY);
        OverRangeX = T.CreateChecked(1 / (rangeX * freeX));
        OverRangeY = T.CreateChecked(1 / (rangeY * freeY));
        BinRate = T.CreateChecked(isSoftmax ? settings.LogitScale : 2 / limit);
        DerivativeRate = T.CreateChecked(1 / limit);
        FloorX = T.CreateChecked(width);
        FreeX = T.CreateChecked(freeX);
        FloorY = T.CreateChecked(height);
        FreeY = T.CreateChecked(freeY);
        MinimumSlope = T.CreateChecked(settings.MinimumSlope);
        LowerSlope = T.CreateChecked(settings.LowerSlope);
        UpperSlope = T.CreateChecked(settings.UpperSlope);
    }
}
