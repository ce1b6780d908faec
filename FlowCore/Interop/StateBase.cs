namespace FlowCore.Interop;

/// <summary>The base distributions whose tensors have the same names, <c>base._0</c> and <c>base._1</c>, in older versions of zuko.</summary>
public enum StateBase
{
    /// <summary>A normal distribution: locations and scales.</summary>
    Normal,

    /// <summary>A uniform distribution: lower and upper bounds.</summary>
    Box,
}
