using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Files;
using FlowCore.IO;
using FlowCore.Networks;
using FlowCore.Transforms;

namespace FlowCore.Encoders;

/// <summary>p(y | h) with h = E(o): a flow whose context an encoder makes of an observation. Both are trained together, in one store, and saved in one file.</summary>
/// <remarks>
/// It is a flow whose context is the row of an observation, so training, evaluation, sampling, diagnostics and files are those of every flow. An encoder is any
/// <see cref="Network{T}"/>: <see cref="MlpEncoder{T}"/>, <see cref="DeepSetEncoder{T}"/>, or one of your own. Many samples of few observations are cheaper behind
/// the encoder: <see cref="Encode"/> once, then <see cref="Head"/>.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class ConditionalFlow<T> : Flow<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EncodedFlow<T> _head;
    private readonly CodeMap<T> _code;

    /// <summary>Puts an encoder in front of a flow.</summary>
    /// <param name="encoder">E. Its parameters must not belong to a model.</param>
    /// <param name="flow">The flow, whose context is E's outputs. Its parts and numbers move over: it is disposed.</param>
    /// <exception cref="ArgumentException">The flow takes another context, its base distribution takes conditions, or two parameters have one name.</exception>
    public ConditionalFlow(Network<T> encoder, Flow<T> flow)
        : this(Checked(encoder, flow).Base, new Embedded<T>(flow.TakeApart(), encoder), flow.Device)
    {
    }

    private ConditionalFlow(BaseDistribution<T> noise, Embedded<T> transform, Device? device)
        : base(noise, transform, device)
    {
        Encoder = transform.Embedding;
        _head = new EncodedFlow<T>(this, transform.Inner);
        _code = new CodeMap<T>(Encoder);
    }

    /// <summary>E, from an observation's row to the context.</summary>
    public Network<T> Encoder { get; }

    /// <summary>The flow behind the encoder, whose context is codes: the same numbers, nothing of its own. It lives as long as this model.</summary>
    public DensityModel<T> Head => _head;

    /// <summary>Reads a conditional flow; the file says all that is needed.</summary>
    /// <param name="path">The file, as <c>Save</c> writes it. Its numbers are converted.</param>
    /// <param name="device">Where to compute; null for <see cref="Device.Cpu"/>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ModelFormatException">The file does not hold a flow behind an encoder.</exception>
    /// <exception cref="IOException">The file could not be read.</exception>
    public static ConditionalFlow<T> Load(string path, Device? device = null)
    {
        var flow = Flow<T>.Load(path, device);
        if (flow is not { Transform: Embedded<T> embedded, Base.ConditionColumns: 0 })
            throw new ModelFormatException($"The file '{path}' holds a flow without an encoder.");
        flow.TakeApart();
        return new ConditionalFlow<T>(flow.Base, embedded, device);
    }

    /// <summary>The codes h = E(o) of observations.</summary>
    /// <param name="observations">Row-major [n, E's inputs].</param>
    /// <returns>[n, E's outputs]: the context of <see cref="Head"/>.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, or one is not finite.</exception>
    public T[] Encode(ReadOnlySpan<T> observations)
    {
        var rows = RowsOf(observations, ContextFeatures, nameof(observations));
        var codes = new T[checked(rows * Encoder.Outputs)];
        RunMap(_code, rows, new T[checked(rows * Features)], new Conditions<T>(observations, default), codes, default);
        return codes;
    }

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) =>
        new ConditionalFlow<TOther>(Base.ConvertTo<TOther>(), (Embedded<TOther>)Transform.ConvertTo<TOther>(), device ?? Device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _head.Dispose();
        base.Dispose(disposing);
    }

    private static Flow<T> Checked(Network<T> encoder, Flow<T> flow)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Base.ConditionColumns > 0)
            throw new ArgumentException($"Expected a flow whose base distribution takes no conditions, got one that takes {flow.Base.ConditionColumns}.", nameof(flow));
        return flow.ContextFeatures == encoder.Outputs
            ? flow
            : throw new ArgumentException($"Expected a flow of {encoder.Outputs} context features, the outputs of the encoder, got one of {flow.ContextFeatures}.", nameof(flow));
    }
}
