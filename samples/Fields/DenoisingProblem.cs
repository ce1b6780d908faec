using FlowCore.Distributions;
using FlowCore.Fields;
using FlowCore.Random;

namespace LognormalFields;

/// <summary>Fields of the toy, what was observed of them, and the Wiener filter's answer, which every other is held against.</summary>
internal sealed class DenoisingProblem
{
    /// <summary>Draws fields and noise.</summary>
    /// <param name="toy">The toy.</param>
    /// <param name="noise">The deviation of the noise, in deviations of the field.</param>
    /// <param name="hidden">The share of pixels that is not observed, drawn at random once for all fields.</param>
    /// <param name="count">How many fields.</param>
    /// <param name="seed">The seed; fields and unit noise do not depend on the other numbers.</param>
    public DenoisingProblem(LognormalToy toy, double noise, double hidden, int count, ulong seed)
    {
        Toy = toy;
        using var exact = toy.Exact<double>();
        Truth = new double[count * toy.Pixels];
        exact.Sample(new RandomStream(seed, 11), 0, Truth, default);
        var (normal, uniform) = (new double[Truth.Length], new double[toy.Pixels]);
        new RandomStream(seed, 12).FillNormal<double>(normal);
        new RandomStream(seed, 13).FillUniform<double>(uniform);
        var deviation = noise * toy.Deviation;
        Hidden = Array.ConvertAll(uniform, number => number < hidden);
        Noise = FieldNoise.Of(toy.Pixels, deviation, Hidden);
        Observed = new double[Truth.Length];
        for (var i = 0; i < Truth.Length; i++)
            Observed[i] = Hidden[i % toy.Pixels] ? 0 : Truth[i] + (deviation * normal[i]);
        Wiener = new WienerFilter(toy.Side, toy.Side, toy.Power()).Apply(Observed, Noise);
    }

    public LognormalToy Toy { get; }

    public double[] Truth { get; }

    public double[] Observed { get; }

    public double[] Wiener { get; }

    public bool[] Hidden { get; }

    public FieldNoise Noise { get; }

    /// <summary>The mean square error over that of the Wiener filter, with its error from the spread of the fields.</summary>
    /// <param name="fields">The answer.</param>
    /// <param name="isCounted">Which pixels count; null for all.</param>
    public (double Ratio, double Error) Ratio(double[] fields, Func<int, bool>? isCounted = null)
    {
        var (pixels, count) = (Toy.Pixels, Truth.Length / Toy.Pixels);
        var (mine, wiener) = (new double[count], new double[count]);
        for (var i = 0; i < Truth.Length; i++)
        {
            if (isCounted is not null && !isCounted(i % pixels))
                continue;
            mine[i / pixels] += Square(fields[i] - Truth[i]);
            wiener[i / pixels] += Square(Wiener[i] - Truth[i]);
        }

        var ratio = mine.Sum() / wiener.Sum();
        var spread = 0.0;
        for (var i = 0; i < count; i++)
            spread += Square(mine[i] - (ratio * wiener[i]));
        return (ratio, Math.Sqrt(spread) / wiener.Sum());
    }

    /// <summary>The same for modes with wavenumbers above a bound alone.</summary>
    public double RatioBeyond(double[] fields, double wavenumber)
    {
        var fourier = new FastFourier(Toy.Side, Toy.Side);
        var (mine, wiener) = (Power(fields), Power(Wiener));
        return mine / wiener;

        double Power(double[] answer)
        {
            var modes = new double[answer.Length];
            for (var i = 0; i < modes.Length; i++)
                modes[i] = answer[i] - Truth[i];
            fourier.Hartley<double>(modes, modes);
            var sum = 0.0;
            for (var i = 0; i < modes.Length; i++)
                sum += fourier.Grid.Wavenumbers[i % Toy.Pixels] > wavenumber ? modes[i] * modes[i] : 0;
            return sum;
        }
    }

    private static double Square(double x) => x * x;
}
