using FlowCore.Interop;
using FlowCore.IO;

namespace FlowCore.Tests.Documents;

/// <summary>The program of docs/python.md, so that it compiles.</summary>
internal static class PythonProgram
{
    /// <summary>Reads the flow and evaluates it.</summary>
    public static float[] Run(string path, float[] x, float[] context, int rows)
    {
        using var flow = StateDictionary.ReadFlow<float>(PyTorchStateDict.Read(path).Tensors);
        var logDensity = new float[rows];
        flow.LogDensity(x, context, logDensity);         // x: row-major [rows, 2], context: [rows, 4]
        return logDensity;
    }
}
