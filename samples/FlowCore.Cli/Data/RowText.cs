using System.Globalization;

namespace FlowCore.Cli.Data;

/// <summary>Rows in sentences.</summary>
internal static class RowText
{
    /// <summary>"row 7, counted from 1", of the rows that are not left out.</summary>
    /// <param name="row">The number of the row, from 0.</param>
    public static string Of(long row) => string.Create(CultureInfo.InvariantCulture, $"row {row + 1}, counted from 1");
}
