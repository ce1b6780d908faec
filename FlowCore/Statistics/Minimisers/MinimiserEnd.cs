namespace FlowCore.Statistics;

/// <summary>Why a minimiser ended.</summary>
public enum MinimiserEnd
{
    /// <summary>The gradient is within its tolerance.</summary>
    Gradient,

    /// <summary>No step lowers the value beyond its rounding: as near to the minimum as the arithmetic of the function allows.</summary>
    Rounding,

    /// <summary>The iterations are used up.</summary>
    Iterations,
}
