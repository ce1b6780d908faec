using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// Writes the pickle (protocol 2) of a state dict: an OrderedDict of contiguous tensors, tensor i in storage "i". Only
/// opcodes and names that PyTorch's own restricted loader accepts.
/// </summary>
internal sealed class PickleWriter
{
    private readonly ArrayBufferWriter<byte> _pickle = new();

    private PickleWriter()
    {
    }

    /// <summary>Writes the pickle.</summary>
    public static ReadOnlyMemory<byte> Write(TensorArchive archive)
    {
        var writer = new PickleWriter();
        writer.WriteDict(archive);
        return writer._pickle.WrittenMemory;
    }

    private void WriteDict(TensorArchive archive)
    {
        Byte(PickleOpcode.Proto);
        Byte(2);
        EmptyOrderedDict();
        if (archive.Count > 0)
        {
            Byte(PickleOpcode.Mark);
            for (var i = 0; i < archive.Count; i++)
            {
                Text(archive[i].Name);
                Tensor(archive[i], i);
            }

            Byte(PickleOpcode.SetItems);
        }

        if (archive.Metadata.Count > 0)
            Attributes(archive);

        Byte(PickleOpcode.Stop);
    }

    // As PyTorch pickles the state dict of a module, whose attribute _metadata holds something under the name of each module.
    private void Attributes(TensorArchive archive)
    {
        Byte(PickleOpcode.EmptyDict);
        Text("_metadata");
        EmptyOrderedDict();
        Byte(PickleOpcode.Mark);
        foreach ((var key, var value) in archive.Metadata)
        {
            Text(key);
            Text(value);
        }

        Byte(PickleOpcode.SetItems);
        Byte(PickleOpcode.SetItem);
        Byte(PickleOpcode.Build);
    }

    private void Tensor(TensorData tensor, int index)
    {
        // Types without a storage class of their own are views of untyped bytes.
        var storage = StorageName(tensor.ElementType);
        Global("torch._utils", storage is null ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2");
        Byte(PickleOpcode.Mark);
        Byte(PickleOpcode.Mark);
        Text("storage");
        Global(storage is null ? "torch.storage" : "torch", storage ?? "UntypedStorage");
        Text(index.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Text("cpu");
        Integer(storage is null ? tensor.Bytes.Length : tensor.Count);
        Byte(PickleOpcode.Tuple);
        Byte(PickleOpcode.BinPersistentId);
        Integer(0);
        Tuple(tensor.Shape.AsSpan());
        Tuple(StridedView.ContiguousStrides(tensor.Shape.AsSpan()));
        Byte(PickleOpcode.NewFalse);
        EmptyOrderedDict();
        if (storage is null)
            Global("torch", TypeName(tensor.ElementType));

        Byte(PickleOpcode.Tuple);
        Byte(PickleOpcode.Reduce);
    }

    private void EmptyOrderedDict()
    {
        Global("collections", "OrderedDict");
        Byte(PickleOpcode.EmptyTuple);
        Byte(PickleOpcode.Reduce);
    }

    private void Tuple(ReadOnlySpan<long> numbers)
    {
        if (numbers.Length == 0)
        {
            Byte(PickleOpcode.EmptyTuple);
            return;
        }

        Byte(PickleOpcode.Mark);
        foreach (var number in numbers)
            Integer(number);

        Byte(PickleOpcode.Tuple);
    }

    /// <summary>A number of at least 0 in its shortest form.</summary>
    private void Integer(long number)
    {
        if (number <= byte.MaxValue)
        {
            Byte(PickleOpcode.BinInt1);
            Byte((byte)number);
        }
        else if (number <= ushort.MaxValue)
        {
            Byte(PickleOpcode.BinInt2);
            BinaryPrimitives.WriteUInt16LittleEndian(_pickle.GetSpan(2), (ushort)number);
            _pickle.Advance(2);
        }
        else if (number <= int.MaxValue)
        {
            Byte(PickleOpcode.BinInt);
            BinaryPrimitives.WriteInt32LittleEndian(_pickle.GetSpan(4), (int)number);
            _pickle.Advance(4);
        }
        else
        {
            Byte(PickleOpcode.Long1);
            Byte(8);
            BinaryPrimitives.WriteInt64LittleEndian(_pickle.GetSpan(8), number);
            _pickle.Advance(8);
        }
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Byte(PickleOpcode.BinUnicode);
        BinaryPrimitives.WriteInt32LittleEndian(_pickle.GetSpan(4), bytes.Length);
        _pickle.Advance(4);
        _pickle.Write(bytes);
    }

    private void Global(string module, string name)
    {
        Byte(PickleOpcode.Global);
        _pickle.Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    private void Byte(byte value)
    {
        _pickle.GetSpan(1)[0] = value;
        _pickle.Advance(1);
    }

    private static string? StorageName(ElementType type) => type switch
    {
        ElementType.Bool => "BoolStorage",
        ElementType.UInt8 => "ByteStorage",
        ElementType.Int8 => "CharStorage",
        ElementType.Int16 => "ShortStorage",
        ElementType.Int32 => "IntStorage",
        ElementType.Int64 => "LongStorage",
        ElementType.Float16 => "HalfStorage",
        ElementType.BFloat16 => "BFloat16Storage",
        ElementType.Float32 => "FloatStorage",
        ElementType.Float64 => "DoubleStorage",
        _ => null,
    };

    private static string TypeName(ElementType type) => type switch
    {
        ElementType.UInt16 => "uint16",
        ElementType.UInt32 => "uint32",
        ElementType.UInt64 => "uint64",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Expected a type without a storage of its own."),
    };
}
