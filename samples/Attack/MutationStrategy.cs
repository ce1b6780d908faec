namespace Attack;

/// <summary>How a file is changed.</summary>
internal enum MutationStrategy
{
    /// <summary>Cuts it off.</summary>
    Truncate,

    /// <summary>Turns one to four bits.</summary>
    FlipBits,

    /// <summary>Writes random bytes over a stretch.</summary>
    Overwrite,

    /// <summary>Leaves a stretch out.</summary>
    Remove,

    /// <summary>Repeats a stretch.</summary>
    Repeat,

    /// <summary>Copies a stretch to another place.</summary>
    Copy,

    /// <summary>Writes a number of 1, 2, 4 or 8 bytes that no size should be.</summary>
    AbsurdNumber,

    /// <summary>Puts another text where digits stand: longer, negative, fractional, no number.</summary>
    AbsurdDigits,

    /// <summary>Puts a mark of structure somewhere, or takes one away: brackets, quotes, commas, colons, anchors.</summary>
    Structure,

    /// <summary>Exchanges two lines, or two halves of a file without lines.</summary>
    Exchange,
}
