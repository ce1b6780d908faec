using FlowCore.Random;

namespace FirstFits;

/// <summary>Random numbers one after the other.</summary>
internal sealed class Draw(RandomStream stream)
{
    private readonly double[] _buffer = new double[4096];
    private int _used = 4096;
    private ulong _refills;

    /// <summary>Uniform in (0, 1).</summary>
    public double Uniform()
    {
        if (_used == _buffer.Length)
        {
            stream.Substream(_refills++).FillUniform<double>(_buffer);
            _used = 0;
        }

        return Math.Max(_buffer[_used++], 1e-16);
    }

    /// <summary>Normal, by the polar form of Box and Muller 1958.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}
