using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.IO;

namespace FlowCore.Files;

/// <summary>Saving and loading: <c>model.Save(path)</c>, <c>Flow&lt;double&gt;.Load(path)</c>. What a file holds is said at <see cref="ModelFile"/>.</summary>
public static class ModelFiles
{
    extension<T>(DensityModel<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Writes the model, whole or not at all.</summary>
        /// <param name="path">The file; its folder exists.</param>
        /// <param name="training">A summary of the training, any text, or null.</param>
        /// <exception cref="NotSupportedException">A part is of a kind that no list given to <see cref="Parts.PartRegistry"/> has; it is named.</exception>
        /// <exception cref="IOException">The file could not be written.</exception>
        public void Save(string path, string? training = null) => SafetensorsFile.Write(path, ModelFile.ToArchive(model, training));
    }

    extension<T>(Flow<T>)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Reads a flow; the file says all that is needed.</summary>
        /// <param name="path">The file. Its numbers are converted to the flow's type.</param>
        /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
        /// <returns>The flow.</returns>
        /// <exception cref="ModelFormatException">The file does not hold a flow.</exception>
        /// <exception cref="IOException">The file could not be read.</exception>
        public static Flow<T> Load(string path, Device? device = null) =>
            ModelFile.Named(path, () => ModelFile.FlowFromArchive<T>(SafetensorsFile.Read(path), device));
    }

    extension<T>(FactorizableFlow<T>)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Reads a residual and puts it in front of its base.</summary>
        /// <param name="path">The file. Its numbers are converted to the model's type.</param>
        /// <param name="baseModel">The base that the residual was trained on.</param>
        /// <param name="ownsBase">Whether disposing the model disposes the base as well.</param>
        /// <returns>The model.</returns>
        /// <exception cref="ModelFormatException">The file does not hold a residual, or one for another base.</exception>
        /// <exception cref="IOException">The file could not be read.</exception>
        public static FactorizableFlow<T> Load(string path, DensityModel<T> baseModel, bool ownsBase = false) =>
            ModelFile.Named(path, () => ModelFile.FactorizableFromArchive(SafetensorsFile.Read(path), baseModel, ownsBase));
    }
}
