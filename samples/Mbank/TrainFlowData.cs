using System.Globalization;
using FlowCore.IO;

namespace Mbank;

/// <summary>The rows of train-flow.</summary>
/// <param name="Features">D.</param>
/// <param name="X">Row-major [rows, D].</param>
/// <param name="LogDensities">[rows], or empty where the files have none.</param>
/// <param name="NotFinite">How many rows were left out since a number is none.</param>
/// <param name="Outside">How many were left out since they lie outside the boundaries.</param>
internal sealed record TrainFlowData(int Features, float[] X, float[] LogDensities, int NotFinite, int Outside)
{
    /// <summary>How many rows there are.</summary>
    public int Count => X.Length / Features;

    /// <summary>Reads the files and leaves out what is no row.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">The files do not hold such rows.</exception>
    public static TrainFlowData Read(TrainFlowOptions options)
    {
        var (columns, numbers) = (0, new List<double>());
        foreach (var path in options.Dataset)
        {
            var before = columns;
            var own = NpyFileName(path) ? ReadArray(path, numbers) : ReadText(path, numbers);
            if (own > 0)
                columns = before is 0 || before == own ? own : throw new ArgumentException($"Expected {before} columns in {path}, as in the file before, got {own}.");
        }

        if (columns == 0)
            throw new ArgumentException($"Expected rows of numbers in {string.Join(", ", options.Dataset)}, got none.");
        var features = options.Features ?? columns - 1;
        var samples = options.Loss == TrainFlowLoss.ForwardDivergence;
        var hasValues = columns == features + 1 || columns == (features * features) + features + 1;
        if (features < 1 || !(hasValues || (samples && columns == features)))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Expected rows of {features} features and a log-density{(samples ? ", or of the features alone" : "")}, got {columns} columns in {options.Dataset[0]}."));
        }

        var ends = options.IgnoresBoundaries ? [] : options.Boundaries;
        if (ends.Count > 0 && ends.Count != 2 * features)
            throw new ArgumentException($"Expected {2 * features} boundaries for {features} features, got {ends.Count}.");
        return Select(numbers, columns, features, hasValues, ends, options.Rows ?? int.MaxValue);
    }

    private static TrainFlowData Select(List<double> numbers, int columns, int features, bool hasValues, IReadOnlyList<double> ends, int most)
    {
        var (x, values, notFinite, outside) = (new List<float>(), new List<float>(), 0, 0);
        for (var at = 0; at < numbers.Count && x.Count < (long)most * features; at += columns)
        {
            var (finite, inside) = (!hasValues || float.IsFinite((float)numbers[at + columns - 1]), true);
            for (var j = 0; j < features; j++)
            {
                finite &= float.IsFinite((float)numbers[at + j]);
                inside &= ends.Count == 0 || (numbers[at + j] >= ends[2 * j] && numbers[at + j] <= ends[(2 * j) + 1]);
            }

            if (!finite)
            {
                notFinite++;
            }
            else if (!inside)
            {
                outside++;
            }
            else
            {
                for (var j = 0; j < features; j++)
                    x.Add((float)numbers[at + j]);
                if (hasValues)
                    values.Add((float)numbers[at + columns - 1]);
            }
        }

        return new TrainFlowData(features, [.. x], [.. values], notFinite, outside);
    }

    private static bool NpyFileName(string path) => path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    private static int ReadArray(string path, List<double> numbers)
    {
        var array = NpyFile.Read(path);
        if (array.Shape.Length != 2)
            throw new ArgumentException($"Expected an array of rows and columns in {path}, got {array.Shape.Length} dimensions.");
        numbers.AddRange(array.ToArray<double>());
        return array.Count == 0 ? 0 : (int)array.Shape[1];
    }

    // As NumPy writes text: numbers with blanks or commas between them, # begins a comment.
    private static int ReadText(string path, List<double> numbers)
    {
        var (columns, number) = (0, 0);
        foreach (var text in File.ReadLines(path))
        {
            number++;
            var comment = text.IndexOf('#', StringComparison.Ordinal);
            var words = (comment < 0 ? text : text[..comment]).Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
                continue;
            if (columns > 0 && words.Length != columns)
                throw new ArgumentException($"Expected {columns} numbers in line {number} of {path}, got {words.Length}.");
            columns = words.Length;
            foreach (var word in words)
            {
                numbers.Add(double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? value
                    : throw OptionValue.Wrong($"in line {number} of {path}", "a number", word));
            }
        }

        return columns;
    }
}
