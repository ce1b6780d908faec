using System.Numerics;

namespace FlowCore.Compute;

/// <content>The rational-quadratic spline (formulas: <see cref="SplineFormula{V, T}"/>).</content>
/// <remarks>
/// A lane is one event, and the parameters of one feature are 3K − 1 columns or a few more, so a register of events is treated at a
/// time: one sweep over the bins takes the exponentials and their sum, a second one runs along the knots and keeps by
/// masked selection the bin that the event falls into (no gathers), and then the formula of one bin follows. The adjoint
/// takes the same two sweeps anew and a third one writes the adjoints of all parameters. Blocks are padded, so there is
/// no remainder. Where all events share one row of parameters the first sweep is done once for a feature. The kinds of
/// spline are compiled apart, so that the plain one asks nothing that the others need; the tests are of types, which the
/// compiler decides before it expands what is behind them.
/// </remarks>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Spline(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        if (settings.Parametrization == SplineParametrization.Softmax)
            SplineOf<SoftmaxSpline>(inverse, settings, x, parameters, positions, y, logDet);
        else if (settings.IsIdentityOutside)
            SplineOf<PlainSpline>(inverse, settings, x, parameters, positions, y, logDet);
        else
            SplineOf<LimitedSpline>(inverse, settings, x, parameters, positions, y, logDet);
    }

    public override void SplineAdjoint(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        if (settings.Parametrization == SplineParametrization.Softmax)
            SplineAdjointOf<SoftmaxSpline>(inverse, settings, x, parameters, positions, dy, dlogDet, dx, dparameters, overwriteParameters);
        else if (settings.IsIdentityOutside)
            SplineAdjointOf<PlainSpline>(inverse, settings, x, parameters, positions, dy, dlogDet, dx, dparameters, overwriteParameters);
        else
            SplineAdjointOf<LimitedSpline>(inverse, settings, x, parameters, positions, dy, dlogDet, dx, dparameters, overwriteParameters);
    }

    private void SplineOf<TKind>(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
        where TKind : struct, ISplineKind
    {
        var work = new SplineWork(settings, Scratch(SplineWork.ScratchLength(settings.Bins)), inverse);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        var logDeterminant = logDet.Pointer;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var raw = parameters.Column(positions[feature] * settings.ParametersPerFeature);
            if (!block)
                SplineSharedBins<TKind>(work, raw, withSlopes: false);
            var argument = x.Column(feature);
            var result = y.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    SplineBins<TKind>(work, raw + row, parameters.Stride);
                SplineLocate<TKind>(work, V.Load(argument + row), block ? raw + row + (2L * work.Bins * parameters.Stride) : work.SharedDerivatives, block ? parameters.Stride : V.Count);
                SplineValue<TKind>(work, argument + row, result + row, logDeterminant + row, feature == 0);
            }
        }
    }

    private void SplineAdjointOf<TKind>(
        bool inverse, in SplineSettings settings, in Matrix<T> x, in Matrix<T> parameters, int[] positions,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
        where TKind : struct, ISplineKind
    {
        var work = new SplineWork(settings, Scratch(SplineWork.ScratchLength(settings.Bins)), inverse);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        var count = settings.ParametersPerFeature;
        var logAdjoint = dlogDet.Pointer;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var first = positions[feature] * count;
            var raw = parameters.Column(first);
            var target = dparameters.IsEmpty ? null : dparameters.Column(first);
            if (!block)
            {
                SplineSharedBins<TKind>(work, raw, withSlopes: true);
                for (var c = 0; c < count; c++)
                    V.Store(V.Create(T.Zero), work.SharedSums + (c * V.Count));
            }

            var argument = x.Column(feature);
            var adjoint = dy.IsEmpty ? null : dy.Column(feature);
            var argumentAdjoint = dx.IsEmpty ? null : dx.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    SplineBinsWithSlopes<TKind>(work, raw + row, parameters.Stride);
                SplineLocate<TKind>(work, V.Load(argument + row), block ? raw + row + (2L * work.Bins * parameters.Stride) : work.SharedDerivatives, block ? parameters.Stride : V.Count);
                if (typeof(TKind) != typeof(PlainSpline) && work.Constants.Bounded != 0)
                    SplineRowOutside(work, x.Pointer + row, x.Stride, positions.Length);
                SplineBinAdjoint<TKind>(
                    work, argument + row, adjoint is null ? null : adjoint + row, logAdjoint is null ? null : logAdjoint + row,
                    argumentAdjoint is null ? null : argumentAdjoint + row);
                if (target is null)
                    continue;
                if (!block)
                    SplineParameterAdjoint<TKind>(work, work.SharedSums, V.Count);
                else if (overwriteParameters)
                    SplineParameterAdjointFresh<TKind>(work, target + row, dparameters.Stride);
                else
                    SplineParameterAdjoint<TKind>(work, target + row, dparameters.Stride);
            }

            if (target is null || block)
                continue;
            for (var c = 0; c < count; c++)
            {
                var sum = V.Sum(V.Load(work.SharedSums + (c * V.Count)));
                target[c] = overwriteParameters ? sum : target[c] + sum;
            }
        }
    }

    // Whether any feature of a row is outside its interval: then no adjoint of the row comes out.
    private static void SplineRowOutside(in SplineWork work, T* x, long stride, int features)
    {
        var inverse = work.Inverse;
        var lower = V.Create(inverse ? work.Constants.LowerY : work.Constants.LowerX);
        var upper = V.Create(inverse ? work.Constants.UpperY : work.Constants.UpperX);
        var outside = SplineTailFormula<V, T>.Outside(V.Load(x), lower, upper);
        for (var feature = 1; feature < features; feature++)
            outside |= SplineTailFormula<V, T>.Outside(V.Load(x + (feature * stride)), lower, upper);
        V.Store(outside, work.Found + (10 * V.Count));
    }
}
