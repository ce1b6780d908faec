namespace FlowCore.IO;

/// <summary>The formats of files that this library reads, and the neighbours that it knows by sight.</summary>
public enum FileFormat
{
    /// <summary>None of those that are known.</summary>
    Unknown,

    /// <summary>Tensors in safetensors.</summary>
    Safetensors,

    /// <summary>What torch.save writes since PyTorch 1.6, or another zip archive of PyTorch.</summary>
    PyTorch,

    /// <summary>What torch.save wrote before PyTorch 1.6, and writes where it is told to.</summary>
    OldPyTorch,

    /// <summary>A Python pickle by itself.</summary>
    Pickle,

    /// <summary>An array of NumPy.</summary>
    Npy,

    /// <summary>A zip archive of arrays of NumPy.</summary>
    Npz,
}
