using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The affine map with a limited log-scale (formulas: <see cref="AffineFormula{V, T}"/>).</content>
/// <remarks>A lane is one event; blocks are padded, so there is no remainder. A shared row of parameters is repeated in every lane.</remarks>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Affine(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var rows = x.PaddedRows;
        var rate = V.Create(AffineRate(slope));
        var block = parameters.IsBlock;
        var logDeterminant = logDet.Pointer;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var shifts = parameters.Column(2 * positions[feature]);
            var scales = parameters.Column((2 * positions[feature]) + 1);
            var argument = x.Column(feature);
            var result = y.Column(feature);
            var first = feature == 0;
            for (var row = 0; row < rows; row += V.Count)
            {
                var shift = LoadRowOrShared(shifts, row, block);
                var logScale = AffineFormula<V, T>.LogScale(LoadRowOrShared(scales, row, block), rate, out _);
                V.Store(AffineFormula<V, T>.Value(inverse, V.Load(argument + row), logScale, shift), result + row);
                if (inverse)
                    logScale = -logScale;
                V.Store(first ? logScale : V.Load(logDeterminant + row) + logScale, logDeterminant + row);
            }
        }
    }

    public override void AffineAdjoint(
        bool inverse, double slope, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var rows = x.PaddedRows;
        var rate = V.Create(AffineRate(slope));
        var block = parameters.IsBlock;
        var zero = V.Create(T.Zero);
        var logAdjoint = dlogDet.Pointer;
        var hasParameters = !dparameters.IsEmpty;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var position = 2 * positions[feature];
            var shifts = parameters.Column(position);
            var scales = parameters.Column(position + 1);
            var shiftTarget = hasParameters ? dparameters.Column(position) : null;
            var scaleTarget = hasParameters ? dparameters.Column(position + 1) : null;
            var argument = x.Column(feature);
            var adjoint = dy.IsEmpty ? null : dy.Column(feature);
            var argumentAdjoint = dx.IsEmpty ? null : dx.Column(feature);
            var shiftSum = zero;
            var scaleSum = zero;
            for (var row = 0; row < rows; row += V.Count)
            {
                var shift = LoadRowOrShared(shifts, row, block);
                var logScale = AffineFormula<V, T>.LogScale(LoadRowOrShared(scales, row, block), rate, out var factor);
                AffineFormula<V, T>.Adjoint(
                    inverse, V.Load(argument + row), logScale, shift, adjoint is null ? zero : V.Load(adjoint + row),
                    logAdjoint is null ? zero : V.Load(logAdjoint + row), out var gx, out var gscale, out var gshift);
                if (argumentAdjoint is not null)
                    V.Store(V.Load(argumentAdjoint + row) + gx, argumentAdjoint + row);
                if (!hasParameters)
                    continue;
                gscale = gscale * factor * factor;
                if (block)
                {
                    V.Store(overwriteParameters ? gshift : V.Load(shiftTarget + row) + gshift, shiftTarget + row);
                    V.Store(overwriteParameters ? gscale : V.Load(scaleTarget + row) + gscale, scaleTarget + row);
                }
                else
                {
                    shiftSum += gshift;
                    scaleSum += gscale;
                }
            }

            if (block || !hasParameters)
                continue;
            *shiftTarget = overwriteParameters ? V.Sum(shiftSum) : *shiftTarget + V.Sum(shiftSum);
            *scaleTarget = overwriteParameters ? V.Sum(scaleSum) : *scaleTarget + V.Sum(scaleSum);
        }
    }

    private static T AffineRate(double slope) => slope == 0 ? T.Zero : T.CreateChecked(1 / Math.Abs(Math.Log(slope)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LoadRowOrShared(T* column, int row, bool block) => block ? V.Load(column + row) : V.Create(*column);
}
