namespace FlowCore.Compute;

/// <summary>Which elements of a small matrix count.</summary>
public enum MatrixRegion
{
    /// <summary>All.</summary>
    Full,

    /// <summary>On and below the diagonal.</summary>
    Lower,

    /// <summary>Below the diagonal.</summary>
    StrictlyLower,

    /// <summary>On and above the diagonal.</summary>
    Upper,

    /// <summary>Above the diagonal.</summary>
    StrictlyUpper,
}
