namespace FactorizableFlow.Configuration;

/// <summary>Section paths, made absolute against the config file's folder; null where the file names none. Immutable.</summary>
public sealed record PathSettings
{
    /// <summary>score_model: where the score base model is written and read.</summary>
    public string? ScoreModel { get; init; }

    /// <summary>kin_model: where the kinematic base model is written and read.</summary>
    public string? KinModel { get; init; }

    /// <summary>score_base_model: the frozen base of the score residual.</summary>
    public string? ScoreBaseModel { get; init; }

    /// <summary>kin_base_model: the frozen base of the kinematic residual.</summary>
    public string? KinBaseModel { get; init; }

    /// <summary>score_residual_model: where the score residual is written and read.</summary>
    public string? ScoreResidualModel { get; init; }

    /// <summary>kin_residual_model: where the kinematic residual is written and read.</summary>
    public string? KinResidualModel { get; init; }

    /// <summary>dataset: where generate-dataset writes.</summary>
    public string? Dataset { get; init; }
}
