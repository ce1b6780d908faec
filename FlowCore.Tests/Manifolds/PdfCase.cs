using FlowCore.Manifolds;
using FlowCore.Random;

namespace FlowCore.Tests.Manifolds;

/// <summary>A pdf with options of its last letter, and of that letter wherever it stands.</summary>
/// <param name="Manifolds">The manifolds.</param>
/// <param name="Layers">The letters.</param>
/// <param name="Said">The options.</param>
internal sealed record PdfCase(string Manifolds, string Layers, params (string Name, OptionValue Value)[] Said)
{
    /// <summary>The options of the pdf.</summary>
    public PdfOptions Options => Said.Length == 0 ? new PdfOptions() : new PdfOptions().With(Layers[^1], Said.ToDictionary(option => option.Name, option => option.Value));

    /// <summary>Adds normal numbers to all parameters of a fresh pdf.</summary>
    /// <param name="pdf">The pdf.</param>
    /// <param name="spread">Their standard deviation.</param>
    public static void Stir(Pdf<double> pdf, double spread)
    {
        var stream = new RandomStream(21);
        for (var p = 0; p < pdf.Parameters.Parameters.Count; p++)
        {
            var parameter = pdf.Parameters.Parameters[p];
            var (values, noise) = (new double[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream.Substream((ulong)p).FillNormal<double>(noise);
            for (var i = 0; i < values.Length; i++)
                values[i] += spread * noise[i];
            parameter.Write(values);
        }
    }

    public override string ToString() => $"{Layers}_on_{Manifolds}_{string.Join("_", Said.Select(option => $"{option.Name}={option.Value}"))}";
}
