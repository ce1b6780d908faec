using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Networks;

/// <summary>Fresh numbers for parameters.</summary>
internal static class FreshParameters
{
    /// <summary>
    /// Where the numbers of a part come from that was given no stream: one of its own for every name, so that parts of a model differ and
    /// a program makes the same model every time.
    /// </summary>
    public static RandomStream StreamOf(string name)
    {
        // FNV-1a over the characters (Fowler, Noll and Vo); an empty name is the constructor's to refuse.
        var hash = 14695981039346656037ul;
        foreach (var character in name ?? "")
            hash = (hash ^ character) * 1099511628211ul;
        return new RandomStream(0).Substream(hash);
    }

    /// <summary>
    /// Uniform in ±1/√fanIn, drawn in double and in canonical order, so that float and double, and every physical order,
    /// get the same network.
    /// </summary>
    public static void FillUniform<T>(Parameter<T> parameter, int fanIn, RandomStream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => FillUniform(parameter, stream, 1 / Math.Sqrt(fanIn));

    /// <summary>Uniform in ±bound, drawn in double and in canonical order.</summary>
    public static void FillUniform<T>(Parameter<T> parameter, RandomStream stream, double bound)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var uniform = new double[parameter.Length];
        stream.FillUniform<double>(uniform);
        var values = new T[uniform.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = T.CreateTruncating(((2 * uniform[i]) - 1) * bound);
        parameter.Write(values);
    }

    /// <summary>Normal with a standard deviation, drawn in double and in canonical order.</summary>
    public static void FillNormal<T>(Parameter<T> parameter, RandomStream stream, double deviation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var normal = new double[parameter.Length];
        stream.FillNormal<double>(normal);
        parameter.Write(Array.ConvertAll(normal, value => T.CreateTruncating(deviation * value)));
    }
}
