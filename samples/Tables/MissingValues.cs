namespace Tables;

/// <summary>What becomes of a row in which a number is missing: an empty field, "NA", a null, NaN.</summary>
public enum MissingValues
{
    /// <summary>It is an error that names the row and the column.</summary>
    Refuse,

    /// <summary>The row is left out, and counted in <see cref="TableReader.DroppedRows"/>.</summary>
    Drop,
}
