namespace FlowCore.Compute;

/// <summary>The elementwise functions of two arguments that a device offers, each with its derivatives.</summary>
public enum BinaryFunction
{
    /// <summary>a + b.</summary>
    Add,

    /// <summary>a − b.</summary>
    Subtract,

    /// <summary>a · b.</summary>
    Multiply,

    /// <summary>a / b.</summary>
    Divide,

    /// <summary>The larger; the derivative goes to a where they are equal.</summary>
    Max,

    /// <summary>The smaller; the derivative goes to a where they are equal.</summary>
    Min,
}
