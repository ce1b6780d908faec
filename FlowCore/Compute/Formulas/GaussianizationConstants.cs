using System.Numerics;

namespace FlowCore.Compute;

/// <summary>The numbers of a Gaussianization that are the same for all rows, in the type of the kernel: integers and numbers, so that it can be passed to an accelerator.</summary>
internal readonly struct GaussianizationConstants<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>K.</summary>
    public readonly int Components;

    /// <summary>Not 0 for the inverse.</summary>
    public readonly int Inverse;

    /// <summary>Not 0 where there is a squeeze q.</summary>
    public readonly int IsSqueezed;

    /// <summary>K and 1/K.</summary>
    public readonly T Count, Share;

    /// <summary>1 − q and its logarithm.</summary>
    public readonly T Kept, LogKept;

    /// <summary>ln(q/2), and −Φ⁻¹(q/2), below which |z| stays; 0 and 0 without a squeeze.</summary>
    public readonly T LogHalfSqueeze, Limit;

    public GaussianizationConstants(int components, double squeeze, bool inverse)
    {
        Components = components;
        Inverse = inverse ? 1 : 0;
        IsSqueezed = squeeze > 0 ? 1 : 0;
        Count = T.CreateChecked(components);
        Share = T.CreateChecked(1.0 / components);
        Kept = T.CreateChecked(1 - squeeze);
        LogKept = T.CreateChecked(double.LogP1(-squeeze));
        if (squeeze == 0)
            return;
        LogHalfSqueeze = T.CreateChecked(Math.Log(0.5 * squeeze));
        Limit = T.CreateChecked(-LaneMath<ScalarLane<double>, double>.Probit(ScalarLane<double>.Create(0.5 * squeeze)).Value);
    }
}
