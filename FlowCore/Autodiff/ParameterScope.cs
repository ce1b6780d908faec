using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>A stretch of a tape's block in which parameters are constants; see <see cref="Tape{T}.WithoutParameters"/>.</summary>
/// <typeparam name="T">The number type.</typeparam>
public readonly ref struct ParameterScope<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> _tape;
    private readonly bool _wereConstants;

    internal ParameterScope(Tape<T> tape, bool wereConstants)
    {
        _tape = tape;
        _wereConstants = wereConstants;
    }

    /// <summary>Ends the stretch.</summary>
    public void Dispose() => _tape?.EndParameterScope(_wereConstants);
}
