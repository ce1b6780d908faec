namespace FactorizableFlow.Generator;

/// <summary>The bivariate normal of y given x and class, before distortion and logistic map.</summary>
/// <param name="Mean">Means of y1 and y2.</param>
/// <param name="Sigma">Standard deviations of y1 and y2.</param>
/// <param name="Correlation">Correlation of y1 and y2, in (-0.8, 0.8).</param>
public readonly record struct ConditionalNormal(Point2 Mean, Point2 Sigma, double Correlation);
