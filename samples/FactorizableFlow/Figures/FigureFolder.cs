namespace FactorizableFlow.Figures;

/// <summary>Writes figures as SVG files.</summary>
internal static class FigureFolder
{
    /// <summary>Writes each figure to NAME.svg, whole or not at all.</summary>
    /// <param name="folder">The folder; made if it does not exist.</param>
    /// <param name="figures">The figures.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static void Save(string folder, IEnumerable<StudyFigure> figures)
    {
        foreach (var figure in figures)
        {
            var path = Path.Combine(folder, figure.Name + ".svg");
            try
            {
                // The caption is what a reader of the file alone would otherwise miss.
                figure.Figure.Describe(figure.Caption).SaveSvg(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new IOException($"The figure '{path}' cannot be written ({error.Message.TrimEnd('.')}).", error);
            }
        }
    }
}
