using FlowCore.Parts;

namespace QuickStart;

/// <summary>The kinds of parts that this program adds: what its files may name.</summary>
internal sealed class OwnParts : IPartList
{
    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        catalog.Add<SinhArcsinh<T>>();
        catalog.Add<ClosedSinhArcsinh<T>>();
    }
}
