using System.Buffers.Binary;

namespace FlowCore.IO;

/// <summary>
/// What a pickle asks Python to call. The few makers of tensors and containers are understood here; every other call becomes a
/// <see cref="PickleObject"/>, a description of itself.
/// </summary>
/// <param name="unexpected">Makes the error of what was expected.</param>
/// <param name="error">Makes the error of a whole sentence.</param>
internal sealed class PickleCalls(Func<string, ModelFormatException> unexpected, Func<string, ModelFormatException> error)
{
    // Bytes that are looked into are those of single numbers; longer ones, which a pickle may ask for again and again, are not made.
    private const int LongestBytes = 64;

    // A list of pairs can be asked for again and again, too.
    private const int MostCopied = 1 << 20;

    private static readonly object?[] _nothing = [];
    private int _copied;

    /// <summary>What a call would give.</summary>
    public object? Call(object? function, object? arguments)
    {
        var given = (arguments as PickleSequence)?.Items ?? _nothing;
        switch ((function as PickleGlobal)?.Kind)
        {
            case PickleGlobalKind.OrderedDict when given.Count == 0:
                return new PickleDict();
            case PickleGlobalKind.OrderedDict when given.Count == 1 && given[0] is PickleSequence pairs && Dictionary(pairs) is { } dict:
                return dict;
            case PickleGlobalKind.RebuildParameter when given.Count >= 3 && given[0] is PickleTensor or PickleObject:
                // Hooks and attributes of a parameter do not change its numbers.
                return given[0];
            case PickleGlobalKind.RebuildTensor when given.Count is 6 or 7:
                return ToTensor(given, null, given.Count == 7 ? given[6] : null);
            case PickleGlobalKind.RebuildTypedTensor when given.Count is 7 or 8:
                return ToTensor(given, given[6], given.Count == 8 ? given[7] : null);
            case PickleGlobalKind.RebuildFromType when given is [PickleGlobal rebuild, PickleGlobal, PickleSequence, ..]:
                return Call(rebuild, given[2]);
            case PickleGlobalKind.EncodeText when given is [string text, "latin1"] && ToBytes(text) is { } bytes:
                return bytes;
            case PickleGlobalKind.NumpyScalar when given is [PickleObject type, byte[] bytes] && Number(type, bytes) is { } number:
                return number;
            default:
                return new PickleObject(NameOf(function), given);
        }
    }

    /// <summary>What a new object of a class would be.</summary>
    public static PickleObject New(object? type, object? arguments) => new(NameOf(type), (arguments as PickleSequence)?.Items ?? _nothing);

    /// <summary>Gives an object its state. Only what describes objects takes it; nothing is run.</summary>
    public static void SetState(object? target, object? state)
    {
        if (target is PickleDict dict)
            dict.Attributes = state as PickleDict;
        else if (target is PickleObject made)
            made.State = state;
    }

    /// <summary>The storage that a persistent id names.</summary>
    public object ToStorage(object? id)
    {
        if (id is not PickleSequence { IsTuple: true, Items: [string kind, PickleGlobal type, string key, string, long count] }
            || kind != "storage"
            || count < 0)
        {
            throw unexpected("('storage', type, key, location, count) as a persistent id");
        }

        return type.Kind == PickleGlobalKind.Storage
            ? new PickleStorage(key, type.ElementType, count)
            : new PickleObject("storage", [], $"a tensor of {type.Name}");
    }

    private object ToTensor(IReadOnlyList<object?> arguments, object? elementType, object? flags)
    {
        if (arguments[0] is PickleObject { Name: "storage" } unread)
            return new PickleObject("tensor", [], unread.Description);

        if (arguments[0] is not PickleStorage storage)
            throw unexpected("a storage for a tensor");

        if (elementType is PickleGlobal { Kind: PickleGlobalKind.Other } unknown)
            return new PickleObject("tensor", [], $"a tensor of {unknown.Name}");

        var given = elementType is PickleGlobal { Kind: PickleGlobalKind.ElementType } global
            ? global.ElementType
            : null;
        if (arguments[1] is not (long and >= 0) || storage.ElementType.HasValue == given.HasValue)
            throw unexpected("an offset of at least 0 and one element type for a tensor");

        var shape = ToSizes(arguments[2], "sizes");
        var strides = ToSizes(arguments[3], "strides");
        var type = storage.ElementType ?? given!.Value;
        if (strides.Length != shape.Length || arguments[4] is not bool)
            throw unexpected("as many strides as sizes for a tensor");

        // The flags say that the numbers are to be taken with the other sign, or conjugated.
        if (flags is not (null or PickleDict { Items.Count: 0 }))
            return new PickleObject("tensor", [], "a tensor whose numbers are stored negated or conjugated");

        return TensorData.TryByteCount(type, shape, out _)
            ? new PickleTensor(storage, type, (long)arguments[1]!, shape, strides)
            : throw error($"Expected a shape whose size fits 63 bits, got {TensorData.FormatShape(shape)}.");
    }

    private long[] ToSizes(object? value, string what)
    {
        if (value is not PickleSequence { IsTuple: true } tuple || tuple.Items.Count > TensorData.MaximumRank)
            throw unexpected($"a tuple of at most {TensorData.MaximumRank} {what} for a tensor");

        var sizes = new long[tuple.Items.Count];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = tuple.Items[i] is long size and >= 0
                ? size
                : throw unexpected($"integers of at least 0 as {what} of a tensor");
        }

        return sizes;
    }

    private PickleDict? Dictionary(PickleSequence pairs)
    {
        if (pairs.Items.Count > MostCopied - _copied)
            return null;

        _copied += pairs.Items.Count;
        var dict = new PickleDict();
        foreach (var pair in pairs.Items)
        {
            if (pair is not PickleSequence { Items: [var key, var value] })
                return null;

            dict.Add(key, value);
        }

        return dict;
    }

    // Protocols that have no bytes write them as text whose characters are the bytes.
    private static byte[]? ToBytes(string text)
    {
        if (text.Length > LongestBytes)
            return null;

        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (text[i] > byte.MaxValue)
                return null;

            bytes[i] = (byte)text[i];
        }

        return bytes;
    }

    // NumPy's name of a type is a letter and the size in bytes; its state begins with a version and the order of the bytes.
    private static object? Number(PickleObject type, byte[] bytes)
    {
        if (type is not { Name: "numpy.dtype", Arguments: [string name, ..] }
            || (type.State as PickleSequence)?.Items is [_, string order, ..] && order == ">")
        {
            return null;
        }

        return (name, bytes.Length) switch
        {
            ("f8", 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            ("f4", 4) => (double)BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ("f2", 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            ("i8", 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            ("i4", 4) => (long)BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ("i2", 2) => (long)BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ("i1", 1) => (long)(sbyte)bytes[0],
            ("u4", 4) => (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            ("u2", 2) => (long)BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            ("u1", 1) => (long)bytes[0],
            ("b1", 1) => bytes[0] != 0,
            _ => null,
        };
    }

    private static string NameOf(object? maker) => maker switch
    {
        PickleGlobal global => global.Name,
        PickleObject made => made.Name,
        _ => "an object",
    };
}
