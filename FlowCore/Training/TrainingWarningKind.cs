namespace FlowCore.Training;

/// <summary>What a warning of a training is about.</summary>
public enum TrainingWarningKind
{
    /// <summary>A feature whose mean or deviation is far from order one reaches a model that does not standardise.</summary>
    FeatureScale,

    /// <summary>Rows beyond the bound of a flow's splines, where they are the identity, cost likelihood.</summary>
    BeyondBound,

    /// <summary>A value that many rows share: a density there grows without limit.</summary>
    RepeatedValues,

    /// <summary>A feature that is the same in all rows.</summary>
    ConstantFeature,

    /// <summary>A few rows so far out that the rest is crushed to a point by a standardisation.</summary>
    Outlier,

    /// <summary>A column of the context is far from order one.</summary>
    ContextScale,

    /// <summary>More parameters than rows, with nothing to show whether they are learned by heart, or with a validation that shows it.</summary>
    FewRows,

    /// <summary>The validation loss was still falling when the epochs were over.</summary>
    StillImproving,

    /// <summary>A residual that explains less than half of what the templates differ from the base by.</summary>
    NoResponse,

    /// <summary>Rows outside the support of the model were left out.</summary>
    OutsideRows,

    /// <summary>Angles of more than one turn, which are taken by whole turns into the first.</summary>
    SeveralTurns,
}
