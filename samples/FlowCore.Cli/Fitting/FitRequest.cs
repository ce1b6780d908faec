using CommandLine;
using FlowCore.Training;
using Tables;

namespace FlowCore.Cli.Fitting;

/// <summary>What a command line of fit asks for. Immutable.</summary>
internal sealed record FitRequest
{
    /// <summary>Epochs without a lower validation loss after which a single run ends.</summary>
    public const int UsualPatience = 20;

    public required string Data { get; init; }

    public required string Output { get; init; }

    public required TableOptions Table { get; init; }

    public string[]? Columns { get; init; }

    public string[] Context { get; init; } = [];

    public string? Weights { get; init; }

    public IReadOnlyList<string> Bounds { get; init; } = [];

    public FlowChoice? SaidFlow { get; init; }

    public double? SaidValidation { get; init; }

    public int? Epochs { get; init; }

    public int? Batch { get; init; }

    public double? Rate { get; init; }

    public int? Patience { get; init; }

    public ulong? SaidSeed { get; init; }

    public bool Resume { get; init; }

    public bool Force { get; init; }

    public FlowChoice Flow => SaidFlow ?? FlowChoice.Recommended;

    public double Validation => SaidValidation ?? 0.1;

    public ulong Seed => SaidSeed ?? CommonOptions.DefaultSeed;

    /// <summary>Whether the command line says how to train, so that there is one run of that and not runs of growing length.</summary>
    public bool SaysHowToTrain => Epochs is not null || Batch is not null || Rate is not null || Patience is not null;

    /// <summary>A single run.</summary>
    /// <param name="rate">The learning rate where none is given.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="warn">Takes warnings; null for none.</param>
    public TrainingOptions Training(double rate, long rows, Action<TrainingWarning>? warn) => new()
    {
        Epochs = Epochs,
        BatchSize = Batch,
        Optimiser = OptimiserSettings.AdamW(Rate ?? rate),
        EarlyStopping = new EarlyStopping(Patience ?? UsualPatience),
        ValidationFraction = Validation,
        ValidationResolution = 2 / Math.Max(1, Math.Round(Validation * rows)),
        Seed = Seed,
        Warn = warn,
    };
}
