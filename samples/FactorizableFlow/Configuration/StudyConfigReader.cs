using System.Globalization;
using CommandLine;
using FactorizableFlow.Generator;
using FlowCore.Compute;
using FlowCore.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace FactorizableFlow.Configuration;

/// <summary>Reads a config file of the study strictly: a key that means nothing, or a value of another kind, is an error.</summary>
/// <remarks>
/// The keys are those of the study's Python program, so its users' files work unchanged, and FlowCore's own beside them. Paths are
/// relative to the file. YAML anchors, aliases and merge keys work.
/// </remarks>
public static class StudyConfigReader
{
    private const int LargestFile = 1 << 20;
    private const int LargestWidth = 1 << 16;
    private const int DeepestNesting = 32;
    private const string Nominal = "generator";

    private static readonly string[] _rootKeys =
    [
        "runtime", "paths", "seed", "n_events", Nominal, "score_flow", "kin_flow", "residual_score_model", "residual_kin_model",
        "score_systematics", "kin_systematics", "training", "validation",
    ];

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path, absolute or relative to the current folder.</param>
    /// <exception cref="ConfigurationException">The file is missing, no YAML, or not a valid config.</exception>
    public static StudyConfig Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        string text;
        try
        {
            if (Directory.Exists(file))
                throw new ConfigurationException($"The config file '{file}' cannot be read: this name is a folder.");
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            text = ReadText(stream, file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigurationException($"The config file '{file}' does not exist.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ConfigurationException($"The config file '{file}' cannot be read: {ContentBoundary.Sentence(error)}", error);
        }

        return Parse(text, file, Path.GetDirectoryName(Path.GetFullPath(file))!);
    }

    /// <summary>Reads a config from its text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">Name for messages.</param>
    /// <param name="folder">Folder to which paths are relative.</param>
    /// <exception cref="ConfigurationException">The text is no YAML, or not a valid config.</exception>
    public static StudyConfig Parse(string text, string file, string folder)
    {
        var yaml = new YamlStream();
        var parser = new RestrictedParser(new Parser(new StringReader(text)), DeepestNesting);
        try
        {
            yaml.Load(parser);
        }
        catch (YamlException error)
        {
            var line = error.Start.Line > 0 ? error.Start.Line : parser.Line;
            throw new ConfigurationException($"{file}, line {line}: {ContentBoundary.Sentence(error.InnerException ?? error)}", error);
        }
        catch (Exception error) when (ContentBoundary.IsAboutContent(error))
        {
            // The parser says nothing of use where a bracket or a brace stays open.
            throw new ConfigurationException(
                $"{file}, line {parser.Line}: Expected YAML whose brackets, braces and quotes are all closed, got something else from here on.", error);
        }

        if (yaml.Documents.Count != 1 || yaml.Documents[0].RootNode is not YamlMappingNode root)
        {
            var line = yaml.Documents.Count > 1 ? yaml.Documents[1].RootNode.Start.Line : 1;
            throw new ConfigurationException($"{file}, line {line}: a config must be one document of keys and values.");
        }

        var budget = new ConfigBudget(text.Length);
        try
        {
            return Bind(new ConfigMap(file, "", root, budget), file, folder);
        }
        catch (Exception error) when (ContentBoundary.IsAboutContent(error))
        {
            // The net under the checks: what they do not foresee still says where it is.
            throw new ConfigurationException($"{file}, line {budget.Last.Line}: '{budget.Last.Key}' is wrong: {ContentBoundary.Sentence(error)}", error);
        }
    }

    // A pipe or a device does not say how long it is, and may never end.
    private static string ReadText(FileStream stream, string file)
    {
        var bytes = new byte[LargestFile + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > LargestFile)
            throw new ConfigurationException($"The config file '{file}' has more than {LargestFile} bytes, which no config has.");
        using var reader = new StreamReader(new MemoryStream(bytes, 0, length));
        return reader.ReadToEnd();
    }

    private static StudyConfig Bind(ConfigMap root, string file, string folder)
    {
        var scoreTemplates = TemplateSections(root, "score_systematics");
        var kinTemplates = TemplateSections(root, "kin_systematics");
        var generatorNames = GeneratorNames(root, [.. scoreTemplates, .. kinTemplates]);
        root.AllowOnly([.. _rootKeys, .. generatorNames]);

        var runtime = root.OptionalSection("runtime")?.AllowOnly("device", "threads");
        var device = runtime?.OptionalText("device") ?? "cpu";
        var threads = runtime?.Integer32("threads", 0, 0, 4096) ?? 0;

        var paths = Paths(root.OptionalSection("paths"), folder);
        ulong? seed = root.Has("seed") ? (ulong)root.Integer("seed", minimum: 0) : null;
        long? events = root.Has("n_events") ? root.Integer("n_events", minimum: 1) : null;
        var scoreFlow = Flow(root.OptionalSection("score_flow"));
        var kinFlow = Flow(root.OptionalSection("kin_flow"));
        var scoreResidual = Residual(root.OptionalSection("residual_score_model"));
        var kinResidual = Residual(root.OptionalSection("residual_kin_model"));

        Dictionary<string, GeneratorSettings> generators = [];
        foreach (var name in generatorNames)
        {
            if (root.OptionalSection(name) is { } section)
                generators.Add(name, Generator(section, ref events));
        }

        IReadOnlyList<SystematicTemplate> scoreSystematics =
            Templates(root, "score", scoreTemplates, scoreResidual, generators);
        IReadOnlyList<SystematicTemplate> kinSystematics =
            Templates(root, "kin", kinTemplates, kinResidual, generators);

        var training = root.OptionalSection("training")?.AllowOnly("score", "kin");
        var scoreTraining = Training(training?.OptionalSection("score"), widening: true);
        var kinTraining = Training(training?.OptionalSection("kin"), widening: false);

        var validation = root.OptionalSection("validation")?.AllowOnly("events", "points");
        ValidationSettings validationSettings = new()
        {
            Events = validation?.Integer32("events", 200_000, 2) ?? 200_000,
            Points = validation?.RealRows("points") ?? [],
        };

        return new StudyConfig
        {
            File = file,
            Lines = Lines(root),
            Device = device,
            Threads = threads,
            Seed = seed,
            EventCount = events,
            Paths = paths,
            Generator = generators.GetValueOrDefault(Nominal),
            Generators = generators,
            ScoreFlow = scoreFlow,
            KinFlow = kinFlow,
            ScoreResidual = scoreResidual,
            KinResidual = kinResidual,
            ScoreSystematics = scoreSystematics,
            KinSystematics = kinSystematics,
            ScoreTraining = scoreTraining,
            KinTraining = kinTraining,
            Validation = validationSettings,
        };
    }

    // Where the sections are that errors of a later time name.
    private static Dictionary<string, long> Lines(ConfigMap root)
    {
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var key in root.Keys)
            lines[key] = root.Line(key);
        foreach (var key in (string[])["training", "paths", "validation"])
        {
            if (root.OptionalSection(key) is not { } section)
                continue;
            foreach (var inner in section.Keys)
                lines[$"{key}.{inner}"] = section.Line(inner);
        }

        return lines;
    }

