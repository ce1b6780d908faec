using FlowCore.Statistics;
using FlowCore.Training;

namespace Mbank;

/// <summary>The settings of page and regression. Immutable.</summary>
internal sealed record MbankOptions
{
    private MbankOptions()
    {
    }

    /// <summary>The example's own settings.</summary>
    public static MbankOptions Page { get; } = new();

    /// <summary>Those of the regression.</summary>
    public static MbankOptions Regression { get; } = new()
    {
        IsRegression = true,
        Output = Path.Combine("mbank-output", "regression"),
        BatchSize = 1000,
        Rows = 20_000,
        Hidden = 10,
        Rate = 0.01,
        Steps = 3000,
    };

    /// <summary>Whether the flow learns from values of a density, not from samples.</summary>
    public bool IsRegression { get; private init; }

    /// <summary>The folder of the results.</summary>
    public string Output { get; init; } = "mbank-output";

    /// <summary>Steps of the training.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Rows of a step.</summary>
    public int BatchSize { get; init; } = 10_000;

    /// <summary>Rows, a tenth of them for validation.</summary>
    public int Rows { get; init; } = 100_000;

    /// <summary>Pairs of a linear map and a masked transform.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>Units of the hidden layers.</summary>
    public int Hidden { get; init; } = 5;

    /// <summary>Learning rate of Adam.</summary>
    public double Rate { get; init; } = 0.001;

    /// <summary>Steps from one validation to the next.</summary>
    public int ValidationStep { get; init; } = 20;

    /// <summary>The metric of the validation rows as noise, of the page.</summary>
    public NoiseMetric Metric { get; init; }

    /// <summary>Steps from one figure of samples to the next, of the page; 0 for none.</summary>
    public int Frames { get; init; }

    /// <summary>The loss of the regression.</summary>
    public RegressionLoss Loss { get; init; }

    /// <summary>The seed of data, weights and batches.</summary>
    public ulong Seed { get; init; } = 1;
}
