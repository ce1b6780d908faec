namespace FlowCore.Transforms;

/// <summary>What a check of a part's laws found.</summary>
/// <param name="Subject">What was checked.</param>
/// <param name="Laws">The laws in the order in which they were checked.</param>
public sealed record LawReport(string Subject, IReadOnlyList<LawResult> Laws)
{
    /// <summary>Whether all laws hold.</summary>
    public bool Holds => Laws.All(law => law.Holds);

    /// <summary>Does nothing where all laws hold.</summary>
    /// <exception cref="InvalidOperationException">A law fails; the message is the report.</exception>
    public void ThrowIfFailed()
    {
        if (!Holds)
            throw new InvalidOperationException(ToString());
    }

    /// <summary>The report: a line for the subject and one for each law.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(Environment.NewLine, [Subject, .. Laws.Select(law => $"  {law}")]);
}
