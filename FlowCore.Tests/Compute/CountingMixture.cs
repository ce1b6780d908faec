using System.Numerics;
using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>The components of one row in arrays, which counts how often the solver asks whether all lanes are done: once an evaluation.</summary>
internal readonly struct CountingMixture<T>(T[] shifts, T[] logScales, int[] count) : INormalMixture<ScalarLane<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ScalarLane<T> Shift(int component) => ScalarLane<T>.Create(shifts[component]);

    public ScalarLane<T> Scale(int component) => ScalarLane<T>.Exp(ScalarLane<T>.Create(logScales[component]));

    public void Keep(int component, ScalarLane<T> weight)
    {
    }

    public ScalarLane<T> Kept(int component, ScalarLane<T> t, ScalarLane<T> least) =>
        GaussianizationFormula<ScalarLane<T>, T, CountingMixture<T>>.Weight(t, least);

    public void Add(int component, ScalarLane<T> shift, ScalarLane<T> logScale)
    {
    }

    public bool AreSet(ScalarLane<T> mask)
    {
        count[0]++;
        return ScalarLane<T>.Select(mask, ScalarLane<T>.Create(T.One), ScalarLane<T>.Create(T.Zero)).Value == T.One;
    }
}