    private static PathSettings Paths(ConfigMap? map, string folder)
    {
        if (map is null)
            return new PathSettings();

        map.AllowOnly(
            "score_model", "kin_model", "score_base_model", "kin_base_model", "score_residual_model", "kin_residual_model", "dataset");
        var paths = new PathSettings
        {
            ScoreModel = ConfigPath.Resolve(map, "score_model", folder),
            KinModel = ConfigPath.Resolve(map, "kin_model", folder),
            ScoreBaseModel = ConfigPath.Resolve(map, "score_base_model", folder),
            KinBaseModel = ConfigPath.Resolve(map, "kin_base_model", folder),
            ScoreResidualModel = ConfigPath.Resolve(map, "score_residual_model", folder),
            KinResidualModel = ConfigPath.Resolve(map, "kin_residual_model", folder),
            Dataset = ConfigPath.Resolve(map, "dataset", folder),
        };
        ConfigPath.RequireDifferent(map, paths);
        return paths;
    }

    private static FlowSettings? Flow(ConfigMap? map)
    {
        if (map is null)
            return null;

        map.AllowOnly("features", "context", "bins", "transforms", "hidden_features", "bound", "slope", "standardize", "affine_transforms",
            "activation");
        var flow = new FlowSettings
        {
            Features = map.Integer32("features", minimum: 1, maximum: LargestWidth),
            Context = map.Integer32("context", 0, 0, LargestWidth),
            Bins = map.Integer32("bins", minimum: 2, maximum: 4096),
            Transforms = map.Integer32("transforms", minimum: 1, maximum: 4096),
            HiddenFeatures = map.Integers("hidden_features", 1, LargestWidth),
            Bound = map.Real("bound", 5, 0, exclusive: true),
            Slope = map.Real("slope", 1e-3, 0, exclusive: true),
            Standardize = map.Boolean("standardize", false),
            AffineTransforms = map.Integer32("affine_transforms", 0, 0, 4096),
            Activation = ActivationOf(map, UnaryFunction.ReLU),
        };
        if (flow.Slope >= 1)
            throw map.Error("slope", string.Create(CultureInfo.InvariantCulture, $"'{map.Name("slope")}' must be below 1, but it is {flow.Slope}."));

        return flow;
    }

