namespace FlowCore.Training;

/// <summary>Something that the caller of a training should know: about the data, before it starts, or about what it came to.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Text">One or two sentences for a person: what was found, what it does, and what helps.</param>
/// <param name="Feature">The feature, or the column of the context, counted from 0; null where it is about none in particular.</param>
/// <param name="Row">The row of the caller's data, counted from 0; null where it is about none in particular.</param>
public sealed record TrainingWarning(TrainingWarningKind Kind, string Text, int? Feature = null, long? Row = null)
{
    /// <summary>The text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;
}
