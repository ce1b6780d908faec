using FactorizableFlow.Figures;
using FactorizableFlow.Validation;

namespace FactorizableFlow.Report;

/// <summary>One configuration of the study in the report. Immutable.</summary>
/// <param name="Id">Start of all its anchors: a letter, then letters and digits.</param>
/// <param name="Title">What to call it.</param>
/// <param name="Lead">One paragraph about it.</param>
/// <param name="Results">What was measured.</param>
/// <param name="Figures">Its figures.</param>
/// <param name="ConfigFiles">Its config files.</param>
internal sealed record ReportPart(
    string Id, string Title, string Lead, StudyResults Results, IReadOnlyList<StudyFigure> Figures, IReadOnlyList<string> ConfigFiles);