    private static ResidualSettings? Residual(ConfigMap? map)
    {
        if (map is null)
            return null;

        map.AllowOnly(
            "type", "features_dim", "context_dim", "num_nuisances", "num_residual_layers", "hidden_features", "cross_term_pairs",
            "cross_term_damping", "quadratic_damping", "activation");
        map.Choice("type", "flow", "flow");
        var nuisances = map.Integer32("num_nuisances", minimum: 1, maximum: 4096);
        var residual = new ResidualSettings
        {
            Features = map.Integer32("features_dim", minimum: 1, maximum: LargestWidth),
            Context = map.Integer32("context_dim", 0, 0, LargestWidth),
            Nuisances = nuisances,
            Layers = map.Integer32("num_residual_layers", minimum: 1, maximum: 4096),
            HiddenFeatures = map.Integers("hidden_features", 1, LargestWidth),
            CrossTermPairs = CrossTermPairs(map, nuisances),
            CrossTermDamping = map.Real("cross_term_damping", 0.01),
            QuadraticDamping = map.Real("quadratic_damping", 0.01),
            Activation = ActivationOf(map, UnaryFunction.Elu),
        };
        return residual;
    }

    private static UnaryFunction ActivationOf(ConfigMap map, UnaryFunction standard)
    {
        var choices = UnaryFunction.All.Where(function => function != UnaryFunction.Identity).ToArray();
        var name = map.Choice("activation", Lower(standard), [.. choices.Select(Lower)]);
        return choices.First(function => Lower(function) == name);
    }

    private static string Lower(UnaryFunction function) => function.Name.ToLowerInvariant();

    private static List<(int First, int Second)> CrossTermPairs(ConfigMap map, int nuisances)
    {
        const string key = "cross_term_pairs";
        List<(int First, int Second)> pairs = [];
        foreach ((var first, var second) in map.IntegerPairs(key, 0, nuisances - 1))
        {
            (int First, int Second) pair = (Math.Min(first, second), Math.Max(first, second));
            if (first == second)
                throw map.Error(key, $"'{map.Name(key)}' holds [{first}, {second}], but a pair joins two different nuisances.");

            if (pairs.Contains(pair))
                throw map.Error(key, $"'{map.Name(key)}' holds the pair [{pair.First}, {pair.Second}] twice.");

            pairs.Add(pair);
        }

        return pairs;
    }

    private static IReadOnlyList<ConfigMap> TemplateSections(ConfigMap root, string key)
    {
        var sections = root.Sections(key);
        foreach (var section in sections)
            section.AllowOnly("generator", "m");

        return sections;
    }

    // Sections that templates name, those of the old form, and whatever starts like one.
    private static List<string> GeneratorNames(ConfigMap root, IReadOnlyList<ConfigMap> templates)
    {
        List<string> names = [Nominal];
        foreach (var key in root.Keys)
        {
            if (key.StartsWith("generator_", StringComparison.Ordinal))
                names.Add(key);
        }

        foreach (var template in templates)
        {
            var name = template.Text("generator");
            if (!root.Has(name) || (_rootKeys.Contains(name) && name != Nominal))
            {
                string[] candidates = [.. root.Keys.Where(key => key == Nominal || !_rootKeys.Contains(key))];
                throw template.Error(
                    "generator", $"'{template.Name("generator")}' names the section '{name}', which does not exist{Suggestion.Phrase(name, candidates)}");
            }

            if (!names.Contains(name))
                names.Add(name);
        }

        return names;
    }

