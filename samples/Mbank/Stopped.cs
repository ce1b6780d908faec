namespace Mbank;

/// <summary>What a training that was ended early says.</summary>
internal static class Stopped
{
    /// <summary>Ended before there was anything to keep.</summary>
    public static OperationCanceledException BeforeTheFirstStep()
    {
        const string Sentence = "Stopped before the first step: there is nothing to save.";
        return new OperationCanceledException(Sentence) { Data = { ["Message"] = Sentence } };
    }
}
