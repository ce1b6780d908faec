using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// A restricted reader of Python pickles: it knows the opcodes and names that a state dict needs and refuses every
/// other one by name. It builds inert descriptions; nothing of the pickle is ever imported, called or run.
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
    private int _at;

    private PickleReader(byte[] pickle, string file, ReadBudget budget)
    {
        _pickle = pickle;
        _file = file;
        _budget = budget;
    }

    /// <summary>Reads the one object of a pickle.</summary>
    /// <param name="pickle">The pickle.</param>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="budget">What the file may take.</param>
    /// <returns>
    /// null, bool, long, double, string, <see cref="PickleDict"/>, <see cref="PickleSequence"/>,
    /// <see cref="PickleTensor"/>, <see cref="PickleStorage"/> or <see cref="PickleGlobal"/>.
    /// </returns>
    /// <exception cref="ModelFormatException">The pickle is damaged or needs more than tensors do.</exception>
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
                if (protocol is < 2 or > HighestProtocol)
                    throw Error($"Expected pickle protocol 2 to {HighestProtocol}, got {protocol}.");

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
                Push(TakeLong());
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
                Push(FindGlobal(TakeLine(), TakeLine()));
                break;
            case PickleOpcode.StackGlobal:
                var name = Pop() as string ?? throw Unexpected("the name of a global");
                var module = Pop() as string ?? throw Unexpected("the module of a global");
                Push(FindGlobal(module, name));
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
                PeekList().Add(item);
                break;
            case PickleOpcode.Appends:
                var items = PopToMark();
                var list = PeekList();
                foreach (var appended in items)
                    list.Add(appended);

                break;
            case PickleOpcode.SetItem:
                var value = Pop();
                var key = Pop();
                AddTo(PeekDict(), key, value);
                break;
            case PickleOpcode.SetItems:
                var pairs = PopToMark();
                var dict = PeekDict();
                if (pairs.Count % 2 != 0)
                    throw Unexpected("as many values as keys");

                for (var i = 0; i < pairs.Count; i += 2)
                    AddTo(dict, pairs[i], pairs[i + 1]);

                break;
            case PickleOpcode.BinPersistentId:
                Push(ToStorage(Pop()));
                break;
            case PickleOpcode.Reduce:
                var arguments = Pop() as PickleSequence;
                var function = Pop() as PickleGlobal;
                if (function is null || arguments is not { IsTuple: true })
                    throw Unexpected("a known global and a tuple of arguments");

                Push(Rebuild(function, arguments.Items));
                break;
            case PickleOpcode.Build:
                // A state dict carries the versions of its modules as an attribute; it says nothing about tensors.
                if (Pop() is not PickleDict || Peek() is not PickleDict)
                    throw Unexpected("attributes of a dictionary and of nothing else");

                break;
            default:
                throw Error(
                    $"Expected only the pickle opcodes that tensors need, got {PickleOpcode.Describe(opcode)} at byte " +
                    $"{_at - 1}.");
        }
    }

    private object Rebuild(PickleGlobal function, IReadOnlyList<object?> arguments)
    {
        switch (function.Kind)
        {
            case PickleGlobalKind.OrderedDict when arguments.Count == 0:
                return new PickleDict();
            case PickleGlobalKind.RebuildParameter when arguments.Count == 3 && arguments[0] is PickleTensor data:
                RequireEmpty(arguments[2], "hooks");
                return data;
            case PickleGlobalKind.RebuildTensor when arguments.Count is 6 or 7:
                if (arguments.Count == 7)
                    RequireEmpty(arguments[6], "flags");

                return ToTensor(arguments, null);
            case PickleGlobalKind.RebuildTypedTensor when arguments.Count is 7 or 8:
                if (arguments.Count == 8)
                    RequireEmpty(arguments[7], "flags");

                return ToTensor(arguments, arguments[6]);
            default:
                throw Unexpected($"the arguments of {function.Name}");
        }
    }

    private PickleTensor ToTensor(IReadOnlyList<object?> arguments, object? elementType)
    {
        if (arguments[0] is not PickleStorage storage)
            throw Unexpected("a storage for a tensor");

        var given = elementType is PickleGlobal { Kind: PickleGlobalKind.ElementType } global
            ? global.ElementType
            : null;
        if (arguments[1] is not (long and >= 0) || storage.ElementType.HasValue == given.HasValue)
            throw Unexpected("an offset of at least 0 and one element type for a tensor");

        var shape = ToSizes(arguments[2], "sizes");
        var strides = ToSizes(arguments[3], "strides");
        var type = storage.ElementType ?? given!.Value;
        if (strides.Length != shape.Length || arguments[4] is not bool)
            throw Unexpected("as many strides as sizes for a tensor");

        RequireEmpty(arguments[5], "hooks");
        return TensorData.TryByteCount(type, shape, out _)
            ? new PickleTensor(storage, type, (long)arguments[1]!, shape, strides)
            : throw Error($"Expected a shape whose size fits 63 bits, got {TensorData.FormatShape(shape)}.");
    }

    private long[] ToSizes(object? value, string what)
    {
        if (value is not PickleSequence { IsTuple: true } tuple || tuple.Items.Count > TensorData.MaximumRank)
            throw Unexpected($"a tuple of at most {TensorData.MaximumRank} {what} for a tensor");

        var sizes = new long[tuple.Items.Count];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = tuple.Items[i] is long size and >= 0
                ? size
                : throw Unexpected($"integers of at least 0 as {what} of a tensor");
        }

        return sizes;
    }

    private PickleStorage ToStorage(object? id)
    {
        if (id is not PickleSequence { IsTuple: true, Items: [string kind, PickleGlobal type, string key, string, long count] }
            || kind != "storage"
            || type.Kind != PickleGlobalKind.Storage
            || count < 0)
        {
            throw Unexpected("('storage', type, key, location, count) as a persistent id");
        }

        return new PickleStorage(key, type.ElementType, count);
    }

    private void RequireEmpty(object? value, string what)
    {
        if (value is not (null or PickleDict { Items.Count: 0 }))
            throw Unexpected($"a tensor without {what}");
    }

    private PickleGlobal FindGlobal(string module, string name) =>
        PickleGlobal.Find($"{module}.{name}")
        ?? throw Error(
            $"Expected only the globals that tensors need, got {ModelFormatException.Quote($"{module}.{name}")}: " +
            "no code of a file is ever run.");

    private void AddTo(PickleDict dict, object? key, object? value)
    {
        if (key is not (string or long))
            throw Unexpected("text or integers as keys of a dictionary");

        dict.Add(key, value);
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

    private PickleSequence PeekList() =>
        Peek() is PickleSequence { IsTuple: false } list ? list : throw Unexpected("a list to append to");

    private PickleDict PeekDict() => Peek() as PickleDict ?? throw Unexpected("a dictionary to put items into");

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

    private long TakeLong()
    {
        var bytes = Take(Take(1)[0]);
        if (bytes.Length > 8)
            throw Unexpected("integers of at most 64 bits");

        // Little-endian two's complement of as many bytes as needed.
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

    private string TakeLine()
    {
        const int Longest = 256;
        ReadOnlySpan<byte> rest = _pickle.AsSpan(_at);
        var length = rest[..Math.Min(rest.Length, Longest)].IndexOf((byte)'\n');
        if (length < 0)
            throw Unexpected("a module and a name, each on a line,");

        _at += length + 1;
        return Encoding.Latin1.GetString(rest[..length]);
    }

    private ModelFormatException Unexpected(string expected) =>
        Error(string.Create(
            CultureInfo.InvariantCulture, $"Expected {expected} before byte {_at} of the pickle, got something else."));

    private ModelFormatException Error(string problem) => new(_file, null, problem);
}
