using System.Numerics;
using FlowCore.IO;
using FlowCore.Manifolds;

namespace FlowCore.Files;

/// <summary>Loading of pdfs behind encoders: <c>ConditionalPdf&lt;float&gt;.Load(path)</c>; <c>model.Save(path)</c> is every model's.</summary>
/// <remarks>A class of its own, as <see cref="PdfFiles"/>.</remarks>
public static class ConditionalPdfFiles
{
    extension<T>(ConditionalPdf<T>)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Reads a pdf behind an encoder; the file says all that is needed.</summary>
        /// <param name="path">The file. Its numbers are converted to the model's type.</param>
        /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
        /// <returns>The model.</returns>
        /// <exception cref="ModelFormatException">The file does not hold a pdf behind an encoder, or the encoder is of a kind that no list given to <see cref="Parts.PartRegistry"/> has.</exception>
        /// <exception cref="IOException">The file could not be read.</exception>
        public static ConditionalPdf<T> Load(string path, Device? device = null) =>
            ModelFile.Named(path, () => ModelFile.ConditionalPdfFromArchive<T>(SafetensorsFile.Read(path), device));
    }
}
