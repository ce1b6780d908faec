using System.Numerics;
using FlowCore.Parts;

namespace FlowCore.Tests.Laws;

/// <summary>A list that takes a name which the library has.</summary>
internal sealed class ClashingParts : IPartList
{
    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => catalog.Add<UnknownUnivariate<T>>();
}
