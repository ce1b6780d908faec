namespace FlowCore.Compute;

/// <summary>The sizes and settings of a row-wise algorithm, in numbers that any device takes; flags are 0 or 1.</summary>
internal struct RowShape
{
    /// <summary>The rows of a small matrix.</summary>
    public int Rows;

    /// <summary>The length of a segment, or the index that a product sums over.</summary>
    public int Inner;

    /// <summary>The columns of a small matrix.</summary>
    public int Columns;

    /// <summary>Whether the first matrix counts transposed.</summary>
    public int TransposeFirst;

    /// <summary>Whether the second matrix counts transposed.</summary>
    public int TransposeSecond;

    /// <summary>0 to overwrite the result, 1 to add to it, −1 to subtract from it.</summary>
    public int Accumulate;

    /// <summary>A <see cref="MatrixRegion"/>.</summary>
    public int Region;

    /// <summary>Whether a diagonal counts as ones.</summary>
    public int UnitDiagonal;

    /// <summary>Whether a running sum leaves its own number out.</summary>
    public int Exclusive;

    /// <summary>Whether to run from the last number to the first.</summary>
    public int Reversed;

    /// <summary>Whether an optional operand is there.</summary>
    public int HasFirst;

    /// <summary>Whether another optional operand is there.</summary>
    public int HasSecond;

    /// <summary>How many parts a step of a fast transform joins.</summary>
    public int Radix;

    /// <summary>Where an algorithm's numbers begin in a table.</summary>
    public int Start;

    /// <summary>Whether element (row, column) belongs to the region.</summary>
    public readonly bool Contains(int row, int column) => Region switch
    {
        (int)MatrixRegion.Lower => column <= row,
        (int)MatrixRegion.StrictlyLower => column < row,
        (int)MatrixRegion.Upper => column >= row,
        (int)MatrixRegion.StrictlyUpper => column > row,
        _ => true,
    };
}
