namespace FlowCore.Training;

/// <summary>What counts as an epoch without improvement.</summary>
public enum EarlyStoppingRule
{
    /// <summary>The loss is not below a reference by the minimum improvement; the reference moves by improvements of that size alone, so many small ones add up.</summary>
    FromReference,

    /// <summary>The loss is above the lowest one minus the minimum improvement, and any lower loss moves the lowest one (mbank's rule): small improvements do not add up.</summary>
    FromLowest,
}
