using FactorizableFlow.Application;
using FactorizableFlow.Configuration;

namespace FactorizableFlow.Training;

/// <summary>One of the study's two densities, and where a config keeps what concerns it. Immutable.</summary>
/// <remarks>Kinematic: x, in the context of the class. Score: y, in the context of class and x.</remarks>
internal sealed class Sector
{
    /// <summary>p(x | class).</summary>
    public static readonly Sector Kinematic = new("kin", ToySector.Kinematic, contextFeatures: 2);

    /// <summary>p(y | class, x).</summary>
    public static readonly Sector Score = new("score", ToySector.Score, contextFeatures: 4);

    private Sector(string name, ToySector toy, int contextFeatures)
    {
        Name = name;
        Toy = toy;
        ContextFeatures = contextFeatures;
    }

    /// <summary>"kin" or "score", as in the config's keys.</summary>
    public string Name { get; }

    /// <summary>Which of the toy's densities it is.</summary>
    public ToySector Toy { get; }

    /// <summary>The step of the training verbs that trains it.</summary>
    public string Step => Toy == ToySector.Kinematic ? StepList.TrainKin : StepList.TrainScore;

    /// <summary>How many features an event has.</summary>
    public int Features { get; } = 2;

    /// <summary>How many numbers of context an event has.</summary>
    public int ContextFeatures { get; }

    public FlowSettings Flow(StudyConfig config, string purpose) =>
        config.Require(Choose(config.KinFlow, config.ScoreFlow), $"{Name}_flow", purpose);

    public ResidualSettings Residual(StudyConfig config, string purpose) =>
        config.Require(Choose(config.KinResidual, config.ScoreResidual), $"residual_{Name}_model", purpose);

    public TrainingSettings Training(StudyConfig config, string purpose) =>
        config.Require(Choose(config.KinTraining, config.ScoreTraining), $"training.{Name}", purpose);

    public string BaseModelPath(StudyConfig config, string purpose) =>
        config.Require(Choose(config.Paths.KinModel, config.Paths.ScoreModel), $"paths.{Name}_model", purpose);

    public string FrozenBasePath(StudyConfig config, string purpose) =>
        config.Require(Choose(config.Paths.KinBaseModel, config.Paths.ScoreBaseModel), $"paths.{Name}_base_model", purpose);

    public string ResidualModelPath(StudyConfig config, string purpose) =>
        config.Require(Choose(config.Paths.KinResidualModel, config.Paths.ScoreResidualModel), $"paths.{Name}_residual_model", purpose);

    public IReadOnlyList<SystematicTemplate> Templates(StudyConfig config) =>
        Toy == ToySector.Kinematic ? config.KinSystematics : config.ScoreSystematics;

    private T? Choose<T>(T? kinematic, T? score) => Toy == ToySector.Kinematic ? kinematic : score;
}
