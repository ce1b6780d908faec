using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>z_j = (x_j − location_j) / scale_j with fixed numbers, so that a flow sees data of order one; log|det J| = −Σ_j ln scale_j.</summary>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Standardization<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AffineOperation<T> _standardize;
    private readonly AffineOperation<T> _restore;

    /// <summary>Creates the transform.</summary>
    /// <param name="numbers">Location and scale.</param>
    /// <param name="name">The prefix of the name: <c>{name}.location_log_scale</c> holds location_0, ln scale_0, location_1, ...</param>
    /// <exception cref="ArgumentException">The sizes disagree, or a number is out of range.</exception>
    public Standardization(LocationScale numbers, string name)
        : this(Checked(numbers).Location.Count, name)
    {
        var values = new T[2 * Features];
        for (var j = 0; j < Features; j++)
        {
            values[2 * j] = T.CreateTruncating(numbers.Location[j]);
            values[(2 * j) + 1] = T.CreateTruncating(Math.Log(numbers.Scale[j]));
        }

        Parameters[0].Write(values);
    }

    internal Standardization(int features, string name)
        : base(features, 0, [new Parameter<T>($"{name}.location_log_scale", 1, 2 * features, isVector: true) { Trainable = false }])
    {
        Name = name;
        var positions = UnivariateMap<T>.Natural(features);
        // (x − t)·e^−s subtracts before it scales: no digits are lost where the location is large.
        _standardize = new AffineOperation<T>(0, positions, inverse: true);
        _restore = new AffineOperation<T>(0, positions);
    }

    /// <inheritdoc/>
    public static string Kind => "standardization";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Standardization<T>(reader.Size("features"), reader.Text("name"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _standardize, x, out logDet);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Apply(tape, _restore, z, out logDet);

    private static LocationScale Checked(LocationScale numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        var (location, scale) = numbers;
        if (location.Count == 0 || location.Count != scale.Count)
            throw new ArgumentException($"Expected as many locations as scales, got {location.Count} and {scale.Count}.", nameof(numbers));
        for (var j = 0; j < location.Count; j++)
        {
            if (!double.IsFinite(location[j]) || !double.IsFinite(scale[j]) || scale[j] <= 0)
                throw new ArgumentException($"Expected finite locations and positive scales, got ({location[j]}, {scale[j]}) for feature {j}.", nameof(numbers));
            ConstantRange.CheckLarge<T>(location[j], "The location", nameof(numbers));
            ConstantRange.CheckDivisor<T>(scale[j], "The scale", nameof(numbers));
        }

        return numbers;
    }

    private Variable<T> Apply(Tape<T> tape, AffineOperation<T> operation, Variable<T> x, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var y = tape.Allocate(Features);
        logDet = tape.Allocate(1);
        tape.ApplyInto(operation, [x, tape.Use(Parameters[0])], [y, logDet]);
        return y;
    }
}
