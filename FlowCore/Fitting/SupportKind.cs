namespace FlowCore.Fitting;

/// <summary>Which values a feature can have.</summary>
public enum SupportKind
{
    /// <summary>Every real number.</summary>
    Real,

    /// <summary>The numbers above a lower end.</summary>
    Positive,

    /// <summary>The numbers between two ends.</summary>
    Interval,

    /// <summary>The points of a circle.</summary>
    Circle,

    /// <summary>The whole numbers.</summary>
    Integers,
}
