using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>The parameters of a part for the time of a check: in a store, moved, and afterwards as before.</summary>
internal sealed class BorrowedParameters : IDisposable
{
    private readonly ParameterStore<double>? _temporary;
    private readonly List<(Parameter<double> Parameter, double[] Values)> _kept = [];

    public BorrowedParameters(Part<double> part, double reach, ulong seed)
    {
        var stores = part.Parameters.Select(parameter => parameter.Store).Distinct().ToList();
        if (stores.Contains(null) && stores.Count > 1)
            throw new ArgumentException("Expected parameters that all belong to models or none, got some of each kind.", nameof(part));
        if (stores.Contains(null))
            _temporary = new ParameterStore<double>(Device.Cpu, part.Parameters);
        Store = _temporary ?? part.Parameters.Where(parameter => parameter.Trainable).Select(parameter => parameter.Store).FirstOrDefault();
        Device = _temporary?.Device ?? stores.FirstOrDefault()?.Device ?? Device.Cpu;
        if (reach == 0)
            return;
        var stream = new RandomStream(seed).Substream(7);
        for (var i = 0; i < part.Parameters.Count; i++)
        {
            var parameter = part.Parameters[i];
            if (!parameter.Trainable)
                continue;
            var (values, moved) = (new double[parameter.Length], new double[parameter.Length]);
            parameter.Read(values);
            stream.Substream((ulong)i).FillUniform<double>(moved);
            for (var k = 0; k < moved.Length; k++)
                moved[k] = values[k] + (reach * ((2 * moved[k]) - 1));
            parameter.Write(moved);
            _kept.Add((parameter, values));
        }
    }

    /// <summary>The store of the trained parameters; null where there are none.</summary>
    public ParameterStore<double>? Store { get; }

    public Device Device { get; }

    public void Dispose()
    {
        foreach (var (parameter, values) in _kept)
            parameter.Write(values);
        _temporary?.GiveBack();
    }
}
