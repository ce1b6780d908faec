using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;

namespace FlowCore.Flows;

/// <summary>Reads and writes flows; see <see cref="ModelFile"/> for the file and for residuals.</summary>
public static class Flow
{
    /// <summary>Reads a flow; the file says all that is needed.</summary>
    /// <typeparam name="T">The number type to compute in; numbers are converted.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The flow.</returns>
    /// <exception cref="ModelFormatException">The file does not hold a flow.</exception>
    public static Flow<T> Load<T>(string path, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ModelFile.LoadFlow<T>(path, device);

    /// <summary>Writes a model, whole or not at all.</summary>
    /// <typeparam name="T">The number type; the file holds it.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="training">A summary of the training, any text, or null.</param>
    public static void Save<T>(this DensityModel<T> model, string path, string? training = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ModelFile.Save(path, model, training);
}
