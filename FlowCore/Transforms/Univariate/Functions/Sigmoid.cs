using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z = σ(T x) = 1 / (1 + e^−Tx) with a temperature T &gt; 0, from the real line to (0, 1): ln ∂z/∂x = ln T − |Tx| − 2 ln(1 + e^−|Tx|).</summary>
/// <remarks>
/// The inverse is (ln z − ln(1 − z)) / T for every z of (0, 1); nflows, which has the same map, moves z to [10⁻⁶, 1 − 10⁻⁶] first. A learnable T is trained as it is, as there: training has
/// to keep it positive. Two functions a number in either direction.
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Sigmoid<T> : Univariate<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Creates the map with a fixed temperature.</summary>
    /// <param name="temperature">T, positive.</param>
    /// <exception cref="ArgumentException">The temperature is out of range.</exception>
    public Sigmoid(double temperature = 1)
        : base(parametersPerFeature: 0) => Temperature = Checked(temperature);

    /// <summary>Creates the map with a temperature among its parameters, the same for all features.</summary>
    /// <param name="temperature">T of a fresh one, positive.</param>
    /// <param name="name">The prefix of the name: <c>{name}.temperature</c>, [1].</param>
    /// <param name="learnable">Whether it is trained.</param>
    /// <exception cref="ArgumentException">The temperature is out of range or the name is empty.</exception>
    public Sigmoid(double temperature, string name, bool learnable = true)
        : base(0, CreateParameter(Checked(temperature), name, learnable))
    {
        Temperature = temperature;
        Name = name;
    }

    /// <inheritdoc/>
    public static string Kind => "sigmoid";

    /// <summary>T, or that of a fresh one where it is a parameter.</summary>
    public double Temperature { get; }

    /// <summary>The prefix of the parameter's name; null where there is none.</summary>
    public string? Name { get; }

    /// <inheritdoc/>
    public override Axis Codomain => Axis.Interval(0, 1);

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return reader.Has("name")
            ? new Sigmoid<T>(reader.Number("temperature"), reader.Text("name"), reader.Flag("learnable"))
            : new Sigmoid<T>(reader.Number("temperature"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("temperature", Temperature);
        if (Name is null)
            return;
        writer.Write("name", Name);
        writer.Write("learnable", Parameters[0].Trainable);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Forward(Variable<T> x, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var scaled = Parameters.Count == 0 ? x * T.CreateTruncating(Temperature) : x * x.Tape!.Use(Parameters[0]);
        logSlope = LogDerivative(scaled) + LogTemperature(x.Tape!);
        return OpenAxis.Round(scaled.Sigmoid(), Codomain);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> Inverse(Variable<T> z, in RawParameters<T> raw, out Variable<T> logSlope)
    {
        var inside = OpenAxis.Take(z, Codomain, out var outside);
        var logit = LogOdds(inside, out var logarithm);
        logSlope = OpenAxis.Mark(outside, logarithm - LogTemperature(z.Tape!));
        return Parameters.Count == 0 ? logit / T.CreateTruncating(Temperature) : logit / z.Tape!.Use(Parameters[0]);
    }

    /// <summary>ln σ'(x) = −|x| − 2 ln(1 + e^−|x|).</summary>
    internal static Variable<T> LogDerivative(Variable<T> x)
    {
        var size = x.Abs();
        return -(size + ((-size).Softplus() * T.CreateTruncating(2)));
    }

    /// <summary>ln z − ln(1 − z), and the logarithm of its slope, −ln z − ln(1 − z), for z in (0, 1).</summary>
    internal static Variable<T> LogOdds(Variable<T> z, out Variable<T> logSlope)
    {
        var (one, rest) = (z.Log(), (-z).Log1p());
        logSlope = -(one + rest);
        return one - rest;
    }

    private Variable<T> LogTemperature(Tape<T> tape) =>
        Parameters.Count == 0 ? tape.Constant(T.CreateTruncating(Math.Log(Temperature))) : tape.Use(Parameters[0]).Log();

    private static Parameter<T> CreateParameter(double temperature, string name, bool learnable)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var parameter = LinearParameters.Vector<T>($"{name}.temperature", 1, temperature);
        parameter.Trainable = learnable;
        return parameter;
    }

    private static double Checked(double temperature)
    {
        if (!double.IsFinite(temperature) || temperature <= 0)
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, $"Expected a positive temperature, got {temperature}.");
        ConstantRange.CheckDivisor<T>(temperature, "The temperature", nameof(temperature));
        return temperature;
    }
}
