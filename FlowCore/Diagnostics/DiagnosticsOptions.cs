using System.Numerics;

namespace FlowCore.Diagnostics;

/// <summary>What <see cref="ModelDiagnostics.Report"/> does. Immutable.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed record DiagnosticsOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tests of the calibration.</summary>
    public CoverageOptions<T> Coverage { get; init; } = new();

    /// <summary>The comparison of the model's samples with the events; its seed and device, too.</summary>
    public TwoSampleOptions TwoSample { get; init; } = new();

    /// <summary>Whether networks are trained to tell samples from events, which takes seconds to minutes.</summary>
    public bool WithClassifier { get; init; }
}
