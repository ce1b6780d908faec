namespace FlowCore.Manifolds;

/// <summary>One array of a layer's raw parameters: its name in state dictionaries and its shape, row-major.</summary>
/// <param name="Name">The name, for example <c>kde_means</c>.</param>
/// <param name="Rows">The rows, at least 1.</param>
/// <param name="Columns">The columns, at least 1.</param>
public sealed record LayerArray(string Name, int Rows, int Columns)
{
    /// <summary>An array of one row.</summary>
    /// <param name="name">The name.</param>
    /// <param name="count">How many numbers.</param>
    public LayerArray(string name, int count)
        : this(name, 1, count) => IsMatrix = false;

    /// <summary>Whether state dictionaries give it two axes behind the leading one of 1.</summary>
    public bool IsMatrix { get; } = true;

    /// <summary>How many times state dictionaries hold each number, one behind the other: 2 where jammy_flows stores two of which one must be the other.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>How many numbers.</summary>
    public int Count => checked(Rows * Columns);
}
