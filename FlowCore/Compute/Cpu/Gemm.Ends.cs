using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>How the sums of a tile start and where they go.</content>
internal static unsafe partial class Gemm<V, T>
{
    /// <summary>The two ends of a tile's sums; a struct, so that the calls vanish in the compiled loop.</summary>
    private interface ITileEnds
    {
        /// <summary>What a sum starts from.</summary>
        V Start(int row, int column, T* c);

        /// <summary>Stores a finished sum.</summary>
        void End(V sum, int row, int column, T* c);
    }

    // Starts at the bias of the row, or at zero without one.
    private readonly struct BiasEnds(T* bias) : ITileEnds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int row, int column, T* c) => bias is null ? default : V.Create(bias[row]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, int row, int column, T* c) => V.Store(sum, c);
    }

    // The same with max(·, 0) at the end, which keeps NaN.
    private readonly struct BiasReLUEnds(T* bias) : ITileEnds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int row, int column, T* c) => bias is null ? default : V.Create(bias[row]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, int row, int column, T* c) => V.Store(V.Select(V.LessThan(sum, default), default, sum), c);
    }

    // Adds to what is there.
    private readonly struct AddEnds : ITileEnds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int row, int column, T* c) => V.Load(c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, int row, int column, T* c) => V.Store(sum, c);
    }

    // Adds to what is there, in columns before the end of the row only: ends[row] counts them from the tile's first column.
    private readonly struct ClippedAddEnds(int* ends) : ITileEnds
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Start(int row, int column, T* c) => V.LoadPartial(c, Count(row, column));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void End(V sum, int row, int column, T* c) => V.StorePartial(sum, c, Count(row, column));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private int Count(int row, int column) => Math.Clamp(ends[row] - (column * V.Count), 0, V.Count);
    }
}
