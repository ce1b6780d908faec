using System.Numerics.Tensors;

namespace FlowCore.Statistics;

/// <summary>The last steps s and changes of the gradient y of L-BFGS (Nocedal and Wright 2006, algorithm 7.4).</summary>
internal sealed class StepHistory(int dimension, int memory)
{
    private readonly double[][] _steps = [.. Enumerable.Range(0, memory).Select(_ => new double[dimension])];
    private readonly double[][] _changes = [.. Enumerable.Range(0, memory).Select(_ => new double[dimension])];
    private readonly double[] _products = new double[memory];
    private readonly double[] _alpha = new double[memory];
    private int _count;
    private int _next;

    public bool IsEmpty => _count == 0;

    public void Clear() => (_count, _next) = (0, 0);

    /// <summary>Remembers a step, where its curvature is positive beyond rounding.</summary>
    public void Add(MinimiserPoint from, MinimiserPoint to)
    {
        var (s, y) = (_steps[_next], _changes[_next]);
        TensorPrimitives.Subtract(to.X, from.X, s);
        TensorPrimitives.Subtract(to.Gradient, from.Gradient, y);
        var product = TensorPrimitives.Dot<double>(s, y);
        if (!(product > 2e-16 * TensorPrimitives.Dot<double>(y, y)) || !double.IsFinite(1 / product))
            return;
        _products[_next] = product;
        _next = (_next + 1) % _steps.Length;
        _count = Math.Min(_count + 1, _steps.Length);
    }

    /// <summary>−H g with the approximate inverse Hessian.</summary>
    public void Direction(ReadOnlySpan<double> gradient, Span<double> direction)
    {
        TensorPrimitives.Negate(gradient, direction);
        for (var age = 1; age <= _count; age++)
        {
            var i = Index(age);
            _alpha[i] = TensorPrimitives.Dot(_steps[i], direction) / _products[i];
            TensorPrimitives.MultiplyAdd(_changes[i], -_alpha[i], direction, direction);
        }

        if (_count > 0)
        {
            var last = Index(1);
            TensorPrimitives.Multiply(direction, _products[last] / TensorPrimitives.Dot<double>(_changes[last], _changes[last]), direction);
        }

        for (var age = _count; age > 0; age--)
        {
            var i = Index(age);
            var beta = TensorPrimitives.Dot(_changes[i], direction) / _products[i];
            TensorPrimitives.MultiplyAdd(_steps[i], _alpha[i] - beta, direction, direction);
        }
    }

    private int Index(int age) => (_next - age + _steps.Length) % _steps.Length;
}
