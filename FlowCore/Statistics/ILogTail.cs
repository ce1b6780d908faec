namespace FlowCore.Statistics;

/// <summary>The logarithm of a tail of a distribution whose density is log-concave in t: then the tail is log-concave, too.</summary>
internal interface ILogTail
{
    /// <summary>Evaluates it.</summary>
    /// <param name="t">Where.</param>
    /// <param name="slope">Its derivative.</param>
    /// <returns>The logarithm of the tail.</returns>
    double At(double t, out double slope);
}
