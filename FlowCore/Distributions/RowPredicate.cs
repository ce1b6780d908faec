namespace FlowCore.Distributions;

/// <summary>Whether a row belongs to a region.</summary>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="row">The features of the row.</param>
/// <returns>True where it does.</returns>
public delegate bool RowPredicate<T>(ReadOnlySpan<T> row);
