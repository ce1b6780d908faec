namespace LognormalFields;

/// <summary>A number that is known beforehand.</summary>
/// <param name="What">What it is.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Got">What it is here.</param>
/// <param name="Tolerance">How far it may be off.</param>
internal sealed record KnownAnswer(string What, double Expected, double Got, double Tolerance)
{
    public bool Holds => Math.Abs(Got - Expected) <= Tolerance;
}
