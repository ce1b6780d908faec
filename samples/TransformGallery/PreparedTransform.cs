using FlowCore.Autodiff;
using FlowCore.Compute;
using FlowCore.Random;
using FlowCore.Transforms;

namespace TransformGallery;

/// <summary>A transform with numbers for its parameters, ready to be evaluated. Not thread-safe.</summary>
internal sealed class PreparedTransform : IDisposable
{
    // A sampled density is one block.
    private const int MostRows = 8192;

    private readonly Transform<double> _transform;
    private readonly ParameterStore<double> _store;
    private readonly Kernels<double> _kernels = Device.Cpu.CreateKernels<double>();
    private readonly Tape<double> _tape;

    /// <summary>Moves the parameters and prepares the memory.</summary>
    /// <param name="transform">The transform, in no model yet.</param>
    /// <param name="reach">By how many standard deviations of 1 the parameters move from where they start.</param>
    /// <param name="seed">The seed of the numbers.</param>
    public PreparedTransform(Transform<double> transform, double reach = 0, ulong seed = 0)
    {
        _transform = transform;
        _store = new ParameterStore<double>(Device.Cpu, transform.Parameters);
        _tape = new Tape<double>(_kernels, MostRows);
        if (reach == 0)
            return;
        var stream = new RandomStream(seed);
        for (var i = 0; i < transform.Parameters.Count; i++)
        {
            var parameter = transform.Parameters[i];
            if (!parameter.Trainable)
                continue;
            var (values, moved) = (new double[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream.Substream((ulong)i).FillNormal<double>(moved);
            for (var k = 0; k < moved.Length; k++)
                moved[k] = values[k] + (reach * moved[k]);
            parameter.Write(moved);
        }
    }

    /// <summary>Sets all numbers of a parameter.</summary>
    /// <param name="index">Which parameter.</param>
    /// <param name="values">Its numbers.</param>
    /// <returns>This transform.</returns>
    public PreparedTransform With(int index, params ReadOnlySpan<double> values)
    {
        _transform.Parameters[index].Write(values);
        return this;
    }

    /// <summary>z = f(x | c) and ln |det J| of rows.</summary>
    /// <param name="x">[rows, features], at most 8,192 rows.</param>
    /// <param name="conditions">[rows, condition columns].</param>
    /// <returns>[rows, features] and [rows].</returns>
    public (double[] Z, double[] LogDet) Forward(double[] x, double[] conditions)
    {
        var rows = x.Length / _transform.Features;
        _tape.Begin(rows, record: false);
        var given = conditions.Length == 0 ? default : _tape.Input(conditions, conditions.Length / rows);
        var z = _transform.Forward(_tape.Input(x, _transform.Features), given, out var logDet);
        var (values, logDets) = (new double[rows * z.Columns], new double[rows]);
        _tape.ReadValue(z, values);
        _tape.ReadValue(logDet, logDets);
        return (values, logDets);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tape.Dispose();
        _kernels.Dispose();
        _store.Dispose();
    }
}
