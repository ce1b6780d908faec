using System.Buffers.Binary;
using System.Text;
using FlowCore.IO;

namespace FlowCore.Tests.IO;

/// <summary>Puts a pickle together opcode by opcode.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public PickleBuilder Op(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Start(byte protocol = 2) => Op(PickleOpcode.Proto, protocol);

    public PickleBuilder Stop() => Op(PickleOpcode.Stop);

    public PickleBuilder Mark() => Op(PickleOpcode.Mark);

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        return Op(PickleOpcode.BinUnicode).Op(length).Op(utf8);
    }

    public PickleBuilder Integer(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Op(PickleOpcode.Long1, 8).Op(bytes);
    }

    public PickleBuilder Global(string module, string name) =>
        Op(PickleOpcode.Global).Op(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));

    public PickleBuilder Tuple(params long[] values)
    {
        Mark();
        foreach (var value in values)
            Integer(value);

        return Op(PickleOpcode.Tuple);
    }

    public PickleBuilder Storage(string type, string key, long count) =>
        Mark().Text("storage").Global("torch", type).Text(key).Text("cpu").Integer(count)
            .Op(PickleOpcode.Tuple, PickleOpcode.BinPersistentId);

    public PickleBuilder EmptyOrderedDict() =>
        Global("collections", "OrderedDict").Op(PickleOpcode.EmptyTuple, PickleOpcode.Reduce);

    public PickleBuilder Tensor(string type, string key, long count, long offset, long[] shape, long[] strides) =>
        Global("torch._utils", "_rebuild_tensor_v2").Mark().Storage(type, key, count).Integer(offset).Tuple(shape)
            .Tuple(strides).Op(PickleOpcode.NewFalse).EmptyOrderedDict().Op(PickleOpcode.Tuple, PickleOpcode.Reduce);

    /// <summary>A dictionary with one tensor 'w'.</summary>
    public static PickleBuilder OneTensor(
        string type, string key, long count, long offset, long[] shape, long[] strides) =>
        new PickleBuilder().Start().Op(PickleOpcode.EmptyDict).Text("w")
            .Tensor(type, key, count, offset, shape, strides).Op(PickleOpcode.SetItem).Stop();

    /// <summary>The call of a function with the tuple of one text, as in an attack.</summary>
    public static PickleBuilder Call(string module, string name, string argument) =>
        new PickleBuilder().Start().Global(module, name).Text(argument).Op(PickleOpcode.Tuple1, PickleOpcode.Reduce).Stop();
}
