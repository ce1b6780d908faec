using System.Numerics;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>A transform of the list with its sizes.</summary>
internal sealed record LawCase(TransformEntry Entry, int Features, int Conditions)
{
    public ulong Seed => 17 + (ulong)((10 * Features) + Conditions);

    public Transform<T> Make<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Entry.Make<T>(Features, Conditions, Seed);

    public override string ToString() => $"{Entry.Name}, D={Features}, C={Conditions}";
}
