using System.Numerics.Tensors;

namespace FlowCore.Fields;

/// <summary>The Wiener filter: the mean, and the most probable field, of a Gaussian field of known power spectrum seen with Gaussian noise: (S⁻¹ + N⁻¹) y = N⁻¹ d. Immutable, thread-safe.</summary>
/// <remarks>
/// <para>
/// Of all linear estimates it has the smallest mean square error, whatever the field's distribution (N. Wiener, "Extrapolation, interpolation, and smoothing of
/// stationary time series", 1949). With one deviation everywhere it is P / (P + σ²) in every mode; else (1 + √S N⁻¹ √S) w = √S N⁻¹ d is solved for y = √S w by conjugate
/// gradients, whose matrix has no eigenvalue below 1.
/// </para>
/// <para>The residual is reduced to 10⁻¹² of the right side, a field each: no result depends on the other fields of a call.</para>
/// </remarks>
public sealed class WienerFilter
{
    private const double Tolerance = 1e-12;
    private readonly FastFourier _fourier;
    private readonly double[] _power;

    /// <summary>Creates the filter of a spectrum.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="power">P of every mode, [H · W], finite, not negative and the same for k and −k, such as <see cref="FourierNormal{T}.Power"/>.</param>
    /// <exception cref="ArgumentException">A size or a number is out of range.</exception>
    public WienerFilter(int height, int width, ReadOnlySpan<double> power)
    {
        _fourier = new FastFourier(height, width);
        if (power.Length != _fourier.Grid.Pixels)
            throw new ArgumentException($"Expected the power of {_fourier.Grid.Pixels} modes, got {power.Length} numbers.", nameof(power));
        for (var i = 0; i < power.Length; i++)
        {
            if (!double.IsFinite(power[i]) || power[i] < 0)
                throw new ArgumentException($"Expected finite power, not negative, got {power[i]} for mode {i}.", nameof(power));
            if (Math.Abs(power[i] - power[_fourier.Grid.Mirror(i)]) > 1e-9 * power[i])
                throw new ArgumentException($"Expected the same power for opposite modes, got {power[i]} and {power[_fourier.Grid.Mirror(i)]} for mode {i}.", nameof(power));
        }

        _power = power.ToArray();
    }

    /// <summary>Filters fields.</summary>
    /// <param name="observed">Row-major [n, H · W]; what stands in hidden pixels does not count.</param>
    /// <param name="noise">Their noise, with pixels that are hidden or not.</param>
    /// <returns>[n, H · W].</returns>
    /// <exception cref="ArgumentException">The numbers make no fields, are not finite, or the noise has another size.</exception>
    public double[] Apply(ReadOnlySpan<double> observed, FieldNoise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        var grid = _fourier.Grid;
        grid.Count(observed.Length, nameof(observed));
        if (noise.Pixels != grid.Pixels)
            throw new ArgumentException($"Expected the noise of {grid.Pixels} pixels, got that of {noise.Pixels}.", nameof(noise));
        foreach (var value in observed)
        {
            if (!double.IsFinite(value))
                throw new ArgumentException($"Expected finite fields, got {value}.", nameof(observed));
        }

        return noise.IsUniform ? Filter(observed, 1 / noise.InverseVariances[0]) : Solve(observed, noise.InverseVariances);
    }

    private double[] Filter(ReadOnlySpan<double> observed, double variance)
    {
        var modes = new double[observed.Length];
        _fourier.Hartley(observed, modes.AsSpan());
        for (var i = 0; i < modes.Length; i++)
            modes[i] *= _power[i % _power.Length] / (_power[i % _power.Length] + variance);
        _fourier.Hartley<double>(modes, modes);
        return modes;
    }

    private double[] Solve(ReadOnlySpan<double> observed, ReadOnlySpan<double> inverse)
    {
        var pixels = _power.Length;
        var count = observed.Length / pixels;
        var (right, w, a) = (new double[observed.Length], new double[observed.Length], new double[observed.Length]);
        for (var i = 0; i < right.Length; i++)
            right[i] = observed[i] * inverse[i % pixels];
        Colour(right);
        var (residual, direction) = ((double[])right.Clone(), (double[])right.Clone());
        var (squares, targets, active) = (new double[count], new double[count], 0);
        for (var field = 0; field < count; field++)
        {
            squares[field] = TensorPrimitives.SumOfSquares<double>(residual.AsSpan(field * pixels, pixels));
            targets[field] = Tolerance * Tolerance * squares[field];
            active += squares[field] > targets[field] ? 1 : 0;
        }

        // In exact arithmetic there are at most as many steps as pixels.
        for (var step = 0; step < 4 * pixels && active > 0; step++)
        {
            direction.CopyTo(a, 0);
            Colour(a);
            for (var i = 0; i < a.Length; i++)
                a[i] *= inverse[i % pixels];
            Colour(a);
            TensorPrimitives.Add(a, direction, a);
            active = 0;
            for (var field = 0; field < count; field++)
            {
                if (squares[field] > targets[field] && Step(field, squares, w, residual, direction, a) > targets[field])
                    active++;
            }
        }

        Colour(w);
        return w;
    }

    private double Step(int field, double[] squares, double[] w, double[] residual, double[] direction, double[] a)
    {
        var (start, pixels) = (field * _power.Length, _power.Length);
        var d = direction.AsSpan(start, pixels);
        var r = residual.AsSpan(start, pixels);
        var image = a.AsSpan(start, pixels);
        var solution = w.AsSpan(start, pixels);
        var alpha = squares[field] / TensorPrimitives.Dot<double>(d, image);
        TensorPrimitives.MultiplyAdd(d, alpha, solution, solution);
        TensorPrimitives.MultiplyAdd(image, -alpha, r, r);
        var next = TensorPrimitives.SumOfSquares<double>(r);
        TensorPrimitives.MultiplyAdd(d, next / squares[field], r, d);
        return squares[field] = next;
    }

    // √S, symmetric: the transform, the deviation of every mode, and back.
    private void Colour(double[] fields)
    {
        _fourier.Hartley<double>(fields, fields);
        for (var i = 0; i < fields.Length; i++)
            fields[i] *= Math.Sqrt(_power[i % _power.Length]);
        _fourier.Hartley<double>(fields, fields);
    }
}
