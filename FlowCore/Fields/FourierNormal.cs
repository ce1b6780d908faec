using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Parts;

namespace FlowCore.Fields;

/// <summary>A Gaussian random field on a periodic grid of H × W pixels, with mean zero and the power spectrum P_k = E|x_k|², x_k the unitary Fourier transform.</summary>
/// <remarks>
/// <para>
/// ln p(x) = −½ Σ_k |x_k|²/P_k − ½ Σ_k ln 2πP_k over all N modes. It is computed from the Hartley transform (<see cref="HartleyOperation{T}"/>), whose N real
/// numbers are independent with the variances P_k: each mode counts once, those on the axes and at half a side included. A sample is the transform
/// of white noise times √P, transformed back: real by construction. N log N work a row.
/// </para>
/// <para>The spectrum depends on |k| alone and is kept as its logarithm, one number for each length (<see cref="FourierGrid.Shells"/>), so learning cannot make it negative.</para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class FourierNormal<T> : BaseDistribution<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HartleyOperation<T> _hartley;
    private readonly GatherColumnsOperation<T> _spread;

    /// <summary>Creates the distribution; it starts as white noise of variance 1.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="learnable">Whether training changes the spectrum.</param>
    /// <param name="name">The prefix of the parameter's name, <c>{name}.log_power</c>.</param>
    /// <exception cref="ArgumentException">A side is out of range, or the name is empty.</exception>
    public FourierNormal(int height, int width, bool learnable = false, string name = "base")
        : this(new FourierGrid(height, width), learnable, name)
    {
    }

    private FourierNormal(FourierGrid grid, bool learnable, string name)
        : base(grid.Pixels, CreateParameters(grid, learnable, name))
    {
        Grid = grid;
        Name = name;
        _hartley = HartleyOperation<T>.Of(grid.Height, grid.Width);
        _spread = new GatherColumnsOperation<T>(grid.Shells);
    }

    /// <inheritdoc/>
    public static string Kind => "fourier-normal";

    /// <summary>The modes.</summary>
    public FourierGrid Grid { get; }

    /// <summary>The prefix of the parameter's name.</summary>
    public string Name { get; }

    /// <summary>P of every mode, [H · W].</summary>
    public double[] Power
    {
        get
        {
            var values = new T[Grid.ShellCount];
            Parameters[0].Read(values);
            var power = new double[Grid.Pixels];
            for (var i = 0; i < power.Length; i++)
                power[i] = Math.Exp(double.CreateTruncating(values[Grid.Shells[i]]));
            return power;
        }
    }

    /// <summary>The distribution with a given spectrum.</summary>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="power">P(|k|), finite and positive at every wavenumber of the grid; |k| as in <see cref="FourierGrid"/>.</param>
    /// <param name="learnable">Whether training changes it.</param>
    /// <param name="name">The prefix of the parameter's name.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentException">A side or a number is out of range, or the name is empty.</exception>
    public static FourierNormal<T> OfSpectrum(int height, int width, Func<double, double> power, bool learnable = false, string name = "base")
    {
        ArgumentNullException.ThrowIfNull(power);
        var grid = new FourierGrid(height, width);
        var shells = new double[grid.ShellCount];
        for (var i = 0; i < grid.Pixels; i++)
            shells[grid.Shells[i]] = power(grid.Wavenumbers[i]);
        return OfShells(grid, shells, learnable, name, nameof(power));
    }

    /// <summary>The distribution of the greatest likelihood: P of each length |k| is the mean of |x_k|² over fields and modes.</summary>
    /// <param name="fields">Row-major [n, H · W], at least one; their mean is taken to be zero.</param>
    /// <param name="height">H, at least 1.</param>
    /// <param name="width">W, at least 1.</param>
    /// <param name="learnable">Whether training changes it further.</param>
    /// <param name="name">The prefix of the parameter's name.</param>
    /// <returns>The distribution.</returns>
    /// <exception cref="ArgumentException">The numbers make no fields, are not finite, or leave a mode without power.</exception>
    public static FourierNormal<T> FromData(ReadOnlySpan<T> fields, int height, int width, bool learnable = false, string name = "base")
    {
        var fourier = new FastFourier(height, width);
        var grid = fourier.Grid;
        if (grid.Count(fields.Length, nameof(fields)) == 0)
            throw new ArgumentException("Expected at least one field, got none.", nameof(fields));
        var modes = new T[fields.Length];
        fourier.Hartley(fields, modes.AsSpan());
        var (power, counts) = (new double[grid.ShellCount], new double[grid.ShellCount]);
        for (var i = 0; i < modes.Length; i++)
        {
            var shell = grid.Shells[i % grid.Pixels];
            var mode = double.CreateTruncating(modes[i]);
            power[shell] += mode * mode;
            counts[shell]++;
        }

        for (var i = 0; i < power.Length; i++)
            power[i] /= counts[i];
        return OfShells(grid, power, learnable, name, nameof(fields));
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new FourierNormal<T>(reader.Size("height"), reader.Size("width"), reader.Flag("learnable"), reader.Text("name"));
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> z, Variable<T> conditions = default) =>
        _hartley.Apply(z).NormalLogDensity(scale: Deviations(OperandChecks.TapeOf(z, nameof(z))));

    /// <inheritdoc/>
    public override Variable<T> FromRandom(Variable<T> random, Variable<T> conditions = default) =>
        _hartley.Apply(_hartley.Apply(random) * Deviations(OperandChecks.TapeOf(random, nameof(random))));

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("height", Grid.Height);
        writer.Write("width", Grid.Width);
        writer.Write("learnable", Parameters[0].Trainable);
    }

    private static FourierNormal<T> OfShells(FourierGrid grid, double[] power, bool learnable, string name, string parameter)
    {
        var logPower = new T[power.Length];
        for (var i = 0; i < power.Length; i++)
        {
            if (!double.IsFinite(power[i]) || power[i] <= 0)
                throw new ArgumentException($"Expected finite, positive power of every mode, got {power[i]}.", parameter);
            logPower[i] = T.CreateTruncating(Math.Log(power[i]));
        }

        var distribution = new FourierNormal<T>(grid, learnable, name);
        distribution.Parameters[0].Write(logPower);
        return distribution;
    }

    private static Parameter<T>[] CreateParameters(FourierGrid grid, bool learnable, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return [new Parameter<T>($"{name}.log_power", 1, grid.ShellCount, isVector: true) { Trainable = learnable }];
    }

    private Variable<T> Deviations(Tape<T> tape) => _spread.Apply((tape.Use(Parameters[0]) * T.CreateTruncating(0.5)).Exp());
}
