using System.Numerics.Tensors;
using FlowCore.Compute;
using FlowCore.Random;

namespace FactorizableFlow.Validation;

/// <summary>
/// Tests whether two samples of several dimensions have one distribution: the energy distance 2 E|X − Y| − E|X − X'| − E|Y − Y'|
/// (G. J. Székely, M. L. Rizzo, "Testing for equal distributions in high dimension", InterStat, 2004), with a p-value by permutation
/// of the labels, which is exact for any distribution.
/// </summary>
/// <remarks>
/// With labels s = ±1 and the distances D_ij, the quadratic form Q = sᵀ D s falls as the energy distance rises, so all relabellings
/// are judged by one product of D with a matrix of labels. D itself is never stored. Deterministic: the relabellings depend on the
/// stream alone, sums are added in a fixed order. One test at a time.
/// </remarks>
internal sealed class EnergyTest : IParallelWork
{
    /// <summary>Random relabellings beside the true one: p-values are multiples of 1/200.</summary>
    public const int Permutations = 199;

    // Column 0 holds the true labels, then the relabellings, then ones for the sum of all distances.
    private const int Columns = Permutations + 2;
    private const int TaskRows = 32;

    private readonly int _events;
    private readonly float[] _labels;
    private readonly double[] _partial;
    private readonly int _tasks;
    private float[] _points = [];
    private int _dimensions;

    /// <summary>Prepares tests of samples of a given size.</summary>
    /// <param name="events">Events of each sample, at least 2.</param>
    /// <param name="stream">Source of the relabellings.</param>
    public EnergyTest(int events, RandomStream stream)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(events, 2);
        _events = events;
        var rows = 2 * events;
        _labels = new float[rows * Columns];
        _tasks = (rows + TaskRows - 1) / TaskRows;
        _partial = new double[_tasks * Columns];
        var column = new float[rows];
        for (var p = 0; p < Columns; p++)
        {
            column.AsSpan(0, events).Fill(1);
            column.AsSpan(events).Fill(p == Columns - 1 ? 1 : -1);
            if (p is > 0 and < Columns - 1)
                stream.Substream((ulong)p).Shuffle<float>(column);

            for (var row = 0; row < rows; row++)
                _labels[(row * Columns) + p] = column[row];
        }
    }

    /// <summary>Runs the test.</summary>
    /// <param name="device">Whose workers compute.</param>
    /// <param name="points">Both samples one after the other, row-major [2 · events, dimensions]; each dimension in comparable units.</param>
    /// <param name="dimensions">At least 1.</param>
    public EnergyResult Run(Device device, float[] points, int dimensions)
    {
        if (points.Length != 2 * _events * dimensions)
            throw new ArgumentException($"Expected {2 * _events} points of {dimensions} numbers, got {points.Length} numbers.", nameof(points));

        (_points, _dimensions) = (points, dimensions);
        device.Run(this, _tasks);
        var forms = new double[Columns];
        for (var task = 0; task < _tasks; task++)
            TensorPrimitives.Add(forms, _partial.AsSpan(task * Columns, Columns), forms);

        var asFar = 1;
        for (var p = 1; p <= Permutations; p++)
            asFar += forms[p] <= forms[0] ? 1 : 0;

        // Sums over ordered pairs: all pairs are within and across, the form of the labels is within minus across.
        double n = _events;
        var total = 2 * forms[Columns - 1];
        var form = 2 * forms[0];
        var across = (total - form) / 2;
        var within = (total + form) / 2;
        var distance = (across / (n * n)) - (within / (n * (n - 1)));
        return new EnergyResult(_events, distance, across > 0 ? distance * n * n / across : 0, asFar / (Permutations + 1.0));
    }

    void IParallelWork.Run(int item, int worker)
    {
        var sums = _partial.AsSpan(item * Columns, Columns);
        sums.Clear();
        Span<float> products = stackalloc float[Columns];
        var end = Math.Min((item + 1) * TaskRows, 2 * _events);
        for (var i = item * TaskRows; i < end; i++)
        {
            products.Clear();
            ReadOnlySpan<float> a = _points.AsSpan(i * _dimensions, _dimensions);
            for (var j = 0; j < i; j++)
            {
                ReadOnlySpan<float> b = _points.AsSpan(j * _dimensions, _dimensions);
                float square = 0;
                for (var k = 0; k < a.Length; k++)
                {
                    var difference = a[k] - b[k];
                    square += difference * difference;
                }

                TensorPrimitives.MultiplyAdd(_labels.AsSpan(j * Columns, Columns), MathF.Sqrt(square), products, products);
            }

            ReadOnlySpan<float> labels = _labels.AsSpan(i * Columns, Columns);
            for (var p = 0; p < Columns; p++)
                sums[p] += labels[p] * (double)products[p];
        }
    }
}
