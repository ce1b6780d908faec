namespace FlowCore.Compute;

/// <summary>How unconstrained numbers become the bins and slopes of a spline.</summary>
public enum SplineParametrization
{
    /// <summary>
    /// zuko's: every raw number a is limited to a / (1 + |a| / L) with L = |ln S| (2|a| / L for sizes), sizes are softmaxes of
    /// the limited numbers, slopes their exponentials. A bin holds its upper knot.
    /// </summary>
    Limited,

    /// <summary>
    /// nflows': sizes are m + (1 − K m) softmax(a), slopes m + ln(1 + e^a), with a minimum m of each kind. A bin holds its
    /// lower knot, the last one both.
    /// </summary>
    Softmax,
}
