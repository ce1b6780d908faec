using System.Numerics;
using FlowCore.IO;
using FlowCore.Manifolds;

namespace FlowCore.Files;

/// <summary>Loading of pdfs on products of manifolds: <c>Pdf&lt;double&gt;.Load(path)</c>; <c>pdf.Save(path)</c> is every model's.</summary>
/// <remarks>A class of its own: what a static extension returns does not tell two of one name apart.</remarks>
public static class PdfFiles
{
    extension<T>(Pdf<T>)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Reads a pdf; the file says all that is needed.</summary>
        /// <param name="path">The file. Its numbers are converted to the pdf's type.</param>
        /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
        /// <returns>The pdf.</returns>
        /// <exception cref="ModelFormatException">The file does not hold a pdf.</exception>
        /// <exception cref="IOException">The file could not be read.</exception>
        public static Pdf<T> Load(string path, Device? device = null) =>
            ModelFile.Named(path, () => ModelFile.PdfFromArchive<T>(SafetensorsFile.Read(path), device));
    }

    extension<T>(FactorizablePdf<T>)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Reads a residual and puts it behind its pdf.</summary>
        /// <param name="path">The file. Its numbers are converted to the model's type.</param>
        /// <param name="baseModel">The pdf that the residual was trained on.</param>
        /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
        /// <returns>The model.</returns>
        /// <exception cref="ModelFormatException">The file does not hold such a residual, or one for another base.</exception>
        /// <exception cref="IOException">The file could not be read.</exception>
        public static FactorizablePdf<T> Load(string path, Pdf<T> baseModel, bool ownsBase = false) =>
            ModelFile.Named(path, () => ModelFile.FactorizablePdfFromArchive(SafetensorsFile.Read(path), baseModel, ownsBase));
    }
}
