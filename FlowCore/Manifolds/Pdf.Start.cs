using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <content>Start values from data.</content>
public sealed partial class Pdf<T>
{
    /// <summary>Sets the parameters of Euclidean factors from data, so that training begins near it; other factors keep what they have.</summary>
    /// <remarks>
    /// The layer next to the data is set first, and each one pushes the data through itself to the next. Where a network gives the parameters its last bias is
    /// set, so that the start is the same for all conditions. The same data and stream give the same numbers.
    /// </remarks>
    /// <param name="x">[n, columns of the coordinates], at least 2 rows, all of them in the support.</param>
    /// <param name="coordinates">In which coordinates x is given, for all factors; null for those of the options.</param>
    /// <param name="stream">Where random rotations come from; null for the stream of fresh numbers.</param>
    /// <exception cref="ArgumentException">A shape is wrong, there are too few rows, or one is not in the support; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The rows bring the parameters: <see cref="PdfOptions.TakesParameters"/>.</exception>
    public void Start(in ReadOnlyTensorSpan<T> x, Coordinates? coordinates = null, RandomStream? stream = null)
    {
        ThrowIfDisposed();
        if (Options.TakesParameters)
            throw new InvalidOperationException("Expected a pdf with numbers of its own to start, got one whose rows bring them.");
        var columns = ColumnsIn(coordinates);
        var rows = TensorRows.Of(x, columns, nameof(x));
        var n = rows.Length / columns;
        if (n < 2)
            throw new ArgumentException($"Expected at least 2 rows to start from, got {n}.", nameof(x));
        var outside = FirstOutside(rows, coordinates);
        if (outside >= 0)
            throw new ArgumentException($"Expected rows in the support of \"{Definition.ManifoldText}\", got row {outside} outside of it.", nameof(x));
        var source = stream ?? Options.Initialization ?? new RandomStream(0);
        var column = 0;
        for (var k = 0; k < _factors.Length; k++)
        {
            var (manifold, count) = (_factors[k].Manifold, _factors[k].ColumnsIn(coordinates ?? _factors[k].Coordinates));
            if (manifold.Kind == ManifoldKind.Euclidean && _factors[k].Chain.ParameterCount > 0)
            {
                var own = new double[n * count];
                for (var i = 0; i < own.Length; i++)
                    own[i] = double.CreateTruncating(rows[(i / count * columns) + column + (i % count)]);
                Set(_factors[k], StartNumbers(_factors[k].Chain, own, source.Substream((ulong)k)));
            }

            column += count;
        }
    }

    /// <summary>The first row outside the support; −1 for none.</summary>
    internal int FirstOutside(ReadOnlySpan<T> rows, Coordinates? coordinates)
    {
        var map = new PdfSupportMap<T>(this, coordinates);
        var isInside = new T[rows.Length / map.InputColumns];
        RunMap(map, isInside.Length, rows, new Conditions<T>(new T[ContextFeatures]), isInside, default);
        return Array.IndexOf(isInside, T.Zero);
    }

    private double[] StartNumbers(LayerChain<T> chain, double[] rows, RandomStream stream)
    {
        var numbers = new double[chain.ParameterCount];
        using var kernels = Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels);
        for (var l = chain.Layers.Count - 1; l >= 0; l--)
        {
            var layer = chain.Layers[l];
            var own = numbers.AsSpan(chain.StartOf(l), layer.ParameterCount);
            layer.StartFrom(rows, own, stream.Substream((ulong)l));
            if (l > 0)
                rows = Pushed(tape, layer, own, rows);
        }

        return numbers;
    }

    private double[] Pushed(Tape<T> tape, ManifoldLayer<T> layer, ReadOnlySpan<double> numbers, double[] rows)
    {
        var columns = layer.Manifold.StateColumns;
        var (n, parameters) = (rows.Length / columns, new T[Math.Max(1, numbers.Length)]);
        for (var i = 0; i < numbers.Length; i++)
            parameters[i] = T.CreateTruncating(numbers[i]);
        var narrow = Array.ConvertAll(rows, T.CreateTruncating);
        var pushed = new T[rows.Length];
        for (var first = 0; first < n; first += Device.BlockRows)
        {
            var count = Math.Min(Device.BlockRows, n - first);
            tape.Begin(count, record: false);
            var given = new LayerParameters<T>(layer, tape.SharedRow(parameters));
            var x = tape.Input(narrow.AsSpan(first * columns, count * columns), columns);
            tape.ReadValue(layer.Evaluate(x, given, out _), pushed.AsSpan(first * columns, count * columns));
        }

        return Array.ConvertAll(pushed, double.CreateTruncating);
    }

    // Its own parameters, the last bias of its network, or its place in the last bias of the outer one.
    private void Set(PdfFactor<T> factor, double[] numbers)
    {
        var values = Array.ConvertAll(numbers, T.CreateTruncating);
        if (factor.Own is not null)
        {
            var at = 0;
            foreach (var parameter in factor.Own)
            {
                parameter.Write(values.AsSpan(at, parameter.Length));
                at += parameter.Length;
            }

            return;
        }

        var network = factor.Network ?? _outer!;
        var bias = network.Parameters[^1];
        var all = new T[bias.Length];
        bias.Read(all);

        // The tail of a custom network's vector is its last bias, of a perceptron the parameter itself. A joint ln λ stands behind the factor's numbers.
        var start = all.Length - network.Outputs + (factor.Network is not null ? 0 : factor.OuterStart + (factor.Inner is null ? 0 : factor.Inner.ParameterCount - values.Length));
        values.CopyTo(all.AsSpan(start));
        bias.Write(all);
    }
}
