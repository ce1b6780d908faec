using System.Globalization;
using System.Text;

namespace CommandLine;

/// <summary>The lines of a study on their way to a reporter, which makes room for them where a bar is drawn. Not safe from several threads at once.</summary>
/// <param name="reporter">Takes the lines.</param>
public sealed class ReporterWriter(ConsoleReporter reporter) : TextWriter(CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (value == '\n')
            WriteLine();
        else if (value != '\r')
            _line.Append(value);
    }

    /// <summary>Hands on what was written since the last line.</summary>
    public override void WriteLine()
    {
        reporter.Line(_line.ToString());
        _line.Clear();
    }

    /// <summary>Hands on what is left of a line.</summary>
    public override void Flush()
    {
        if (_line.Length > 0)
            WriteLine();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Flush();
        base.Dispose(disposing);
    }
}