    private static GeneratorSettings Generator(ConfigMap map, ref long? events)
    {
        map.AllowOnly(
            "center_A", "center_B", "sigma_A", "sigma_B", "shift_dir", "variation_shift", "variation_rot", "variation_squeeze",
            "shift_scale", "rot_scale", "squeeze_scale", "y_shift_scale", "y_squeeze_scale", "distortion_strength",
            "distortion_shift_scale", "distortion_squeeze_scale", "sigmoid_y", "n_events");
        var settings = new GeneratorSettings
        {
            CenterA = map.Pair("center_A"),
            CenterB = map.Pair("center_B"),
            SigmaA = map.Pair("sigma_A"),
            SigmaB = map.Pair("sigma_B"),
            ShiftDirection = map.Pair("shift_dir", new Point2(1, 0)),
            VariationShift = map.Real("variation_shift", 0),
            VariationRotation = map.Real("variation_rot", 0),
            VariationSqueeze = map.Real("variation_squeeze", 0),
            ShiftScale = map.Real("shift_scale", 0.3),
            RotationScale = map.Real("rot_scale", 0.3),
            SqueezeScale = map.Real("squeeze_scale", 0.2),
            YShiftScale = map.Real("y_shift_scale", 0),
            YSqueezeScale = map.Real("y_squeeze_scale", 0),
            DistortionStrength = map.Real("distortion_strength", 0),
            DistortionShiftScale = map.Real("distortion_shift_scale", 0),
            DistortionSqueezeScale = map.Real("distortion_squeeze_scale", 0),
            SigmoidY = map.Boolean("sigmoid_y", true),
        };
        if (map.Has("n_events"))
            events ??= map.Integer("n_events", minimum: 1);

        try
        {
            settings.Validate();
        }
        catch (ArgumentException error)
        {
            throw map.Error(error.Message.Split(' ')[0], $"'{map.Name(error.Message)}".Replace(" must", "' must", StringComparison.Ordinal));
        }

        return settings;
    }

    private static List<SystematicTemplate> Templates(
        ConfigMap root,
        string model,
        IReadOnlyList<ConfigMap> sections,
        ResidualSettings? residual,
        Dictionary<string, GeneratorSettings> generators)
    {
        List<SystematicTemplate> templates = [];
        foreach (var section in sections)
        {
            var name = section.Text("generator");
            var settings = generators[name];
            var nuisances = section.Reals("m", residual?.Nuisances);
            if (templates.Count > 0 && nuisances.Length != templates[0].Nuisances.Count)
            {
                throw section.Error(
                    "m", $"'{section.Name("m")}' must have {templates[0].Nuisances.Count} numbers like the first, but it has {nuisances.Length}.");
            }
            templates.Add(new SystematicTemplate(name, settings, nuisances));
        }

        if (sections.Count > 0)
            return templates;

        // The old form: one nuisance, two sections.
        foreach ((var suffix, var nuisance) in new[] { ("up", 1.0), ("down", -1.0) })
        {
            var name = $"{Nominal}_{model}_{suffix}";
            if (generators.TryGetValue(name, out var settings))
            {
                if (residual is not null && residual.Nuisances != 1)
                {
                    throw root.Error(
                        name, $"'{name}' is the form for one nuisance, but residual_{model}_model has num_nuisances {residual.Nuisances}; list the templates in '{model}_systematics'.");
                }

                templates.Add(new SystematicTemplate(name, settings, [nuisance]));
            }
        }

        if (templates.Count == 1)
        {
            var present = templates[0].Name;
            var absent = $"{Nominal}_{model}_{(templates[0].Nuisances[0] > 0 ? "down" : "up")}";
            throw root.Error(present, $"'{present}' needs its counterpart '{absent}', which does not exist.");
        }

        return templates;
    }

    // Only the score has a context that events could be drawn more widely in.
    private static TrainingSettings? Training(ConfigMap? map, bool widening)
    {
        if (map is null)
            return null;

        string[] keys =
        [
            "batch_size", "nepochs", "steps_per_epoch", "lr", "optimizer", "weight_decay", "schedule", "warmup_steps",
            "gradient_clip", "early_stopping", "validation_events", "keep_best", "common_random_numbers",
        ];
        map.AllowOnly(widening ? [.. keys, "context_widening"] : keys);
        var training = new TrainingSettings
        {
            BatchSize = map.Integer32("batch_size", minimum: 1, maximum: 1 << 24),
            Epochs = map.Integer32("nepochs", minimum: 1),
            StepsPerEpoch = map.Integer32("steps_per_epoch", minimum: 1),
            LearningRate = map.Real("lr", null, 0, exclusive: true),
            Optimizer = map.Choice("optimizer", "adamw", "adamw", "adam", "radam", "sgd"),
            WeightDecay = map.Real("weight_decay", 0.01, 0),
            Schedule = map.Choice("schedule", "warmup_cosine", "warmup_cosine", "constant", "step", "exponential", "plateau"),
            WarmupSteps = map.Has("warmup_steps") ? map.Integer32("warmup_steps", minimum: 0) : null,
            GradientClip = map.Real("gradient_clip", 10, 0),
            EarlyStopping = map.Integer32("early_stopping", 0, 0),
            ValidationEvents = map.Integer32("validation_events", 20_000, 1),
            KeepBest = map.Boolean("keep_best", true),
            CommonRandomNumbers = map.Boolean("common_random_numbers", true),
            ContextWidening = map.Real("context_widening", 1, 1),
        };
        return training;
    }
}
