namespace FlowCore.Cli.Data;

/// <summary>Some rows of a table, one behind the other.</summary>
/// <param name="First">The number of the first, from 0, of the rows that are not left out.</param>
/// <param name="X">Row-major [rows, features].</param>
/// <param name="Context">Row-major [rows, context columns]; empty without context.</param>
/// <param name="Weights">[rows]; empty for ones.</param>
internal readonly record struct RowBlock(long First, ReadOnlyMemory<float> X, ReadOnlyMemory<float> Context, ReadOnlyMemory<float> Weights);
