using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Training;

/// <summary>The layers of a flow that start from data or follow it, as a training looks after them.</summary>
/// <typeparam name="T">The number type.</typeparam>
internal sealed class DataLayers<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Flow<T> _flow;
    private readonly List<IDataStarted<T>> _started = [];
    private readonly List<UnitNormalization<T>> _units;
    private readonly List<Parameter<T>> _followed = [];

    private DataLayers(Flow<T> flow)
    {
        _flow = flow;
        foreach (var part in TransformWalk<T>.Met(flow.Transform))
        {
            if (part is IDataStarted<T> started)
                _started.Add(started);
            if (part is IStepUpdated<T>)
                _followed.AddRange(part.Parameters.Where(parameter => !parameter.Trainable));
        }

        _units = [.. TransformWalk<T>.NormalizationsOf(flow)];
        _followed.AddRange(_units.SelectMany(normalization => normalization.Followed));
    }

    /// <summary>The numbers that follow the data and get no gradient: no optimiser's buffer holds them.</summary>
    public IReadOnlyList<Parameter<T>> Followed => _followed;

    /// <summary>Whether a layer waits to be started.</summary>
    public bool AwaitStart => _started.Exists(layer => !layer.IsStarted) || _units.Exists(normalization => !normalization.IsStarted);

    /// <summary>Whether a layer that waits wants all rows and not a batch.</summary>
    public bool WantAllRows => _started.Exists(layer => layer is { IsStarted: false, StartsFromAllRows: true });

    /// <summary>The layers of a model; null where it has none. A residual's base is frozen, so its layers are left alone.</summary>
    public static DataLayers<T>? Of(DensityModel<T> model)
    {
        if (model is not Flow<T> flow)
            return null;
        var layers = new DataLayers<T>(flow);
        return layers._started.Count + layers._followed.Count > 0 ? layers : null;
    }

    /// <summary>Starts the layers that wait for it.</summary>
    public void Start(ReadOnlySpan<T> x, ReadOnlySpan<T> conditions) => DataStart.Run(_flow, x, conditions);

    /// <summary>Lets the numbers follow rows.</summary>
    public void Follow(ReadOnlySpan<T> x, ReadOnlySpan<T> conditions, double momentum) => StepUpdate.Run(_flow, x, conditions, momentum);

    /// <summary>A copy of the numbers that follow the data, one array a parameter.</summary>
    public T[][] Read()
    {
        var all = new T[_followed.Count][];
        for (var i = 0; i < all.Length; i++)
            _followed[i].Read(all[i] = new T[_followed[i].Length]);
        return all;
    }

    /// <summary>Sets them.</summary>
    public void Write(T[][] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
            _followed[i].Write(numbers[i]);
    }
}
