using FlowCore.Statistics;
using FlowCore.Training;

namespace Mbank;

/// <summary>The command line. Immutable; the defaults are the page's, and others for the regression.</summary>
internal sealed record MbankOptions
{
    /// <summary>What --help prints.</summary>
    public const string Help = """
        A normalizing flow inside a box, as the page of mbank.flow has it.

        page               from samples: 100,000 rows of Exp(1) x N(0, 1) [default]
        regression         from values of a log-density that lacks its constant
        train-flow         a flow on the rows of a file; train-flow --help lists its options

        --output FOLDER    where model, history and figures go [mbank-output; mbank-output/regression]
        --steps N          steps of the training [1000; regression 3000]
        --batch-size N     rows of a step [10000; 1000]
        --rows N           rows, a tenth of them for validation [100000; 20000]
        --layers N         pairs of a linear map and a masked transform [3]
        --hidden N         units of the hidden layers [5; 10]
        --rate X           learning rate of Adam [0.001; 0.01]
        --validation N     steps from one validation to the next [20]
        --metric NAME      cross-entropy, ks or kl [cross-entropy]
        --frames N         a figure of samples every N steps; 0 for none [0]
        --loss NAME        of the regression: mean or weighted [mean]
        --seed N           seed of data, weights and batches [1]
        """;

    /// <summary>Whether --help was asked for.</summary>
    public bool IsHelp { get; init; }

    /// <summary>Whether the flow learns from values of a density, not from samples.</summary>
    public bool IsRegression { get; init; }

    /// <summary>--output: the folder of the results.</summary>
    public string Output { get; init; } = "mbank-output";

    /// <summary>--steps.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>--batch-size.</summary>
    public int BatchSize { get; init; } = 10_000;

    /// <summary>--rows.</summary>
    public int Rows { get; init; } = 100_000;

    /// <summary>--layers.</summary>
    public int Layers { get; init; } = 3;

    /// <summary>--hidden.</summary>
    public int Hidden { get; init; } = 5;

    /// <summary>--rate.</summary>
    public double Rate { get; init; } = 0.001;

    /// <summary>--validation.</summary>
    public int ValidationStep { get; init; } = 20;

    /// <summary>--metric.</summary>
    public NoiseMetric Metric { get; init; }

    /// <summary>--frames.</summary>
    public int Frames { get; init; }

    /// <summary>--loss.</summary>
    public RegressionLoss Loss { get; init; }

    /// <summary>--seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Reads the words.</summary>
    /// <param name="words">The words after the program's name.</param>
    /// <exception cref="ArgumentException">A word means nothing, or a number is out of range.</exception>
    public static MbankOptions Parse(ReadOnlySpan<string> words)
    {
        var options = new MbankOptions();
        var first = 0;
        if (words.Length > 0 && !words[0].StartsWith('-'))
        {
            options = words[0] switch
            {
                "page" => options,
                "regression" => options with { IsRegression = true, Output = "mbank-output/regression", BatchSize = 1000, Rows = 20_000, Hidden = 10, Rate = 0.01, Steps = 3000 },
                _ => throw new ArgumentException($"Expected page, regression or train-flow, got '{words[0]}'."),
            };
            first = 1;
        }

        for (var i = first; i < words.Length; i += 2)
        {
            if (words[i] is "--help" or "-h")
                return options with { IsHelp = true };
            var value = i + 1 < words.Length ? words[i + 1] : "";
            var place = $"after {words[i]}";
            options = words[i] switch
            {
                "--output" => options with { Output = value.Length > 0 ? value : throw OptionValue.Wrong(place, "the name of a folder", value) },
                "--steps" => options with { Steps = OptionValue.Whole(place, value, 1) },
                "--batch-size" => options with { BatchSize = OptionValue.Whole(place, value, 1) },
                "--rows" => options with { Rows = OptionValue.Whole(place, value, 100) },
                "--layers" => options with { Layers = OptionValue.Whole(place, value, 1) },
                "--hidden" => options with { Hidden = OptionValue.Whole(place, value, 1) },
                "--validation" => options with { ValidationStep = OptionValue.Whole(place, value, 1) },
                "--frames" => options with { Frames = OptionValue.Whole(place, value, 0) },
                "--seed" => options with { Seed = (ulong)OptionValue.Whole(place, value, 0) },
                "--rate" => options with { Rate = OptionValue.Rate(place, value) },
                "--metric" => options with { Metric = MetricText.Read(place, value) },
                "--loss" => options with
                {
                    Loss = value switch
                    {
                        "mean" => RegressionLoss.Mean,
                        "weighted" => RegressionLoss.Weighted,
                        _ => throw OptionValue.Wrong(place, "mean or weighted", value),
                    },
                },
                _ => throw new ArgumentException($"Expected an option that --help lists, got '{words[i]}'."),
            };
        }

        return options;
    }
}
