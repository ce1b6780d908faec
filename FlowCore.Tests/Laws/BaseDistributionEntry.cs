using FlowCore.Distributions;

namespace FlowCore.Tests.Laws;

/// <summary>How to make a base distribution of one kind.</summary>
/// <param name="Name">What test cases call it.</param>
/// <param name="Create">Makes one of D features.</param>
internal sealed record BaseDistributionEntry(string Name, Func<int, BaseDistribution<double>> Create)
{
    public override string ToString() => Name;
}
