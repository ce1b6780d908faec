using System.Numerics;
using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <summary>
/// The two-dimensional Hartley transform of that along both axes: c[j, k] (+)= ½ s (a[j, k] + a[−j, k] + a[j, −k] − a[−j, −k]), s a scale; item i is a column.
/// </summary>
/// <remarks>
/// cas α cas β + cas(−α) cas β + cas α cas(−β) − cas(−α) cas(−β) = 2 cas(α + β) (R. N. Bracewell and others, "Fast two-dimensional Hartley transform",
/// 1986). Rows and Columns are those of the plane, of which there may be several. a: the transform along the axes, b: the table, at whose Start ½ s is,
/// c: the result.
/// </remarks>
internal readonly struct HartleyPlane<V, T, C> : IRowAlgorithm<C>
    where V : unmanaged, ILane<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where C : struct, ICells<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(in RowShape shape, int item, C a, C b, C c, C d, C e)
    {
        var (height, width) = (shape.Rows, shape.Columns);
        var line = item / width;
        var k = item - (line * width);
        var plane = line / height;
        var j = line - (plane * height);
        var first = plane * height * width;
        var mirroredLine = first + ((j == 0 ? 0 : height - j) * width);
        var mirrored = k == 0 ? 0 : width - k;
        var sum = (a.Load(item) + a.Load(mirroredLine + k)) + (a.Load(first + (j * width) + mirrored) - a.Load(mirroredLine + mirrored));
        var value = b.Load(shape.Start) * sum;
        c.Store(item, shape.Accumulate != 0 ? c.Load(item) + value : value);
    }
}
