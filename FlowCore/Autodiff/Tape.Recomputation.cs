namespace FlowCore.Autodiff;

/// <content>A second tape for operations that compute a part of the record anew when it is walked back, and so keep less of it.</content>
/// <remarks>Griewank and Walther 2008, chapter 12: the memory of a long chain is that of its checkpoints and of one link.</remarks>
public sealed partial class Tape<T>
{
    private Tape<T>? _inner;

    /// <summary>The tape for what is computed anew, at the start of a block of as many rows. One for each tape: nobody else may be at it.</summary>
    /// <param name="withParameters">Whether its backward sweep adds to the gradients that this block's adds to.</param>
    internal Tape<T> BeginInner(bool withParameters)
    {
        ThrowIfDisposed();
        _inner ??= new Tape<T>(Kernels, _capacity);
        if (withParameters && _gradientStore is { } store)
            _inner.Begin(Rows, store, _gradients!);
        else
            _inner.Begin(Rows, record: true);
        return _inner;
    }

    /// <summary>A matrix of another tape of the same capacity as a leaf, without a copy.</summary>
    /// <param name="value">The numbers.</param>
    /// <param name="adjoint">What a backward sweep adds to; empty where none is wanted.</param>
    internal Variable<T> Adopt(in Matrix<T> value, in Matrix<T> adjoint) => value.IsEmpty ? default : Add(new Slot
    {
        Value = value,
        Adjoint = adjoint,
        Root = -1,
        NeedsAdjoint = !adjoint.IsEmpty,
        IsLeaf = true,
        IsBorrowed = true,
    });

    /// <summary>Walks the record back from factor · a given adjoint of a variable.</summary>
    internal void Backward(Variable<T> variable, in Matrix<T> seed, T factor)
    {
        if (!BeginWalk(variable))
            return;
        var adjoint = SeedOf(variable.Id, out var borrowed);
        Kernels.ScaleShift(seed, factor, T.Zero, adjoint, accumulate: false);
        Walk(variable.Id, adjoint, borrowed);
    }
}
