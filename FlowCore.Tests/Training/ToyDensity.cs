using FlowCore.Random;

namespace FlowCore.Tests.Training;

/// <summary>Rows of well-known densities of two features.</summary>
internal static class ToyDensity
{
    public static string[] Names { get; } = ["two moons", "eight normals", "checkerboard", "banana", "ring", "pinwheel", "normal", "square", "spiral"];

    public static double[] Rows(string name, int count, ulong seed)
    {
        var (uniform, normal, rows) = (new double[2 * count], new double[2 * count], new double[2 * count]);
        new RandomStream(seed).Substream(0).FillUniform<double>(uniform);
        new RandomStream(seed).Substream(1).FillNormal<double>(normal);
        for (var i = 0; i < count; i++)
        {
            var (x, y) = Point(name, i, uniform[2 * i], uniform[(2 * i) + 1], normal[2 * i], normal[(2 * i) + 1]);
            rows[2 * i] = x;
            rows[(2 * i) + 1] = y;
        }

        return rows;
    }

    private static (double X, double Y) Point(string name, int i, double u, double v, double a, double b)
    {
        switch (name)
        {
            case "two moons":
                var side = i % 2 == 0 ? 1 : -1;
                var angle = Math.PI * u;
                return ((side * (Math.Cos(angle) - 0.5)) + (0.1 * a), (side * (Math.Sin(angle) - 0.25)) + (0.1 * b));
            case "eight normals":
                return (Math.Cos(i % 8 * Math.PI / 4) + (0.1 * a), Math.Sin(i % 8 * Math.PI / 4) + (0.1 * b));
            case "checkerboard":
                return ((4 * u) - 2, v - (i % 2 * 2) + (Math.Floor(4 * u) % 2));
            case "banana":
                return (a, (0.5 * b) + (0.5 * ((a * a) - 1)));
            case "ring":
                return ((1 + (0.1 * a)) * Math.Cos(2 * Math.PI * u), (1 + (0.1 * a)) * Math.Sin(2 * Math.PI * u));
            case "pinwheel":
                var (r, turn) = (1 + (0.3 * a), (i % 5 * 0.4 * Math.PI) + (0.25 * Math.Exp(1 + (0.3 * a))));
                return ((r * Math.Cos(turn)) - (0.1 * b * Math.Sin(turn)), (r * Math.Sin(turn)) + (0.1 * b * Math.Cos(turn)));
            case "normal":
                return (a, (0.8 * a) + (0.6 * b));
            case "square":
                return ((3.4 * u) - 1.7, (3.4 * v) - 1.7);
            default:
                var t = Math.Sqrt(u) * 3 * Math.PI;
                return ((0.2 * t * Math.Cos(t)) + (0.1 * a), (0.2 * t * Math.Sin(t)) + (0.1 * b));
        }
    }
}
