using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A reader of Python pickles that makes tensors and containers and nothing else: every other object stays an inert description
/// of itself. Nothing of the pickle is ever imported, called or run.
/// </summary>
/// <remarks>
/// Work is bounded by the length of the pickle, and that by <see cref="MaximumLength"/>: every opcode adds at most one object
/// and one entry of the memo. What they take is counted against the file's budget before it is taken, because a single byte
/// can ask for a hundred. Objects that contain themselves can be built here, as in Python; who walks them has to expect that.
/// </remarks>
internal sealed class PickleReader
{
    /// <summary>The longest pickle that is read: some hundred thousand tensors.</summary>
    public const int MaximumLength = 64 << 20;

    private const int HighestProtocol = 5;

    // Longer ones are no numbers that anybody reads.
    private const int LongestInteger = 64;

    // What is taken at most, in bytes: an object with its place on the stack and in a container, each of which doubles as it
    // grows; an entry of the memo, likewise.
    private const int ObjectCost = 128;
    private const int MemoCost = 96;

    private static readonly UTF8Encoding _utf8 = new(false, throwOnInvalidBytes: true);
    private static readonly object _true = true;
    private static readonly object _false = false;

    private readonly byte[] _pickle;
    private readonly string _file;
    private readonly ReadBudget _budget;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly PickleCalls _calls;
    private int _at;

    private PickleReader(byte[] pickle, string file, ReadBudget budget)
    {
        _pickle = pickle;
        _file = file;
        _calls = new PickleCalls(Unexpected, Error);
        _budget = budget;
    }

    /// <summary>Reads the one object of a pickle.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="budget">What the file may take.</param>
    /// <returns>
    /// null, bool, long, <see cref="BigInteger"/>, double, string, bytes, <see cref="PickleDict"/>, <see cref="PickleSequence"/>,
    /// <see cref="PickleTensor"/>, <see cref="PickleStorage"/>, <see cref="PickleGlobal"/> or <see cref="PickleObject"/>.
    /// </returns>
    /// <exception cref="ModelFormatException">The pickle is damaged, or refers to something outside itself.</exception>
    public static object? Read(byte[] pickle, string file, ReadBudget budget) => new PickleReader(pickle, file, budget).Run();

    private object? Run()
    {
        if (_pickle.Length > MaximumLength)
            throw Error($"Expected a pickle of at most {MaximumLength} bytes, got {_pickle.Length}.");

        while (true)
        {
            var opcode = Take(1)[0];
            if (opcode == PickleOpcode.Stop)
            {
                var result = Pop();
                return _stack.Count == 0 && _marks.Count == 0 && _at == _pickle.Length
                    ? result
                    : throw Error("Expected the pickle to end with one object, more is left.");
            }

            Execute(opcode);
        }
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                var protocol = Take(1)[0];
                if (protocol > HighestProtocol)
                    throw Error($"Expected pickle protocol 0 to {HighestProtocol}, got {protocol}.");

