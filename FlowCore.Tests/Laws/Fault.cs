namespace FlowCore.Tests.Laws;

/// <summary>What is wrong with a <see cref="FaultyTransform"/>.</summary>
internal enum Fault
{
    Inverse,
    LogDet,
    InverseLogDet,
    Neighbour,
    Adjoint,
    Outside,
    Unregistered,
}
