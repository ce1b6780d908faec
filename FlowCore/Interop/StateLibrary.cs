namespace FlowCore.Interop;

/// <summary>Whose names and shapes tensors have.</summary>
public enum StateLibrary
{
    /// <summary>zuko, and the factorizable-flow reference on it.</summary>
    Zuko,

    /// <summary>nflows, and glasflow and mbank on it.</summary>
    Nflows,

    /// <summary>normflows.</summary>
    Normflows,
}
