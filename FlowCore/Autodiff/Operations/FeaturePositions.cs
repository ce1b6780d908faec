using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The checks that the elementwise transforms share: positions of the features' parameters and shapes.</summary>
internal static class FeaturePositions
{
    /// <summary>Checks that positions are not negative and distinct.</summary>
    internal static void Check(int[] positions)
    {
        if (positions.Length == 0)
            throw new ArgumentException("Expected at least one feature.", nameof(positions));
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i] < 0 || Array.IndexOf(positions, positions[i], i + 1) >= 0)
                throw new ArgumentException($"Expected distinct positions of at least 0, got {positions[i]} for feature {i}.", nameof(positions));
        }
    }

    /// <summary>Checks the inputs of a call.</summary>
    internal static void CheckShapes<T>(int[] positions, int parametersPerFeature, Variable<T> x, Variable<T> parameters)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!x.IsBlock || x.Columns != positions.Length)
            throw new ArgumentException($"Expected a block of {positions.Length} columns, got one of {x.Columns}.", nameof(x));
        var last = 0;
        foreach (var position in positions)
            last = Math.Max(last, position);
        var columns = parameters.Columns;
        if (columns % parametersPerFeature != 0 || columns / parametersPerFeature <= last || (!parameters.IsBlock && parameters.Rows != 1))
        {
            throw new ArgumentException(
                $"Expected a block or one row of {parametersPerFeature} parameters for each of at least {last + 1} features, got {parameters.Rows} × {columns}.",
                nameof(parameters));
        }
    }

    /// <summary>Checks the outputs of a call.</summary>
    internal static void CheckOutputs<T>(int[] positions, Variable<T> y, Variable<T> logDet)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!y.IsBlock || y.Columns != positions.Length)
            throw new ArgumentException($"Expected a block of {positions.Length} columns, got one of {y.Columns}.", nameof(y));
        if (!logDet.IsBlock || logDet.Columns != 1)
            throw new ArgumentException($"Expected a block of one column, got one of {logDet.Columns}.", nameof(logDet));
    }
}
