namespace FlowCore.IO;

/// <summary>
/// Something beside the tensors that only its own program could make use of: an object of a Python class, a tensor of a type that is
/// not read, a container without end. It is kept as a description; nothing of it was looked up, called or run.
/// </summary>
/// <param name="Description">What it says that it is, in one line.</param>
public sealed record InertValue(string Description)
{
    /// <inheritdoc/>
    public override string ToString() => Description;
}
