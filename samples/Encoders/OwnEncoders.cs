using System.Numerics;
using FlowCore.Parts;

namespace Encoders;

/// <summary>The encoders of the sample, for files: given to <see cref="PartRegistry.Add"/> once.</summary>
internal sealed class OwnEncoders : IPartList
{
    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        catalog.Add<ImageEncoder<T>>();
        catalog.Add<RecurrentEncoder<T>>();
    }
}
