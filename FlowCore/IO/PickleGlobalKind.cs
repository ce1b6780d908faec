namespace FlowCore.IO;

/// <summary>What a <see cref="PickleGlobal"/> stands for.</summary>
internal enum PickleGlobalKind
{
    /// <summary>An ordered dictionary, read like any other.</summary>
    OrderedDict,

    /// <summary>A tensor as a view of a typed storage.</summary>
    RebuildTensor,

    /// <summary>A tensor as a view of an untyped storage, with the element type beside it.</summary>
    RebuildTypedTensor,

    /// <summary>A parameter, read as its tensor.</summary>
    RebuildParameter,

    /// <summary>A tensor of a class of its own or with attributes, read as the tensor.</summary>
    RebuildFromType,

    /// <summary>Bytes that are written as text.</summary>
    EncodeText,

    /// <summary>A single number of NumPy.</summary>
    NumpyScalar,

    /// <summary>The type of a storage.</summary>
    Storage,

    /// <summary>The type of a tensor's elements.</summary>
    ElementType,

    /// <summary>Anything else; it stays a name.</summary>
    Other,
}
