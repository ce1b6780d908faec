namespace Mbank;

/// <summary>A line of an ini file.</summary>
/// <param name="Key">The key.</param>
/// <param name="Values">The words behind it.</param>
/// <param name="Line">The number of the line, counted from 1.</param>
internal readonly record struct IniEntry(string Key, string[] Values, int Line);
