using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A stretch of a tape's block whose memory is given back when the scope is disposed; see <see cref="Tape{T}.WithoutRecording"/>.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly ref struct TapeScope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly int _firstSlot;
    private readonly bool _recorded;

    internal TapeScope(Tape<T> tape, int firstSlot, bool recorded)
    {
        _tape = tape;
        _firstSlot = firstSlot;
        _recorded = recorded;
    }

    /// <summary>Ends the stretch. Variables made within it must not be used any more.</summary>
    public void Dispose() => _tape?.EndScope(_firstSlot, _recorded);
}
