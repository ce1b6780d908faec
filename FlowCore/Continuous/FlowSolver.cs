namespace FlowCore.Continuous;

/// <summary>The method of Runge and Kutta that makes the steps of a continuous flow.</summary>
public enum FlowSolver
{
    /// <summary>Order 4, 4 evaluations a step.</summary>
    Classical,

    /// <summary>Order 5 of Dormand and Prince, 6 evaluations a step.</summary>
    DormandPrince,
}