                break;
            case PickleOpcode.Frame:
                // Frames only help a reader to read ahead.
                Take(8);
                break;
            case PickleOpcode.None:
                Push(null);
                break;
            case PickleOpcode.NewTrue:
                Push(_true);
                break;
            case PickleOpcode.NewFalse:
                Push(_false);
                break;
            case PickleOpcode.BinInt:
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.BinInt1:
                Push((long)Take(1)[0]);
                break;
            case PickleOpcode.BinInt2:
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)));
                break;
            case PickleOpcode.Long1:
                Push(TakeLong(Take(1)[0]));
                break;
            case PickleOpcode.Long4:
                Push(TakeLong(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case PickleOpcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8)));
                break;
            case PickleOpcode.BinUnicode:
                Push(TakeText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            case PickleOpcode.ShortBinUnicode:
                Push(TakeText(Take(1)[0]));
                break;
            case PickleOpcode.BinUnicode8:
                Push(TakeText(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))));
                break;
            case PickleOpcode.Global:
                Push(PickleGlobal.Find($"{TakeLine()}.{TakeLine()}"));
                break;
            case PickleOpcode.StackGlobal:
                var name = Pop() as string ?? throw Unexpected("the name of a global");
                var module = Pop() as string ?? throw Unexpected("the module of a global");
                Push(PickleGlobal.Find($"{module}.{name}"));
                break;
            case PickleOpcode.BinPut:
                Memoize(Take(1)[0]);
                break;
            case PickleOpcode.LongBinPut:
                Memoize(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)));
                break;
            case PickleOpcode.Memoize:
                Memoize((uint)_memo.Count);
                break;
            case PickleOpcode.BinGet:
                Push(Recall(Take(1)[0]));
                break;
            case PickleOpcode.LongBinGet:
                Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            default:
                ExecuteOnContainers(opcode);
                break;
        }
    }

    private void ExecuteOnContainers(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _marks.Add(_stack.Count);
                CountObject();
                break;
            case PickleOpcode.EmptyDict:
                Push(new PickleDict());
                break;
            case PickleOpcode.EmptyList:
                Push(new PickleSequence(isTuple: false));
                break;
            case PickleOpcode.EmptyTuple:
                Push(new PickleSequence(isTuple: true));
                break;
            case PickleOpcode.Tuple:
                Push(new PickleSequence(isTuple: true, PopToMark()));
                break;
            case PickleOpcode.Tuple1:
                Push(PopTuple(1));
                break;
            case PickleOpcode.Tuple2:
                Push(PopTuple(2));
                break;
            case PickleOpcode.Tuple3:
                Push(PopTuple(3));
                break;
            case PickleOpcode.Append:
                var item = Pop();
                PeekItems().Add(item);
                break;
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                var items = PopToMark();
                var list = PeekItems();
                foreach (var appended in items)
                    list.Add(appended);

                break;
            case PickleOpcode.SetItem:
                var value = Pop();
                var key = Pop();
                PeekEntries().Add(key, value);
                break;
            case PickleOpcode.SetItems:
                var pairs = PopToMark();
                AddPairs(PeekEntries(), pairs);
                break;
            case PickleOpcode.BinPersistentId:
                Push(_calls.ToStorage(Pop()));
                break;
            case PickleOpcode.Reduce:
                var arguments = Pop();
                Push(_calls.Call(Pop(), arguments));
                break;
            case PickleOpcode.Build:
                var state = Pop();
                PickleCalls.SetState(Peek(), state);
                break;
            default:
                ExecuteRare(opcode);
                break;
        }
    }

    // What tensors do not need, but what stands beside them may: objects of other classes, sets, bytes, and the text forms of the
    // first protocols.
    private void ExecuteRare(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.DropTop:
                if (_stack.Count > Bottom)
                    Pop();
                else
                    PopToMark();

                break;
            case PickleOpcode.DropToMark:
                PopToMark();
                break;
            case PickleOpcode.Duplicate:
                Push(Peek());
                break;
            case PickleOpcode.BinString:
                Push(Encoding.Latin1.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))));
                break;
            case PickleOpcode.ShortBinString:
                Push(Encoding.Latin1.GetString(Take(Take(1)[0])));
                break;
            case PickleOpcode.ShortBinBytes:
                Push(Take(Take(1)[0]).ToArray());
                break;
            case PickleOpcode.BinBytes:
                Push(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))).ToArray());
                break;
            case PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8:
                Push(Take(BinaryPrimitives.ReadUInt64LittleEndian(Take(8))).ToArray());
                break;
            case PickleOpcode.ListOfMark:
                Push(new PickleSequence(isTuple: false, PopToMark()));
                break;
            case PickleOpcode.DictOfMark:
                var dict = new PickleDict();
                AddPairs(dict, PopToMark());
                Push(dict);
                break;
            case PickleOpcode.EmptySet:
                Push(new PickleObject("set", []));
                break;
            case PickleOpcode.FrozenSet:
                Push(new PickleObject("frozenset", []) { Items = new PickleSequence(isTuple: false, PopToMark()) });
                break;
            case PickleOpcode.NewObject:
                var arguments = Pop();
                Push(PickleCalls.New(Pop(), arguments));
                break;
            case PickleOpcode.NewObjectWithNames:
                Pop();
                arguments = Pop();
                Push(PickleCalls.New(Pop(), arguments));
                break;
            case PickleOpcode.ObjectOfMark:
                var parts = PopToMark();
                Push(PickleCalls.New(parts.Count > 0 ? parts[0] : null, new PickleSequence(isTuple: true, parts.Count > 1 ? parts[1..] : null)));
                break;
            case PickleOpcode.Instance:
                var type = PickleGlobal.Find($"{TakeLine()}.{TakeLine()}");
                Push(PickleCalls.New(type, new PickleSequence(isTuple: true, PopToMark())));
                break;
            case PickleOpcode.Extension1:
                Push(Extension(Take(1)[0]));
                break;
            case PickleOpcode.Extension2:
                Push(Extension(BinaryPrimitives.ReadUInt16LittleEndian(Take(2))));
                break;
            case PickleOpcode.Extension4:
                Push(Extension(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))));
                break;
            default:
                ExecuteText(opcode);
                break;
        }
    }

    private void ExecuteText(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.FloatText:
                Push(double.TryParse(TakeLine(), CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
                break;
            case PickleOpcode.IntText or PickleOpcode.LongText:
                var digits = TakeLine();
                Push(opcode == PickleOpcode.IntText && digits is "00" or "01" ? digits == "01" : WholeNumber(digits.TrimEnd('L')));
                break;
            case PickleOpcode.QuotedText:
                Push(TakeLine(MaximumLength).Trim('\'', '"'));
                break;
            case PickleOpcode.UnicodeText:
                Push(TakeLine(MaximumLength));
                break;
            case PickleOpcode.Get:
                Push(Recall(MemoIndex(TakeLine())));
                break;
            case PickleOpcode.Put:
                Memoize(MemoIndex(TakeLine()));
                break;
            default:
                throw Error($"Expected the opcodes of a pickle that needs nothing else, got {PickleOpcode.Describe(opcode)} at byte {_at - 1}.");
        }
    }

    private static PickleObject Extension(uint code) => new("extension", [(long)code]);

    private object WholeNumber(string digits)
    {
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;

        return BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var big) ? big : throw Unexpected("a whole number");
    }

    private uint MemoIndex(string digits) =>
        uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : throw Unexpected("the number of a memo entry");

    private void AddPairs(PickleDict dict, List<object?> pairs)
    {
        if (pairs.Count % 2 != 0)
            throw Unexpected("as many values as keys");

        for (var i = 0; i < pairs.Count; i += 2)
            dict.Add(pairs[i], pairs[i + 1]);
    }

    private void Push(object? value)
    {
        CountObject();
        _stack.Add(value);
    }

    private void CountObject() => _budget.Take(ObjectCost, "the objects of the pickle");

    private void Memoize(uint index)
    {
        var top = Peek();
        _budget.Take(MemoCost, "the memo entries of the pickle");
        _memo[index] = top;
    }

    /// <summary>What lies below the last mark is out of reach until that mark is taken.</summary>
    private int Bottom => _marks.Count > 0 ? _marks[^1] : 0;

    private object? Peek() => _stack.Count > Bottom ? _stack[^1] : throw Unexpected("an object on the stack");

    private object? Pop()
    {
        var top = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private List<object?> PopToMark()
    {
        if (_marks.Count == 0)
            throw Unexpected("a mark on the stack");

        var start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        var items = _stack.GetRange(start, _stack.Count - start);
        _stack.RemoveRange(start, items.Count);
        return items;
    }

    private PickleSequence PopTuple(int count)
    {
        if (_stack.Count - Bottom < count)
            throw Unexpected($"{count} objects on the stack");

        var start = _stack.Count - count;
        var items = _stack.GetRange(start, count);
        _stack.RemoveRange(start, count);
        return new PickleSequence(isTuple: true, items);
    }

    /// <summary>Where items go: a list, or what an object of another class has been given.</summary>
    private PickleSequence PeekItems() => Peek() switch
    {
        PickleSequence { IsTuple: false } list => list,
        PickleObject made => made.Items ??= new PickleSequence(isTuple: false),
        _ => throw Unexpected("a list to append to"),
    };

    /// <summary>Where entries go: a dictionary, or what an object of another class has been given.</summary>
    private PickleDict PeekEntries() => Peek() switch
    {
        PickleDict dict => dict,
        PickleObject made => made.Entries ??= new PickleDict(),
        _ => throw Unexpected("a dictionary to put items into"),
    };

    private object? Recall(uint index) =>
        _memo.TryGetValue(index, out var value) ? value : throw Unexpected($"memo entry {index} to exist");

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_pickle.Length - _at))
            throw Error($"Expected {count} more bytes of the pickle at byte {_at}, it ends before.");

        ReadOnlySpan<byte> taken = _pickle.AsSpan(_at, (int)count);
        _at += taken.Length;
        return taken;
    }

    // Little-endian two's complement of as many bytes as needed.
    private object TakeLong(uint length)
    {
        var bytes = Take(length);
        if (bytes.Length > LongestInteger)
            return new PickleObject("int", [], $"an integer of {bytes.Length} bytes");

        if (bytes.Length > 8)
            return new BigInteger(bytes);

        long value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];

        return value;
    }

    private string TakeText(ulong length)
    {
        var bytes = Take(length);
        _budget.Take(2L * bytes.Length, "the texts of the pickle");
        try
        {
            return _utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw Unexpected("text in UTF-8");
        }
    }

    private string TakeLine(int longest = 256)
    {
        ReadOnlySpan<byte> rest = _pickle.AsSpan(_at);
        var length = rest[..Math.Min(rest.Length, longest)].IndexOf((byte)'\n');
        if (length < 0)
            throw Unexpected("the end of a line");

        _at += length + 1;
        return Encoding.Latin1.GetString(rest[..length]);
    }

    private ModelFormatException Unexpected(string expected) =>
        Error(string.Create(
            CultureInfo.InvariantCulture, $"Expected {expected} before byte {_at} of the pickle, got something else."));

    private ModelFormatException Error(string problem) => new(_file, null, problem);
}
