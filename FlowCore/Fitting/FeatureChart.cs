namespace FlowCore.Fitting;

/// <summary>The constants by which a <see cref="SupportChart{T}"/> maps one feature; the formulas are there.</summary>
/// <param name="Support">Where the feature lives.</param>
/// <param name="Cut">Where a circle is cut, within the turn; 0 for others.</param>
/// <param name="Location">m, the centre of what the support's map makes of the feature.</param>
/// <param name="Scale">s, its scale, positive.</param>
/// <param name="LowerTail">κ below the centre, the reciprocal of the tail's degrees of freedom: 0 for a tail that is not heavy.</param>
/// <param name="UpperTail">κ above the centre.</param>
/// <param name="Shift">a, subtracted at the end.</param>
/// <param name="Stretch">b, divided by at the end, positive.</param>
public readonly record struct FeatureChart(
    Support Support, double Cut = 0, double Location = 0, double Scale = 1, double LowerTail = 0, double UpperTail = 0, double Shift = 0, double Stretch = 1);
