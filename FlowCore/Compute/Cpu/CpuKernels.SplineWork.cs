using System.Numerics;

namespace FlowCore.Compute;

/// <content>What a call of the spline works with.</content>
internal sealed unsafe partial class CpuKernels<V, T>
{
    // Constants and scratch of one call; every place holds whole registers.
    private readonly struct SplineWork
    {
        public readonly int Bins;
        public readonly bool Inverse;
        public readonly SplineConstants<T> Constants;

        // K exponentials and their sum, each.
        public readonly T* Widths;
        public readonly T* Heights;

        // The derivatives of the exponentials by the raw parameters, at the same distance from each other.
        public readonly T* WidthSlopes;
        public readonly T* HeightSlopes;

        // Up to K + 1 raw derivatives and 3K + 1 sums, where the parameters are shared.
        public readonly T* SharedDerivatives;
        public readonly T* SharedSums;

        // The found bin: 0 whether inside, 1 its index, 2 and 3 its raw derivatives, 4 and 5 the exponentials below it and its
        // own for the widths, 6 and 7 for the heights. Then, in the adjoint: 2 and 3 the adjoints of the raw derivatives, and
        // the factors of the third sweep: 4 below, 5 here, 8 above for the widths, 6, 7, 9 for the heights;
        // 10 whether any feature of the row is outside, where nothing may be.
        public readonly T* Found;

        public SplineWork(in SplineSettings settings, T* scratch, bool inverse)
        {
            Bins = settings.Bins;
            Inverse = inverse;
            Constants = new(settings, inverse);
            var run = (Bins + 1) * V.Count;
            Found = scratch;
            Widths = Found + (11 * V.Count);
            Heights = Widths + run;
            WidthSlopes = Heights + run;
            HeightSlopes = WidthSlopes + run;
            SharedDerivatives = HeightSlopes + run;
            SharedSums = SharedDerivatives + run;
        }

        public static int ScratchLength(int bins) => checked((11 + (8 * (bins + 1))) * V.Count);
    }
}
