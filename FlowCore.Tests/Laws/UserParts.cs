using System.Numerics;
using FlowCore.Parts;

namespace FlowCore.Tests.Laws;

/// <summary>The kinds of parts that tests add to the library's, as a user does.</summary>
internal sealed class UserParts : IPartList
{
    public static void Register() => PartRegistry.Add(new UserParts());

    public void AddTo<T>(PartCatalog<T> catalog)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        catalog.Add<LogitUnivariate<T>>();
        catalog.Add<QuadraticUnivariate<T>>();
        catalog.Add<SoftplusUnivariate<T>>();
        catalog.Add<TanhUnivariate<T>>();
    }
}
