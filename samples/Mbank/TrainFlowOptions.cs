using FlowCore.Statistics;

namespace Mbank;

/// <summary>The settings of train-flow, from the command line and an ini file. Immutable; names and defaults are those of mbank's program.</summary>
internal sealed record TrainFlowOptions
{
    /// <summary>dataset.</summary>
    public IReadOnlyList<string> Dataset { get; init; } = ["dataset.dat"];

    /// <summary>n-features; null to tell from the columns.</summary>
    public int? Features { get; init; }

    /// <summary>n-datapoints; null for all.</summary>
    public int? Rows { get; init; }

    /// <summary>boundaries: lower and upper end of each feature in turn; empty where the rows set them.</summary>
    public IReadOnlyList<double> Boundaries { get; init; } = [];

    /// <summary>ignore-boundaries.</summary>
    public bool IgnoresBoundaries { get; init; }

    /// <summary>loss-function.</summary>
    public TrainFlowLoss Loss { get; init; }

    /// <summary>n-layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>hidden-features.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [20];

    /// <summary>n-epochs.</summary>
    public int Epochs { get; init; } = 10_000;

    /// <summary>learning-rate.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>batch-size.</summary>
    public int BatchSize { get; init; } = 10_000;

    /// <summary>train-fraction.</summary>
    public double TrainFraction { get; init; } = 0.85;

    /// <summary>validation-step.</summary>
    public int ValidationStep { get; init; } = 100;

    /// <summary>validation-metric.</summary>
    public NoiseMetric Metric { get; init; }

    /// <summary>patience.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>min-delta.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>load-flow.</summary>
    public bool Loads { get; init; }

    /// <summary>run-name.</summary>
    public string RunName { get; init; } = "flow_training";

    /// <summary>run-dir; null for out_ and the run's name.</summary>
    public string? GivenRunFolder { get; init; }

    /// <summary>flow-file, as it was given or with the folder of the ini file.</summary>
    public string GivenFlowFile { get; init; } = "flow.zip";

    /// <summary>frames.</summary>
    public int Frames { get; init; }

    /// <summary>plot.</summary>
    public bool Plots { get; init; } = true;

    /// <summary>verbose.</summary>
    public bool IsVerbose { get; init; } = true;

    /// <summary>seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The folder of the results.</summary>
    public string RunFolder => GivenRunFolder ?? Path.Combine(Folder, $"out_{RunName}");

    /// <summary>The weights for mbank.</summary>
    public string FlowFile => IsBare(GivenFlowFile) ? Path.Combine(RunFolder, GivenFlowFile) : GivenFlowFile;

    /// <summary>The folder of the ini file; empty where there is none.</summary>
    private string Folder { get; init; } = "";

    /// <summary>Reads an ini file and flags, which go before it.</summary>
    /// <param name="ini">The ini file; null for none.</param>
    /// <param name="flags">The keys of the command line and the words behind each.</param>
    /// <exception cref="ArgumentException">A key or a line means nothing, or a value is out of range.</exception>
    /// <exception cref="IOException">The ini file cannot be read.</exception>
    public static TrainFlowOptions Read(string? ini, params IReadOnlyList<IniEntry> flags)
    {
        var options = new TrainFlowOptions();
        if (ini is not null)
        {
            var file = IniFile.Read(ini);
            options = options with { RunName = file.Section, Folder = Path.GetDirectoryName(ini) ?? "" };
            foreach (var entry in file.Entries)
                options = options.With(entry, $"for {entry.Key} in line {entry.Line} of {ini}", $"'{entry.Key}' in line {entry.Line} of {ini}", options.Folder);
        }

        foreach (var flag in flags)
            options = options.With(flag, $"after --{flag.Key}", $"'--{flag.Key}'", "");
        if (options.Hidden.Count != 1 && options.Hidden.Count != options.Layers)
            throw new ArgumentException($"Expected one number of hidden-features or one for each of {options.Layers} layers, got {options.Hidden.Count}.");
        return options;
    }

    private static bool IsBare(string path) => Path.GetFileName(path) == path;

    private TrainFlowOptions With(IniEntry entry, string place, string name, string folder)
    {
        return entry.Key switch
        {
            "dataset" => this with { Dataset = [.. Several("the name of a file").Select(Located)] },
            "n-features" => this with { Features = Whole(1) },
            "n-datapoints" => this with { Rows = Whole(1) },
            "boundaries" => this with { Boundaries = Ends() },
            "ignore-boundaries" => this with { IgnoresBoundaries = Flag() },
            "loss-function" => this with
            {
                Loss = Single("the name of a loss") switch
                {
                    "ll_mse" => TrainFlowLoss.Mean,
                    "weighted_ll_mse" => TrainFlowLoss.Weighted,
                    "forward_KL" => TrainFlowLoss.ForwardDivergence,
                    var other => throw OptionValue.Wrong(place, "ll_mse, weighted_ll_mse or forward_KL", other),
                },
            },
            "n-layers" => this with { Layers = Whole(1) },
            "hidden-features" => this with { Hidden = [.. Several("a whole number").Select(value => OptionValue.Whole(place, value, 1))] },
            "n-epochs" => this with { Epochs = Whole(1) },
            "learning-rate" => this with { Rate = OptionValue.Rate(place, Single("a rate")) },
            "batch-size" => this with { BatchSize = Whole(1) },
            "train-fraction" => this with { TrainFraction = Real("a share above 0 and below 1", share => share is > 0 and < 1) },
            "validation-step" => this with { ValidationStep = Whole(1) },
            "validation-metric" => this with { Metric = MetricText.Read(place, Single("the name of a metric")) },
            "patience" => this with { Patience = Whole(1) },
            "min-delta" => this with { MinimumImprovement = Real("a number of at least 0", delta => delta >= 0) },
            "load-flow" => this with { Loads = Flag() },
            "run-name" => this with { RunName = Single("a name") },
            "run-dir" => this with { GivenRunFolder = Located(Single("the name of a folder")) },
            "flow-file" => this with { GivenFlowFile = Single("the name of a file") is var file && IsBare(file) ? file : Located(file) },
            "frames" => this with { Frames = Whole(0) },
            "plot" => this with { Plots = Flag() },
            "verbose" => this with { IsVerbose = Flag() },
            "seed" => this with { Seed = (ulong)Whole(0) },
            _ => throw new ArgumentException($"Expected a key that train-flow --help lists, got {name}."),
        };

        string Located(string path) => Path.Combine(folder, path);

        string[] Several(string expected) => entry.Values.Length > 0 ? entry.Values : throw OptionValue.Wrong(place, expected, "");

        string Single(string expected) => entry.Values.Length == 1 ? entry.Values[0] : throw OptionValue.Wrong(place, expected, string.Join(' ', entry.Values));

        int Whole(int least) => OptionValue.Whole(place, Single("a whole number"), least);

        double Real(string expected, Func<double, bool> fits) => OptionValue.Real(place, Single("a number"), expected, fits);

        bool Flag() => entry.Values is [] || Single("true or false") switch
        {
            "true" or "True" => true,
            "false" or "False" => false,
            var other => throw OptionValue.Wrong(place, "true or false", other),
        };

        double[] Ends()
        {
            double[] ends = [.. Several("numbers").Select(value => OptionValue.Real(place, value, "numbers", _ => true))];
            var ordered = ends.Length % 2 == 0;
            for (var i = 0; ordered && i < ends.Length; i += 2)
                ordered = ends[i] < ends[i + 1];
            return ordered ? ends : throw OptionValue.Wrong(place, "a lower and an upper end for each feature", string.Join(' ', entry.Values));
        }
    }
}
