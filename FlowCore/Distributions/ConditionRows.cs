using System.Numerics;
using FlowCore.Autodiff;

namespace FlowCore.Distributions;

/// <summary>Brings context and nuisances to a tape as one matrix, the context's columns first.</summary>
internal static class ConditionRows
{
    /// <summary>Loads rows of both; either may have no columns.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="context">Row-major [rows, C].</param>
    /// <param name="contextFeatures">C.</param>
    /// <param name="nuisances">Row-major [rows, K].</param>
    /// <param name="nuisanceCount">K.</param>
    /// <param name="requiresAdjoint">Whether the backward sweep is to leave the adjoint.</param>
    /// <returns>[rows, C + K]; "no variable" for no columns.</returns>
    public static Variable<T> Load<T>(
        Tape<T> tape, ReadOnlySpan<T> context, int contextFeatures, ReadOnlySpan<T> nuisances, int nuisanceCount, bool requiresAdjoint = false)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (contextFeatures + nuisanceCount == 0)
            return default;
        if (nuisanceCount == 0)
            return tape.Input(context, contextFeatures, requiresAdjoint);
        if (contextFeatures == 0)
            return tape.Input(nuisances, nuisanceCount, requiresAdjoint);
        var conditions = tape.Allocate(contextFeatures + nuisanceCount, requiresAdjoint);
        var matrix = tape.ValueOf(conditions);
        tape.Kernels.LoadRows(context, matrix.Slice(0, contextFeatures));
        tape.Kernels.LoadRows(nuisances, matrix.Slice(contextFeatures, nuisanceCount));
        return conditions;
    }
}
