namespace FlowCore.Compute;

/// <summary>Which pixels of an array count: those where row + column is even, or odd, the colours of a chessboard; or all.</summary>
public enum PixelParity
{
    /// <summary>All.</summary>
    All,

    /// <summary>Row + column is even.</summary>
    Even,

    /// <summary>Row + column is odd.</summary>
    Odd,
}
