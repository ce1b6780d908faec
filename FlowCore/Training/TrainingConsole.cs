using System.Globalization;

namespace FlowCore.Training;

/// <summary>What a training says to the person who started it: a line of progress, and warnings.</summary>
/// <remarks>What cannot be written, to a full disk or a closed pipe, is left out: a line about the work never ends it.</remarks>
public static class TrainingConsole
{
    // Where the terminal does not say how wide it is.
    private const int DefaultWidth = 100;

    /// <summary>
    /// Progress on standard error: on a terminal one line with a bar, loss, rate and time left that is drawn over itself; elsewhere plain lines without
    /// carriage returns, one every ten seconds at most and one at the end. The last line is written before <c>Fit</c> returns.
    /// </summary>
    /// <returns>What to hand to <c>Fit</c> or <see cref="Trainer{T}.Run"/>; it serves several trainings one after another.</returns>
    public static IProgress<TrainingProgress> Progress() => Progress(Console.Error, !Console.IsErrorRedirected, Width());

    /// <summary>Progress on a stream.</summary>
    /// <param name="output">Where the lines go; it stays the caller's.</param>
    /// <param name="isTerminal">Whether a line can be drawn over itself with a carriage return.</param>
    /// <param name="width">How many characters a line of a terminal has, at least 20.</param>
    /// <returns>What to hand to <c>Fit</c> or <see cref="Trainer{T}.Run"/>.</returns>
    /// <exception cref="ArgumentException">There is no stream, or the width is too small.</exception>
    public static IProgress<TrainingProgress> Progress(TextWriter output, bool isTerminal, int width = DefaultWidth)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 20);
        return new ConsoleProgress(output, isTerminal, width);
    }

    /// <summary>Writes "Warning: " and a warning's text to standard error: what <see cref="TrainingOptions.Warn"/> does unless told otherwise.</summary>
    /// <param name="warning">The warning.</param>
    public static void WriteWarning(TrainingWarning warning)
    {
        ArgumentNullException.ThrowIfNull(warning);
        TryWrite(Console.Error, $"Warning: {warning.Text}{Environment.NewLine}");
    }

    /// <summary>Epoch, loss and validation loss of a report in a few words: "epoch 3/50, loss 1.2345, validation 1.3021".</summary>
    /// <param name="progress">The report.</param>
    /// <returns>The text.</returns>
    public static string Describe(in TrainingProgress progress)
    {
        var validation = double.IsNaN(progress.ValidationLoss) ? "" : string.Create(CultureInfo.InvariantCulture, $", validation {progress.ValidationLoss:F4}");
        var outside = progress.OutsideRows == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {progress.OutsideRows} rows outside");
        return string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch + 1}/{progress.Epochs}, loss {progress.Loss:F4}{validation}{outside}");
    }

    internal static void TryWrite(TextWriter output, string text)
    {
        try
        {
            output.Write(text);
            output.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
        }
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth >= 20 ? Console.WindowWidth : DefaultWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return DefaultWidth;
        }
    }
}
