using System.Numerics;
using FlowCore.Parts;

namespace ManifoldsSample;

/// <summary>The encoder of the sample, for files: given to <see cref="PartRegistry.Add"/> once.</summary>
internal sealed class SampleParts : IPartList
{
    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => catalog.Add<HitEncoder<T>>();
}
