using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;

namespace FlowCore.Networks;

/// <summary>Columns of which some are angles, on their way into a network: sines take the places of the angles, cosines come behind all columns.</summary>
/// <remarks>With weights w₁ sin + w₂ cos takes the place. Weights are [angles, 2], starting as ones, as in normflows.</remarks>
internal sealed class PeriodicColumns<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _angles;
    private readonly double[] _bounds;

    /// <param name="columns">How many columns there are.</param>
    /// <param name="angles">Which are angles, ascending; at least one.</param>
    /// <param name="bounds">The half turn B of each: the circle is [−B, B].</param>
    /// <param name="inputs">How the network sees them.</param>
    /// <param name="name">The prefix of the name <c>.weights</c>.</param>
    public PeriodicColumns(int columns, ReadOnlySpan<int> angles, ReadOnlySpan<double> bounds, PeriodicInputs inputs, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (inputs is not (PeriodicInputs.SineAndCosine or PeriodicInputs.WeightedSum))
            throw new ArgumentException($"Expected a way of the list, got {inputs}.", nameof(inputs));
        if (angles.IsEmpty || angles.Length != bounds.Length)
            throw new ArgumentException($"Expected a bound for each of at least one angle, got {bounds.Length} for {angles.Length}.", nameof(bounds));
        for (var k = 0; k < angles.Length; k++)
        {
            if (angles[k] < 0 || angles[k] >= columns || (k > 0 && angles[k] <= angles[k - 1]))
                throw new ArgumentException($"Expected ascending indices below {columns}, got {angles[k]}.", nameof(angles));
            if (!double.IsFinite(bounds[k]) || bounds[k] <= 0)
                throw new ArgumentException($"Expected positive bounds, got {bounds[k]}.", nameof(bounds));
        }

        Columns = columns;
        _angles = angles.ToArray();
        _bounds = bounds.ToArray();
        Inputs = inputs;
        Name = name;
        if (inputs == PeriodicInputs.WeightedSum)
            Weights = new Parameter<T>($"{name}.weights", angles.Length, 2) { Start = values => Array.Fill(values, T.One) };
    }

    public int Columns { get; }

    public ReadOnlySpan<int> Angles => _angles;

    public ReadOnlySpan<double> Bounds => _bounds;

    public PeriodicInputs Inputs { get; }

    public string Name { get; }

    public Parameter<T>? Weights { get; }

    public IEnumerable<Parameter<T>> Parameters => Weights is null ? [] : [Weights];

    /// <summary>How many columns the network sees.</summary>
    public int Expanded => Columns + (Weights is null ? _angles.Length : 0);

    /// <summary>Writes the constants behind the network that is inside.</summary>
    public void Write(PartWriter writer)
    {
        writer.Write("angles", Angles);
        writer.Write("bounds", Bounds);
        writer.Write("inputs", Inputs.ToString());
        writer.Write("name", Name);
    }

    /// <summary>What the network sees of one angle.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="angle">Which angle, from 0.</param>
    /// <param name="x">[rows, 1], a block.</param>
    /// <param name="place">Where the sine or the sum goes, [rows, 1].</param>
    /// <param name="cosine">Where the cosine goes; not used with weights.</param>
    public void Expand(Tape<T> tape, int angle, Variable<T> x, Variable<T> place, Variable<T> cosine)
    {
        using var scope = tape.BeginScope();
        var turned = x * T.CreateTruncating(Math.PI / _bounds[angle]);
        if (Weights is null)
        {
            tape.ApplyInto(UnaryOperation<T>.Of(UnaryFunction.Sin), [turned], [place]);
            tape.ApplyInto(UnaryOperation<T>.Of(UnaryFunction.Cos), [turned], [cosine]);
            return;
        }

        // The tape shows the weights [2, angles]: a column for each angle.
        var weights = tape.Slice(tape.Use(Weights), angle, 1);
        tape.ApplyInto(LinearOperation<T>.Product, [VariableFunctions.Concatenate(turned.Sin(), turned.Cos()), weights, default], [place]);
    }
}
