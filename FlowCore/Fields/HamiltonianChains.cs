using System.Numerics;
using System.Numerics.Tensors;
using FlowCore.Random;

namespace FlowCore.Fields;

/// <summary>Hamiltonian chains, one for each function, whose trajectories run side by side.</summary>
/// <param name="functions">−ln p of each chain.</param>
/// <param name="starts">Where each begins.</param>
/// <param name="options">How many trajectories of how many steps.</param>
internal sealed class HamiltonianChains<T>(PosteriorRows<T> functions, double[] starts, DenoiserOptions options)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _dimension = functions.Dimension;
    private readonly int[] _all = [.. Enumerable.Range(0, starts.Length / functions.Dimension)];
    private readonly double[] _here = (double[])starts.Clone();
    private readonly double[] _there = new double[starts.Length];
    private readonly double[] _momenta = new double[starts.Length];
    private readonly double[] _gradients = new double[starts.Length];
    private readonly double[] _gradientsThere = new double[starts.Length];
    private readonly double[] _values = new double[starts.Length / functions.Dimension];
    private readonly double[] _valuesThere = new double[starts.Length / functions.Dimension];

    public PosteriorMean Run(Func<double[], double[]> fieldsOf, int pixels)
    {
        var chains = _all.Length;
        var (logSteps, acceptance) = (new double[chains], new double[chains]);
        Array.Fill(logSteps, Math.Log(Math.Pow(_dimension, -0.25)));
        var (sums, squares) = (new double[chains * pixels], new double[chains * pixels]);
        if (chains == 0)
            return new PosteriorMean([], [], [], []);
        functions.Evaluate(_all, _here, _values, _gradients);
        for (var trajectory = 0; trajectory < options.WarmUp + options.Kept; trajectory++)
        {
            var probabilities = Trajectory(trajectory, logSteps);
            var isKept = trajectory >= options.WarmUp;
            for (var chain = 0; chain < chains; chain++)
            {
                // Robbins and Monro: ever smaller corrections.
                if (isKept)
                    acceptance[chain] += probabilities[chain] / options.Kept;
                else
                    logSteps[chain] += (probabilities[chain] - options.Acceptance) / Math.Sqrt(trajectory + 1.0);
            }

            if (!isKept)
                continue;
            var fields = fieldsOf(_here);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += fields[i] / options.Kept;
                squares[i] += fields[i] * fields[i] / options.Kept;
            }
        }

        for (var i = 0; i < squares.Length; i++)
            squares[i] = Math.Sqrt(Math.Max(0, squares[i] - (sums[i] * sums[i])));
        return new PosteriorMean(sums, squares, acceptance, Array.ConvertAll(logSteps, Math.Exp));
    }

    // One trajectory of each chain; returns the probabilities with which the ends were accepted.
    private double[] Trajectory(int trajectory, double[] logSteps)
    {
        var (chains, probabilities) = (_all.Length, new double[_all.Length]);
        var (steps, choices, energies) = (new double[chains], new double[chains], new double[chains]);
        Span<double> uniforms = stackalloc double[2];
        for (var chain = 0; chain < chains; chain++)
        {
            var stream = new RandomStream(options.Seed).Substream((ulong)chain).Substream((ulong)trajectory);
            var momenta = _momenta.AsSpan(chain * _dimension, _dimension);
            stream.Substream(0).FillNormal(momenta);
            stream.Substream(1).FillUniform(uniforms);
            steps[chain] = Math.Exp(logSteps[chain]) * (0.8 + (0.4 * uniforms[0]));
            choices[chain] = uniforms[1];
            energies[chain] = _values[chain] + (0.5 * TensorPrimitives.SumOfSquares<double>(momenta));
        }

        _here.CopyTo(_there, 0);
        _gradients.CopyTo(_gradientsThere, 0);
        Kick(steps, 0.5);
        for (var step = 1; step <= options.Leapfrogs; step++)
        {
            for (var i = 0; i < _there.Length; i++)
                _there[i] += steps[i / _dimension] * _momenta[i];
            functions.Evaluate(_all, _there, _valuesThere, _gradientsThere);
            Kick(steps, step == options.Leapfrogs ? 0.5 : 1);
        }

        for (var chain = 0; chain < chains; chain++)
        {
            var (start, energy) = (chain * _dimension, _valuesThere[chain]);
            energy += 0.5 * TensorPrimitives.SumOfSquares<double>(_momenta.AsSpan(start, _dimension));
            var probability = Math.Min(1, Math.Exp(energies[chain] - energy));
            probabilities[chain] = double.IsNaN(probability) ? 0 : probability;
            if (!(choices[chain] < probabilities[chain]))
                continue;
            _values[chain] = _valuesThere[chain];
            _there.AsSpan(start, _dimension).CopyTo(_here.AsSpan(start));
            _gradientsThere.AsSpan(start, _dimension).CopyTo(_gradients.AsSpan(start));
        }

        return probabilities;
    }

    private void Kick(double[] steps, double share)
    {
        for (var i = 0; i < _momenta.Length; i++)
            _momenta[i] -= share * steps[i / _dimension] * _gradientsThere[i];
    }
}
