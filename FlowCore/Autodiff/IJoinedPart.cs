using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>Something with parameters of its own that can become a part of a larger model, in whose store its parameters then are.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal interface IJoinedPart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The store that has the parameters.</summary>
    ParameterStore<T> Parameters { get; }

    /// <summary>Says which store has taken the parameters over; it belongs to the larger model.</summary>
    void Join(ParameterStore<T> store);

    /// <summary>Moves the parameters of parts, and others that belong to no store, into one.</summary>
    /// <param name="device">The device of all.</param>
    /// <param name="parts">The parts, and what stands before the names of their parameters.</param>
    /// <param name="others">More parameters, and what stands before their names.</param>
    static ParameterStore<T> JoinAll(Device device, IReadOnlyList<(string Prefix, IJoinedPart<T> Part)> parts, params IEnumerable<(string Prefix, Parameter<T> Parameter)> others)
    {
        var all = new List<(string Prefix, Parameter<T> Parameter)>();
        foreach (var (prefix, part) in parts)
        {
            part.Parameters.ThrowIfDisposed();
            foreach (var parameter in part.Parameters.Parameters)
                all.Add((prefix + parameter.NameInStore[..^parameter.Name.Length], parameter));
        }

        foreach (var (_, part) in parts)
            part.Parameters.GiveBack();
        all.AddRange(others);
        var store = new ParameterStore<T>(device, all);
        foreach (var (_, part) in parts)
            part.Join(store);
        return store;
    }
}
