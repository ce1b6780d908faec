namespace FlowCore.IO;

#pragma warning disable CA1720 // The members are the type names: that is what a file's dtype says.

/// <summary>The numeric type of a stored tensor's elements.</summary>
public enum ElementType
{
    /// <summary>One byte, 0 for false and 1 for true (any other value reads as true).</summary>
    Bool,

    /// <summary>Unsigned integer of 8 bits.</summary>
    UInt8,

    /// <summary>Signed integer of 8 bits.</summary>
    Int8,

    /// <summary>Signed integer of 16 bits.</summary>
    Int16,

    /// <summary>Unsigned integer of 16 bits.</summary>
    UInt16,

    /// <summary>Signed integer of 32 bits.</summary>
    Int32,

    /// <summary>Unsigned integer of 32 bits.</summary>
    UInt32,

    /// <summary>Signed integer of 64 bits.</summary>
    Int64,

    /// <summary>Unsigned integer of 64 bits.</summary>
    UInt64,

    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper 16 bits of an IEEE 754 binary32: 8 bits of exponent, 7 of fraction.</summary>
    BFloat16,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}
