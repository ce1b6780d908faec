using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Tests.Laws;

/// <summary>How to make a random transform of one kind: what the suite of laws needs to know about it.</summary>
/// <param name="Name">What test cases call it.</param>
/// <param name="Create">Makes one of D features; the stream is the source of all that is random but the trained numbers, the name the prefix of the parameters' names.</param>
internal sealed record TransformEntry(string Name, Func<int, int, RandomStream, string, Transform<double>> Create)
{
    /// <summary>The fewest features.</summary>
    public int FewestFeatures { get; init; } = 1;

    /// <summary>Whether it is made for C = 0, and for C = 2.</summary>
    public (bool Without, bool With) Conditions { get; init; } = (true, false);

    /// <summary>Whether random compositions may contain it.</summary>
    public bool IsComposed { get; init; } = true;

    /// <summary>By how much the trained numbers of a fresh one are moved at most.</summary>
    public double ParameterReach { get; init; } = 0.6;

    /// <summary>Of a round trip; 1e-8 where an iteration inverts it.</summary>
    public double Tolerance { get; init; } = 1e-10;

    /// <summary>Of the integral of its density on the line.</summary>
    public double LineTolerance { get; init; } = 1e-6;

    /// <summary>Of the integral of its density in the plane, by a rule whose error goes as the square of the step at the kinks of a spline.</summary>
    public double PlaneTolerance { get; init; } = 1e-6;

    /// <summary>A random one in either precision, in no store yet.</summary>
    public Transform<T> Make<T>(int features, int conditions, ulong seed, string name = "part")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var stream = new RandomStream(seed);
        var transform = Create(features, conditions, stream, name);
        for (var i = 0; i < transform.Parameters.Count; i++)
            Move(transform.Parameters[i], stream.Substream(1000 + (ulong)i));
        return typeof(T) == typeof(double) ? (Transform<T>)(object)transform : transform.ConvertTo<T>();
    }

    public override string ToString() => Name;

    private void Move(Parameter<double> parameter, RandomStream stream)
    {
        if (!parameter.Trainable)
            return;
        var (values, moves) = (new double[parameter.Length], new double[parameter.Length]);
        parameter.Read(values);
        stream.FillUniform<double>(moves);
        for (var k = 0; k < values.Length; k++)
            values[k] += ParameterReach * ((2 * moves[k]) - 1);
        parameter.Write(values);
    }
}
