using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Autodiff;
using FlowCore.Statistics;

namespace FlowCore.Manifolds;

/// <summary>−ln p as a function of free numbers that reach every point of the manifolds, for the minimiser.</summary>
/// <remarks>
/// R^D: x. Circle: the angle. Sphere: a vector, normalised. Interval: the logit. Simplex: logits of the d + 1 coordinates, of which a common
/// summand says nothing.
/// </remarks>
internal sealed class DensityClimb<T> : ISmoothFunction, IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // The best of the draws that are climbed from: more than one, for a pdf may have more than one top.
    private const int Starts = 4;
    private readonly Pdf<T> _pdf;
    private readonly T[] _condition;
    private readonly Kernels<T> _kernels;
    private readonly Tape<T> _tape;

    private DensityClimb(Pdf<T> pdf, T[] condition)
    {
        (_pdf, _condition) = (pdf, condition);
        _kernels = pdf.Device.CreateKernels<T>();
        _tape = new Tape<T>(_kernels);
        Dimension = pdf.Factors.Sum(factor => FreeColumns(factor.Manifold));
    }

    public int Dimension { get; }

    public static DensestPoint Run(Pdf<T> pdf, T[] condition, int draws, ulong seed)
    {
        if (pdf.Factors.Any(factor => factor.Manifold.Kind == ManifoldKind.Category))
            throw new NotSupportedException($"Expected a pdf without categories, got \"{pdf.Definition.ManifoldText}\": a class cannot be climbed.");
        var context = condition.Length == 0 ? default : new ReadOnlyTensorSpan<T>(condition, [1, condition.Length]);
        var sample = pdf.Draw(draws, seed, context, Coordinates.Embedding);
        var (x, logs) = (PdfSummaries.Flat(sample.X), PdfSummaries.Flat(sample.LogDensity));
        var order = Enumerable.Range(0, draws).ToArray();
        Array.Sort(Array.ConvertAll(logs, log => -log), order);
        using var climb = new DensityClimb<T>(pdf, condition);
        MinimiserResult? best = null;
        var columns = pdf.ColumnsIn(Coordinates.Embedding);
        foreach (var row in order.Take(Starts))
        {
            var found = LimitedMemoryMinimiser.Minimise(climb, climb.FreeOf(x.AsSpan(row * columns, columns)));
            if (best is null || found.Value < best.Value)
                best = found;
        }

        return climb.PointOf(best!);
    }

    public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
    {
        _tape.Begin(1, record: true);
        var free = _tape.Input(Narrow(x), Dimension, requiresAdjoint: true);
        var logDensity = _pdf.Evaluate(Point(free), Condition(), Coordinates.Embedding).LogDensity;
        _tape.Backward(logDensity, [-T.One]);
        var adjoint = new T[Dimension];
        _tape.ReadAdjoint(free, adjoint);
        for (var i = 0; i < adjoint.Length; i++)
            gradient[i] = double.CreateTruncating(adjoint[i]);
        return -Read(logDensity)[0];
    }

    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
    }

    private static int FreeColumns(Manifold manifold) => manifold.Kind is ManifoldKind.Sphere or ManifoldKind.Simplex ? manifold.EmbeddingColumns : manifold.Dimension;

    private static T[] Narrow(ReadOnlySpan<double> numbers)
    {
        var narrow = new T[numbers.Length];
        for (var i = 0; i < narrow.Length; i++)
            narrow[i] = T.CreateTruncating(numbers[i]);
        return narrow;
    }

    private Variable<T> Condition() => _condition.Length == 0 ? default : _tape.SharedRow(_condition);

    private Variable<T> Point(Variable<T> free)
    {
        var x = _tape.Allocate(_pdf.ColumnsIn(Coordinates.Embedding));
        var (column, at) = (0, 0);
        foreach (var factor in _pdf.Factors)
        {
            var manifold = factor.Manifold;
            var own = free.Slice(at, FreeColumns(manifold));
            var point = manifold.Kind switch
            {
                ManifoldKind.Circle => VariableFunctions.Concatenate(own.Cos(), own.Sin()),
                ManifoldKind.Sphere => own / own.Square().SumColumns().Sqrt(),
                ManifoldKind.Interval => (own.Sigmoid() * T.CreateTruncating(manifold.Upper - manifold.Lower)) + T.CreateTruncating(manifold.Lower),
                ManifoldKind.Simplex => own.SoftmaxSegments(own.Columns),
                _ => own + T.Zero,
            };
            _tape.CopyInto(point, x.Slice(column, manifold.EmbeddingColumns));
            column += manifold.EmbeddingColumns;
            at += FreeColumns(manifold);
        }

        return x;
    }

    private double[] FreeOf(ReadOnlySpan<double> point)
    {
        var free = new List<double>();
        var column = 0;
        foreach (var factor in _pdf.Factors)
        {
            var own = point.Slice(column, factor.Manifold.EmbeddingColumns);
            column += own.Length;
            switch (factor.Manifold.Kind)
            {
                case ManifoldKind.Circle:
                    free.Add(Math.Atan2(own[1], own[0]));
                    break;
                case ManifoldKind.Interval:
                    var u = Math.Clamp((own[0] - factor.Manifold.Lower) / (factor.Manifold.Upper - factor.Manifold.Lower), 1e-6, 1 - 1e-6);
                    free.Add(Math.Log(u / (1 - u)));
                    break;
                case ManifoldKind.Simplex:
                    foreach (var number in own)
                        free.Add(Math.Log(Math.Max(number, 1e-9)));
                    break;
                default:
                    free.AddRange(own);
                    break;
            }
        }

        return [.. free];
    }

    private DensestPoint PointOf(MinimiserResult best)
    {
        _tape.Begin(1, record: false);
        var embedded = Point(_tape.Input(Narrow(best.Point), Dimension));
        var intrinsic = new List<double>();
        var column = 0;
        foreach (var factor in _pdf.Factors)
        {
            var own = embedded.Slice(column, factor.Manifold.EmbeddingColumns);
            column += factor.Manifold.EmbeddingColumns;
            var state = ManifoldChart<T>.ToState(factor.Manifold, own, Coordinates.Embedding).State;
            intrinsic.AddRange(Read(ManifoldChart<T>.FromState(factor.Manifold, state, Coordinates.Intrinsic, out _)));
        }

        return new DensestPoint([.. intrinsic], Read(embedded), -best.Value, best.LargestGradient, best.Converged);
    }

    private double[] Read(Variable<T> variable)
    {
        var values = new T[variable.Rows * variable.Columns];
        _tape.ReadValue(variable, values);
        return Array.ConvertAll(values, double.CreateTruncating);
    }
}
