using System.Runtime.CompilerServices;

namespace FlowCore.Compute;

/// <content>The Gaussianization (formulas: <see cref="GaussianizationFormula{V, T, C}"/>).</content>
/// <remarks>
/// A lane is one event; blocks are padded, so there is no remainder. The exponentials of the log-scales are taken once for a register of
/// events, or once for a feature where all events share a row of parameters.
/// </remarks>
internal sealed unsafe partial class CpuKernels<V, T>
{
    public override void Gaussianization(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y, in Matrix<T> logDet)
    {
        var constants = new GaussianizationConstants<T>(components, squeeze, inverse);
        var mixture = new CpuMixture<V, T>(components, Scratch(CpuMixture<V, T>.ScratchLength(components)), overwrite: false);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var raw = parameters.Column(2 * components * positions[feature]);
            if (!block)
                mixture.Share(raw);
            var argument = x.Column(feature);
            var result = y.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    mixture.Take(raw + row, parameters.Stride, null, 0);
                if (inverse)
                    GaussianizationInverse(constants, mixture, argument + row, result + row, logDet.Pointer + row, feature == 0);
                else
                    GaussianizationValue(constants, mixture, argument + row, result + row, logDet.Pointer + row, feature == 0);
            }
        }
    }

    public override void GaussianizationAdjoint(
        bool inverse, int components, double squeeze, in Matrix<T> x, in Matrix<T> parameters, int[] positions, in Matrix<T> y,
        in Matrix<T> dy, in Matrix<T> dlogDet, in Matrix<T> dx, in Matrix<T> dparameters, bool overwriteParameters)
    {
        var constants = new GaussianizationConstants<T>(components, squeeze, inverse);
        var mixture = new CpuMixture<V, T>(components, Scratch(CpuMixture<V, T>.ScratchLength(components)), overwriteParameters);
        var rows = x.PaddedRows;
        var block = parameters.IsBlock;
        var zero = V.Create(T.Zero);
        for (var feature = 0; feature < positions.Length; feature++)
        {
            var first = 2 * components * positions[feature];
            var raw = parameters.Column(first);
            var target = dparameters.IsEmpty ? null : dparameters.Column(first);
            if (!block)
                mixture.Share(raw);
            var argument = inverse ? y.Column(feature) : x.Column(feature);
            var result = inverse ? x.Column(feature) : y.Column(feature);
            var adjoint = dy.IsEmpty ? null : dy.Column(feature);
            var argumentAdjoint = dx.IsEmpty ? null : dx.Column(feature);
            for (var row = 0; row < rows; row += V.Count)
            {
                if (block)
                    mixture.Take(raw + row, parameters.Stride, target + row, dparameters.Stride);
                var gradient = GaussianizationGradient(
                    constants, mixture, argument + row, result + row, adjoint is null ? zero : V.Load(adjoint + row),
                    dlogDet.IsEmpty ? zero : V.Load(dlogDet.Pointer + row), target is not null);
                if (argumentAdjoint is not null)
                    V.Store(V.Load(argumentAdjoint + row) + gradient, argumentAdjoint + row);
            }

            if (!block && target is not null)
                mixture.Finish(target);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GaussianizationValue(in GaussianizationConstants<T> constants, CpuMixture<V, T> mixture, T* argument, T* result, T* logDet, bool first)
    {
        V.Store(GaussianizationFormula<V, T, CpuMixture<V, T>>.Value(constants, mixture, V.Load(argument), out var log), result);
        V.Store(first ? log : V.Load(logDet) + log, logDet);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void GaussianizationInverse(in GaussianizationConstants<T> constants, CpuMixture<V, T> mixture, T* argument, T* result, T* logDet, bool first)
    {
        V.Store(GaussianizationFormula<V, T, CpuMixture<V, T>>.Inverse(constants, mixture, V.Load(argument), out var log), result);
        V.Store(first ? log : V.Load(logDet) + log, logDet);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static V GaussianizationGradient(
        in GaussianizationConstants<T> constants, CpuMixture<V, T> mixture, T* x, T* z, V adjoint, V logAdjoint, bool wantsParameters) =>
        GaussianizationFormula<V, T, CpuMixture<V, T>>.Adjoint(constants, mixture, V.Load(x), V.Load(z), adjoint, logAdjoint, wantsParameters);
}
