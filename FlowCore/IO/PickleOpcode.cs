namespace FlowCore.IO;

/// <summary>
/// The opcodes of Python's pickle format (protocols 0 to 5), and the names of those that refer to something outside the pickle and
/// are not read.
/// </summary>
internal static class PickleOpcode
{
    public const byte Mark = (byte)'(';
    public const byte Stop = (byte)'.';
    public const byte Proto = 0x80;
    public const byte Frame = 0x95;
    public const byte None = (byte)'N';
    public const byte NewTrue = 0x88;
    public const byte NewFalse = 0x89;
    public const byte BinInt = (byte)'J';
    public const byte BinInt1 = (byte)'K';
    public const byte BinInt2 = (byte)'M';
    public const byte Long1 = 0x8a;
    public const byte BinFloat = (byte)'G';
    public const byte BinUnicode = (byte)'X';
    public const byte ShortBinUnicode = 0x8c;
    public const byte BinUnicode8 = 0x8d;
    public const byte EmptyDict = (byte)'}';
    public const byte EmptyList = (byte)']';
    public const byte EmptyTuple = (byte)')';
    public const byte Tuple = (byte)'t';
    public const byte Tuple1 = 0x85;
    public const byte Tuple2 = 0x86;
    public const byte Tuple3 = 0x87;
    public const byte Append = (byte)'a';
    public const byte Appends = (byte)'e';
    public const byte SetItem = (byte)'s';
    public const byte SetItems = (byte)'u';
    public const byte BinPut = (byte)'q';
    public const byte LongBinPut = (byte)'r';
    public const byte Memoize = 0x94;
    public const byte BinGet = (byte)'h';
    public const byte LongBinGet = (byte)'j';
    public const byte Global = (byte)'c';
    public const byte StackGlobal = 0x93;
    public const byte Reduce = (byte)'R';
    public const byte Build = (byte)'b';
    public const byte BinPersistentId = (byte)'Q';
    public const byte DropTop = (byte)'0';
    public const byte DropToMark = (byte)'1';
    public const byte Duplicate = (byte)'2';
    public const byte FloatText = (byte)'F';
    public const byte IntText = (byte)'I';
    public const byte LongText = (byte)'L';
    public const byte QuotedText = (byte)'S';
    public const byte UnicodeText = (byte)'V';
    public const byte BinString = (byte)'T';
    public const byte ShortBinString = (byte)'U';
    public const byte BinBytes = (byte)'B';
    public const byte ShortBinBytes = (byte)'C';
    public const byte BinBytes8 = 0x8e;
    public const byte ByteArray8 = 0x96;
    public const byte DictOfMark = (byte)'d';
    public const byte ListOfMark = (byte)'l';
    public const byte Get = (byte)'g';
    public const byte Put = (byte)'p';
    public const byte Instance = (byte)'i';
    public const byte ObjectOfMark = (byte)'o';
    public const byte NewObject = 0x81;
    public const byte NewObjectWithNames = 0x92;
    public const byte Extension1 = 0x82;
    public const byte Extension2 = 0x83;
    public const byte Extension4 = 0x84;
    public const byte Long4 = 0x8b;
    public const byte EmptySet = 0x8f;
    public const byte AddItems = 0x90;
    public const byte FrozenSet = 0x91;

    /// <summary>How an opcode that is not read is called in messages.</summary>
    public static string Describe(byte opcode)
    {
        var name = opcode switch
        {
            (byte)'P' => "PERSID",
            0x97 => "NEXT_BUFFER",
            0x98 => "READONLY_BUFFER",
            _ => null,
        };
        return name is null ? $"0x{opcode:x2}" : $"{name} (0x{opcode:x2})";
    }
}
