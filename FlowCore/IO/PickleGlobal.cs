namespace FlowCore.IO;

/// <summary>
/// A name that a pickle refers to. The few that a pickle of tensors needs stand for what the reader itself knows to do, every
/// other one for nothing but itself; no name is ever looked up, loaded or called.
/// </summary>
internal sealed class PickleGlobal
{
    private static readonly Dictionary<string, PickleGlobal> _known = CreateKnown();

    private PickleGlobal(string name, PickleGlobalKind kind, ElementType? elementType)
    {
        Name = name;
        Kind = kind;
        ElementType = elementType;
    }

    /// <summary>Module and name with a dot between.</summary>
    public string Name { get; }

    public PickleGlobalKind Kind { get; }

    /// <summary>The type of the elements, for typed storages and element types.</summary>
    public ElementType? ElementType { get; }

    /// <summary>The global of a module and name.</summary>
    public static PickleGlobal Find(string name) => _known.GetValueOrDefault(name) ?? new PickleGlobal(name, PickleGlobalKind.Other, null);

    private static Dictionary<string, PickleGlobal> CreateKnown()
    {
        var known = new Dictionary<string, PickleGlobal>(StringComparer.Ordinal);
        Add("collections.OrderedDict", PickleGlobalKind.OrderedDict, null);
        Add("torch._utils._rebuild_tensor_v2", PickleGlobalKind.RebuildTensor, null);
        Add("torch._utils._rebuild_tensor_v3", PickleGlobalKind.RebuildTypedTensor, null);
        Add("torch._utils._rebuild_parameter", PickleGlobalKind.RebuildParameter, null);
        Add("torch._utils._rebuild_parameter_with_state", PickleGlobalKind.RebuildParameter, null);
        Add("torch._tensor._rebuild_from_type", PickleGlobalKind.RebuildFromType, null);
        Add("torch._tensor._rebuild_from_type_v2", PickleGlobalKind.RebuildFromType, null);
        Add("_codecs.encode", PickleGlobalKind.EncodeText, null);
        Add("numpy.core.multiarray.scalar", PickleGlobalKind.NumpyScalar, null);
        Add("numpy._core.multiarray.scalar", PickleGlobalKind.NumpyScalar, null);
        Add("torch.storage.UntypedStorage", PickleGlobalKind.Storage, null);
        Add("torch.UntypedStorage", PickleGlobalKind.Storage, null);
        AddType("Bool", "bool", IO.ElementType.Bool);
        AddType("Byte", "uint8", IO.ElementType.UInt8);
        AddType("Char", "int8", IO.ElementType.Int8);
        AddType("Short", "int16", IO.ElementType.Int16);
        AddType("Int", "int32", IO.ElementType.Int32);
        AddType("Long", "int64", IO.ElementType.Int64);
        AddType("Half", "float16", IO.ElementType.Float16);
        AddType("BFloat16", "bfloat16", IO.ElementType.BFloat16);
        AddType("Float", "float32", IO.ElementType.Float32);
        AddType("Double", "float64", IO.ElementType.Float64);
        Add("torch.uint16", PickleGlobalKind.ElementType, IO.ElementType.UInt16);
        Add("torch.uint32", PickleGlobalKind.ElementType, IO.ElementType.UInt32);
        Add("torch.uint64", PickleGlobalKind.ElementType, IO.ElementType.UInt64);
        return known;

        void Add(string name, PickleGlobalKind kind, ElementType? type) => known.Add(name, new(name, kind, type));

        void AddType(string storage, string type, ElementType elementType)
        {
            Add($"torch.{storage}Storage", PickleGlobalKind.Storage, elementType);
            Add($"torch.{type}", PickleGlobalKind.ElementType, elementType);
        }
    }
}
