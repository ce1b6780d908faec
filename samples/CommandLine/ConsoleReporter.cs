using Spectre.Console;

namespace CommandLine;

/// <summary>
/// What the program says while it works: bars with the time left and tables on a terminal, plain lines where the output goes
/// elsewhere. Warnings go to the error stream. What cannot be written is left out: a line about the work never ends it. Safe from any
/// thread.
/// </summary>
public sealed class ConsoleReporter
{
    // Spectre would wrap tables at 80 columns where it finds no terminal.
    private const int PlainWidth = 240;

    private readonly TextWriter _output;
    private readonly TextWriter _error;
    private readonly TimeProvider _time;
    private readonly IAnsiConsole _console;
    private volatile bool _isTracking;

    /// <summary>Reports to the given streams.</summary>
    /// <param name="output">Where results and progress go.</param>
    /// <param name="error">Where warnings go.</param>
    /// <param name="isTerminal">Whether a person looks at <paramref name="output"/>.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public ConsoleReporter(TextWriter output, TextWriter error, bool isTerminal, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        _output = GuardedWriter.Over(output);
        _error = GuardedWriter.Over(error);
        _time = time ?? TimeProvider.System;
        IsTerminal = isTerminal;
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            // A terminal is recognised by the console's own writer, which the program has guarded.
            Out = new AnsiConsoleOutput(isTerminal ? output : _output),
        });
        if (!isTerminal)
            _console.Profile.Width = PlainWidth;
    }

    /// <summary>Whether a person looks at the output.</summary>
    public bool IsTerminal { get; }

    /// <summary>The reporter of this process.</summary>
    public static ConsoleReporter ForProcess() =>
        new(Console.Out, Console.Error, isTerminal: !Console.IsOutputRedirected);

    /// <summary>Writes a line.</summary>
    /// <param name="text">Plain text.</param>
    public void Line(string text)
    {
        // While a bar is drawn its renderer has to make room for the line; otherwise the line stays unbroken, to be copied.
        if (_isTracking)
            _console.WriteLine(text);
        else
            _output.WriteLine(text);
    }

    /// <summary>Writes "Warning: " and the text to the error stream.</summary>
    /// <param name="text">One sentence.</param>
    public void Warning(string text) => _error.WriteLine($"Warning: {text}");

    /// <summary>Writes a table; the first column is aligned left, the others right.</summary>
    /// <param name="headers">One a column.</param>
    /// <param name="rows">As many cells a row as headers.</param>
    public void Table(IReadOnlyList<string> headers, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(rows);
        var table = new Table { Border = IsTerminal ? TableBorder.Rounded : TableBorder.Ascii2 };
        for (var i = 0; i < headers.Count; i++)
        {
            var column = new TableColumn(Markup.Escape(headers[i])) { NoWrap = true };
            table.AddColumn(i == 0 ? column.LeftAligned() : column.RightAligned());
        }

        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);

        _console.Write(table);
    }

    /// <summary>Runs work while showing how far it is.</summary>
    /// <typeparam name="T">What the work returns.</typeparam>
    /// <param name="description">What is done, such as "train kin".</param>
    /// <param name="total">Units of work; at least 0.</param>
    /// <param name="work">The work, on the calling thread.</param>
    public T Track<T>(string description, long total, Func<IProgressReport, T> work)
    {
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentNullException.ThrowIfNull(work);
        if (!IsTerminal)
            return work(new PlainProgress(_output, description, total, _time));

        T result = default!;
        _isTracking = true;
        try
        {
            _console.Progress()
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new RemainingTimeColumn())
                .Start(context =>
                {
                    var task = context.AddTask(Markup.Escape(description), maxValue: Math.Max(total, 1));
                    result = work(new TerminalProgress(task, description));
                });
        }
        finally
        {
            _isTracking = false;
        }

        return result;
    }
}
