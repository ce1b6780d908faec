using FlowCore.IO;

namespace Tables;

/// <summary>An .npy array [rows, columns].</summary>
internal sealed class NpyTableWriter(string path, string[] columns, bool isSingle) : TableWriter(path, columns)
{
    private readonly NpyWriter _writer = new(path, isSingle ? ElementType.Float32 : ElementType.Float64, [columns.Length]);

    public override void Complete() => _writer.Complete();

    private protected override void WriteRows(ReadOnlySpan<double> rowMajor)
    {
        if (isSingle)
            _writer.WriteRows<float>(Precision.Narrow(rowMajor));
        else
            _writer.WriteRows(rowMajor);
    }

    private protected override void WriteRows(ReadOnlySpan<float> rowMajor)
    {
        if (isSingle)
            _writer.WriteRows(rowMajor);
        else
            _writer.WriteRows<double>(Precision.Widen(rowMajor));
    }

    protected override void Dispose(bool isDisposing) => _writer.Dispose();
}
