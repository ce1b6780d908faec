namespace Plotting;

/// <summary>
/// Advance widths of a Helvetica-metric sans-serif face, so that text can be measured without a font at hand: Helvetica, Arial, Arimo,
/// Liberation Sans and Nimbus Sans all share them.
/// </summary>
internal static class FontMetrics
{
    /// <summary>Height above the baseline that letters and digits take, in em.</summary>
    public const double Ascent = 0.74;

    /// <summary>Depth below the baseline that letters take, in em.</summary>
    public const double Descent = 0.22;

    /// <summary>The families asked for, those with the tabulated widths first, then a face that is hardly wider and there where none of them is.</summary>
    public const string Families = "Helvetica,Arial,Arimo,\"Liberation Sans\",\"Nimbus Sans\",\"DejaVu Sans Condensed\",sans-serif";

    // Fallback faces differ by a few per cent; boxes are measured a little wide so that text still fits.
    private const double Margin = 1.04;

    // Thousandths of an em for U+0020 to U+007E.
    private static ReadOnlySpan<short> Ascii =>
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
        611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
        667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
        222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    private static ReadOnlySpan<short> AsciiBold =>
    [
        278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
        556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
        611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
        667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
        278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
    ];

    // U+0391 to U+03C9, 0 where there is no letter.
    private static ReadOnlySpan<short> Greek =>
    [
        667, 667, 551, 668, 667, 611, 722, 778, 278, 667, 668, 833, 722, 650, 778, 722, 667, 0, 618,
        611, 667, 798, 667, 835, 748, 278, 667, 578, 446, 556, 222, 547, 578, 575, 500, 557, 446, 441,
        556, 556, 222, 500, 500, 576, 500, 448, 556, 690, 569, 482, 617, 395, 547, 648, 525, 713, 781,
    ];

    /// <summary>The width of a string.</summary>
    /// <param name="text">The characters.</param>
    /// <param name="size">Font size in pixels.</param>
    /// <param name="bold">Whether the bold face is meant.</param>
    /// <returns>Pixels.</returns>
    public static double Width(string text, double size, bool bold)
    {
        double sum = 0;
        foreach (var rune in text.EnumerateRunes())
            sum += Advance(rune.Value, bold);
        return sum * size * Margin / 1000;
    }

    private static double Advance(int c, bool bold) => c switch
    {
        >= 0x20 and <= 0x7E => bold ? AsciiBold[c - 0x20] : Ascii[c - 0x20],
        >= 0x391 and <= 0x3C9 when Greek[c - 0x391] > 0 => Greek[c - 0x391] * (bold ? 1.06 : 1),
        '\u00B7' => 278,
        '\u00B2' or '\u00B3' => 333,
        '\u00B0' => 400,
        '\u2032' => 240,
        '\u2026' or '\u2014' or '\u2192' or '\u2190' => 1000,
        >= 0xC0 and <= 0x24F => 640,
        >= 0x1100 => c is >= 0x2000 and < 0x2E80 ? 720 : 1000,
        _ => 620,
    };
}
