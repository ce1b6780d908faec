namespace FlowCore.Autodiff;

/// <content>Stretches of a block whose memory is given back at their end.</content>
public sealed partial class Tape<T>
{
    /// <summary>
    /// Starts a stretch that is not recorded: what is computed until the scope is disposed can be read but not differentiated,
    /// and its memory is given back then. Results that are to outlive it are written to variables allocated before.
    /// </summary>
    /// <returns>The scope, to be disposed once, before the block ends.</returns>
    public TapeScope<T> WithoutRecording()
    {
        ThrowIfDisposed();
        var scope = new TapeScope<T>(this, _slots.Count, IsRecording);
        IsRecording = false;
        return scope;
    }

    /// <summary>
    /// Starts a stretch in which parameters are constants: what is computed until the scope is disposed is differentiated by its variables, not by the
    /// parameters that it uses. So ln q(x; θ) gives its slope in x alone.
    /// </summary>
    /// <returns>The scope, to be disposed once, before the block ends; what was computed within stays.</returns>
    public ParameterScope<T> WithoutParameters()
    {
        ThrowIfDisposed();
        var scope = new ParameterScope<T>(this, _parametersAreConstants);
        _parametersAreConstants = true;
        return scope;
    }

    /// <summary>
    /// Whether a variable was computed from a trainable parameter of the store that the block is differentiated by: false of inputs, of constants, of what is not recorded, and
    /// behind <see cref="StopGradient"/>.
    /// </summary>
    /// <param name="variable">Any variable.</param>
    /// <returns>True where the backward sweep can reach a parameter from it.</returns>
    /// <exception cref="ArgumentException">There is no variable, or it is of another tape or an earlier block.</exception>
    public bool DependsOnParameters(Variable<T> variable)
    {
        Check(variable);
        return At(RootOf(variable.Id)).DependsOnParameters;
    }

    /// <summary>Whether the block is differentiated by this store.</summary>
    internal bool IsDifferentiatedBy(ParameterStore<T> store) => IsRecording && ReferenceEquals(_gradientStore, store);

    internal void EndParameterScope(bool wereConstants) => _parametersAreConstants = wereConstants;

    /// <summary>Starts a stretch whose memory is given back at its end where the tape does not record; where it records the scope does nothing.</summary>
    internal TapeScope<T> BeginScope() => new(this, IsRecording ? -1 : _slots.Count, IsRecording);

    internal void EndScope(int firstSlot, bool recorded)
    {
        IsRecording = recorded;
        if (firstSlot < 0)
            return;
        for (var id = firstSlot; id < _slots.Count; id++)
        {
            ref var slot = ref At(id);
            if (slot.Root < 0 && !slot.IsBorrowed && slot.Length > 0)
                _arena.Return(slot.Value.Memory!, slot.Value.Offset, slot.Length);
        }

        _slots.RemoveRange(firstSlot, _slots.Count - firstSlot);
    }
}
