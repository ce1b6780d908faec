using System.Numerics;
using FactorizableFlow.Application;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FlowCore.Flows;
using FlowCore.Interop;
using FlowCore.Random;

namespace FactorizableFlow.Training;

/// <summary>One of the study's two densities, and where a config keeps what concerns it. Immutable.</summary>
/// <remarks>
/// Kinematic: x, in the context of the class. Score: y, in the context of class and x. What a config need not have is asked
/// for by the members called Optional; the others say which key is missing and who needs it.
/// </remarks>
internal sealed class Sector
{
    /// <summary>p(x | class).</summary>
    public static readonly Sector Kinematic = new("kin", isKinematic: true, contextFeatures: 2);

    /// <summary>p(y | class, x).</summary>
    public static readonly Sector Score = new("score", isKinematic: false, contextFeatures: 4);

    private Sector(string name, bool isKinematic, int contextFeatures)
    {
        Name = name;
        IsKinematic = isKinematic;
        ContextFeatures = contextFeatures;
    }

    /// <summary>Both, x before the y that depends on it.</summary>
    public static IReadOnlyList<Sector> All { get; } = [Kinematic, Score];

    /// <summary>"kin" or "score", as in the config's keys.</summary>
    public string Name { get; }

    /// <summary>Whether it is p(x | class); the other is p(y | class, x).</summary>
    public bool IsKinematic { get; }

    /// <summary>What formulas call its features: "x" or "y".</summary>
    public string Symbol => IsKinematic ? "x" : "y";

    /// <summary>The step of the training verbs that trains it.</summary>
    public string Step => IsKinematic ? StepList.TrainKin : StepList.TrainScore;

    /// <summary>How many features an event has.</summary>
    public int Features { get; } = 2;

    /// <summary>How many numbers of context an event has.</summary>
    public int ContextFeatures { get; }

    /// <summary>The sector that a step of the training verbs trains.</summary>
    /// <param name="step">A word of <see cref="StepList"/>.</param>
    public static Sector OfStep(string step) => All.First(sector => sector.Step == step);

    /// <summary>The sector of a model of the study.</summary>
    /// <param name="model">Its name: "kin", "score_residual".</param>
    public static Sector OfModel(string model) => All.First(sector => model.StartsWith(sector.Name, StringComparison.Ordinal));

    /// <summary>The sector whose events have so many features and numbers of context; null where none has.</summary>
    /// <param name="features">Features of an event.</param>
    /// <param name="contextFeatures">Numbers of context of an event.</param>
    public static Sector? OfShape(int features, int contextFeatures) =>
        All.FirstOrDefault(sector => sector.Features == features && sector.ContextFeatures == contextFeatures);

    /// <summary>Draws events of the sector, from <paramref name="first"/> on.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="generator">What to draw from.</param>
    /// <param name="stream">The randomness.</param>
    /// <param name="first">Index of the first event.</param>
    /// <param name="count">How many.</param>
    /// <param name="features">Takes the features, row-major.</param>
    /// <param name="context">Takes the context, row-major; the class as (1, 0) or (0, 1) comes first.</param>
    public void Fill<T>(ToyGenerator generator, RandomStream stream, long first, int count, Span<T> features, Span<T> context)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (IsKinematic)
            generator.FillKinematic(stream, first, count, features, context);
        else
            generator.FillScore(stream, first, count, features, context);
    }

    /// <summary>The architecture of the base flow, or null.</summary>
    public FlowSettings? OptionalFlow(StudyConfig config) => Choose(config.KinFlow, config.ScoreFlow);

    /// <summary>The architecture of the base flow.</summary>
    public FlowSettings Flow(StudyConfig config, string purpose) => config.Require(OptionalFlow(config), $"{Name}_flow", purpose);

    /// <summary>The architecture of the residual, or null.</summary>
    public ResidualSettings? OptionalResidual(StudyConfig config) => Choose(config.KinResidual, config.ScoreResidual);

    /// <summary>The architecture of the residual.</summary>
    public ResidualSettings Residual(StudyConfig config, string purpose) =>
        config.Require(OptionalResidual(config), $"residual_{Name}_model", purpose);

    /// <summary>How to train, or null.</summary>
    public TrainingSettings? OptionalTraining(StudyConfig config) => Choose(config.KinTraining, config.ScoreTraining);

    /// <summary>How to train.</summary>
    public TrainingSettings Training(StudyConfig config, string purpose) => config.Require(OptionalTraining(config), $"training.{Name}", purpose);

    /// <summary>Where the base flow is written and read, or null.</summary>
    public string? OptionalBaseModelPath(StudyConfig config) => Choose(config.Paths.KinModel, config.Paths.ScoreModel);

    /// <summary>Where the base flow is written and read.</summary>
    public string BaseModelPath(StudyConfig config, string purpose) =>
        config.Require(OptionalBaseModelPath(config), $"paths.{Name}_model", purpose);

    /// <summary>The frozen base of the residual, or null.</summary>
    public string? OptionalFrozenBasePath(StudyConfig config) => Choose(config.Paths.KinBaseModel, config.Paths.ScoreBaseModel);

    /// <summary>The frozen base of the residual.</summary>
    public string FrozenBasePath(StudyConfig config, string purpose) =>
        config.Require(OptionalFrozenBasePath(config), $"paths.{Name}_base_model", purpose);

    /// <summary>Where the residual is written and read, or null.</summary>
    public string? OptionalResidualModelPath(StudyConfig config) => Choose(config.Paths.KinResidualModel, config.Paths.ScoreResidualModel);

    /// <summary>Where the residual is written and read.</summary>
    public string ResidualModelPath(StudyConfig config, string purpose) =>
        config.Require(OptionalResidualModelPath(config), $"paths.{Name}_residual_model", purpose);

    /// <summary>The points at which the residual is trained; empty where the config has none.</summary>
    public IReadOnlyList<SystematicTemplate> Templates(StudyConfig config) => Choose(config.KinSystematics, config.ScoreSystematics);

    /// <summary>What a state dictionary of the sector does not say about itself and configs do; the defaults where they do not either.</summary>
    /// <param name="config">The config of the base flow.</param>
    /// <param name="systematics">The config of the residual, or null.</param>
    public StateDictionaryOptions StateOptions(StudyConfig config, StudyConfig? systematics = null)
    {
        var options = StateDictionaryOptions.Default;
        if (OptionalFlow(config) is { } flow)
            options = options with { Bound = flow.Bound, Slope = flow.Slope };

        return systematics is not null && OptionalResidual(systematics) is { } residual
            ? options with { QuadraticDamping = residual.QuadraticDamping, CrossTermDamping = residual.CrossTermDamping }
            : options;
    }

    private T Choose<T>(T kinematic, T score) => IsKinematic ? kinematic : score;
}
