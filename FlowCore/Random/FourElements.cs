using System.Runtime.CompilerServices;

namespace FlowCore.Random;

/// <summary>Room on the stack for the elements of one block.</summary>
[InlineArray(4)]
internal struct FourElements<T>
    where T : unmanaged
{
    private T _first;
}
