using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.IO;
using FlowCore.Manifolds;

namespace FlowCore.Interop;

/// <summary>State dictionaries of jammy_flows, both ways.</summary>
/// <remarks>They hold numbers alone: the two strings and the options come from the caller.</remarks>
public static class JammyWeights
{
    // jammy_flows registers the network of the layer c a second time, inside of its solver.
    private const string Repeated = ".func.func.func.u_v_b_pars";
    private const string Original = ".cnf_network.u_v_b_pars";

    /// <summary>Options under jammy_flows' names.</summary>
    /// <param name="json">A JSON object of the keyword arguments of <c>pdf</c>; keys of options_overwrite are a letter, the index of a factor, or "index,position".</param>
    /// <param name="fullyAmortized">Whether they are those of <c>fully_amortized_pdf</c>.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ArgumentException">It is not of this form, or an option is not known; the message names it.</exception>
    public static PdfOptions Options(string json, bool fullyAmortized = false)
    {
        ArgumentNullException.ThrowIfNull(json);
        return JammyOptions.Read(json, fullyAmortized);
    }

    /// <summary>Makes a pdf with the numbers of a state dictionary.</summary>
    /// <typeparam name="T">The number type; numbers are converted.</typeparam>
    /// <param name="state">The state dictionary.</param>
    /// <param name="manifolds">The string of the manifolds.</param>
    /// <param name="layers">The string of the layers.</param>
    /// <param name="options">The options with which the pdf was made.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The pdf.</returns>
    /// <exception cref="ArgumentException">A string or an option is not understood.</exception>
    /// <exception cref="ModelFormatException">A tensor is missing, surplus, of another size or not finite; it is named.</exception>
    public static Pdf<T> Read<T>(TensorArchive state, string manifolds, string layers, PdfOptions? options = null, Device? device = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(state);
        var pdf = new Pdf<T>(manifolds, layers, options, device);
        try
        {
            Fill(pdf, state);
            return pdf;
        }
        catch
        {
            pdf.Dispose();
            throw;
        }
    }

    /// <summary>The state dictionary of a pdf.</summary>
    /// <typeparam name="T">The number type; the tensors hold it.</typeparam>
    /// <param name="pdf">The pdf.</param>
    /// <returns>The tensors under jammy_flows' names and in its shapes.</returns>
    /// <exception cref="NotSupportedException">The pdf scales its condition, which jammy_flows' do not.</exception>
    public static TensorArchive Write<T>(Pdf<T> pdf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(pdf);
        if (pdf.Options.ConditionScale is not null)
            throw new NotSupportedException($"A pdf with a {nameof(PdfOptions.ConditionScale)} cannot be written for jammy_flows, whose pdfs read conditions as they are.");
        var arrays = Arrays(pdf);
        var tensors = new List<TensorData>();
        foreach (var parameter in pdf.OwnParameters)
        {
            var values = new T[parameter.Length];
            parameter.Read(values);
            if (arrays.TryGetValue(parameter.Name, out var array) && array.Copies > 1)
                values = TensorRows.Repeat<T>(values, 1, array.Copies);
            tensors.Add(TensorData.Create<T>(parameter.Name, Shape(parameter, arrays), values));
            if (parameter.Name.EndsWith(Original, StringComparison.Ordinal))
                tensors.Add(TensorData.Create<T>(parameter.Name[..^Original.Length] + Repeated, Shape(parameter, arrays), values));
        }

        return new TensorArchive(tensors);
    }

    private static void Fill<T>(Pdf<T> pdf, TensorArchive state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (source, arrays) = (new TensorSource(state), Arrays(pdf));
        foreach (var parameter in pdf.OwnParameters)
        {
            parameter.Write(parameter.IsVector
                ? Numbers<T>(source, parameter.Name, parameter.Length, arrays.TryGetValue(parameter.Name, out var array) ? array.Copies : 1)
                : source.TakeNumbers<T>(parameter.Name, parameter.Rows, parameter.Columns));
            var repeated = parameter.Name.EndsWith(Original, StringComparison.Ordinal) ? parameter.Name[..^Original.Length] + Repeated : null;
            if (repeated is not null && source.Contains(repeated))
                _ = source.Take(repeated);
        }

        source.CheckAllUsed();
    }

    // Only the number of elements counts: a leading axis of 1 may be there or not.
    private static T[] Numbers<T>(TensorSource source, string name, int count, int copies)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var tensor = source.Take(name);
        if (tensor.Count != count * copies)
            throw new ModelFormatException($"The tensor '{name}' has {tensor.Count} numbers; expected {count * copies}. Are the strings and the options those of the pdf?");
        var numbers = source.TakeNumbers<T>(name, [.. tensor.Shape]);
        for (var i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] != numbers[i / copies * copies])
                throw new ModelFormatException($"The tensor '{name}' has {numbers[i / copies * copies]} and {numbers[i]} where one number stands for both: the curvature would jump.");
        }

        return copies == 1 ? numbers : [.. Enumerable.Range(0, count).Select(i => numbers[i * copies])];
    }

    private static Dictionary<string, LayerArray> Arrays<T>(Pdf<T> pdf)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var arrays = new Dictionary<string, LayerArray>(StringComparer.Ordinal);
        for (var k = 0; k < pdf.Factors.Count; k++)
        {
            var layers = pdf.Factors[k].Chain.Layers;
            for (var l = 0; l < layers.Count; l++)
            {
                foreach (var array in layers[l].Arrays)
                    arrays.Add($"layer_list.{k}.{l}.{array.Name}", array);
            }
        }

        return arrays;
    }

    private static long[] Shape<T>(Parameter<T> parameter, Dictionary<string, LayerArray> arrays)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (arrays.TryGetValue(parameter.Name, out var array))
        {
            return array.Name == "offsets" ? [array.Count]
                : array.IsMatrix ? [1, array.Rows, array.Columns] : [1, array.Count * array.Copies];
        }

        if (parameter.Name.EndsWith("u_v_b_pars", StringComparison.Ordinal))
            return [1, parameter.Length];
        return parameter.IsVector ? [parameter.Columns] : [parameter.Rows, parameter.Columns];
    }
}
