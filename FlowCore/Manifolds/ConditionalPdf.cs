using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Encoders;
using FlowCore.Networks;
using FlowCore.Parts;

namespace FlowCore.Manifolds;

/// <summary>p(x | h) with h = E(o): a pdf on a product of manifolds whose condition an encoder makes of an observation. Both are trained together, in one store, and saved in one file.</summary>
/// <remarks>
/// Its context is the row of an observation, so training, evaluation, sampling and diagnostics are those of every model. An encoder is any <see cref="Network{T}"/>: those of the namespace
/// FlowCore.Encoders, or one of your own. Many questions about few observations are cheaper, and richer, behind it: <see cref="Encode"/> once, then all that <see cref="Head"/> offers.
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class ConditionalPdf<T> : DensityModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CodeMap<T> _code;

    /// <summary>Puts an encoder in front of a pdf.</summary>
    /// <param name="encoder">E. Its parameters must not belong to a model.</param>
    /// <param name="pdf">The pdf, whose condition is E's outputs. It is this model's from now on, numbers included, and disposed with it.</param>
    /// <exception cref="ArgumentException">The pdf takes another condition, or two parameters have one name.</exception>
    /// <exception cref="InvalidOperationException">The pdf is a part of another model already.</exception>
    public ConditionalPdf(Network<T> encoder, Pdf<T> pdf)
        : base(Checked(encoder, pdf).Device, pdf.Features, encoder.Inputs, 0)
    {
        (Encoder, Head, _code) = (encoder, pdf, new CodeMap<T>(encoder));
        Parameters = IJoinedPart<T>.JoinAll(Device, [("", pdf)], encoder.Parameters.Select(parameter => ("", parameter)));
    }

    /// <summary>E, from an observation's row to the condition.</summary>
    public Network<T> Encoder { get; }

    /// <summary>The pdf behind the encoder, whose condition is a code: draws in all coordinates, moments, entropies, scans. Its numbers are this model's; it lives as long.</summary>
    public Pdf<T> Head { get; }

    /// <summary>The numbers of both.</summary>
    public override ParameterStore<T> Parameters { get; }

    /// <inheritdoc/>
    public override BaseDistribution<T> BaseDistribution => Head.BaseDistribution;

    /// <summary>The codes h = E(o) of observations.</summary>
    /// <param name="observations">Row-major [n, E's inputs].</param>
    /// <returns>[n, E's outputs]: the condition of <see cref="Head"/>.</returns>
    /// <exception cref="ArgumentException">The numbers make no rows, or one is not finite.</exception>
    public T[] Encode(ReadOnlySpan<T> observations)
    {
        var rows = RowsOf(observations, ContextFeatures, nameof(observations));
        var codes = new T[checked(rows * Encoder.Outputs)];
        RunMap(_code, rows, new T[checked(rows * Features)], new Conditions<T>(observations), codes, default);
        return codes;
    }

    /// <inheritdoc/>
    public override Variable<T> LogDensity(Variable<T> x, Variable<T> conditions = default) => Head.LogDensity(x, CodeOf(x, conditions));

    /// <inheritdoc/>
    public override Variable<T> ToNoise(Variable<T> x, Variable<T> conditions, out Variable<T> logDet) => Head.ToNoise(x, CodeOf(x, conditions), out logDet);

    /// <inheritdoc/>
    public override Variable<T> FromNoise(Variable<T> z, Variable<T> conditions, out Variable<T> logDet) => Head.FromNoise(z, CodeOf(z, conditions), out logDet);

    /// <inheritdoc cref="DensityModel{T}.ConvertTo"/>
    public new ConditionalPdf<TOther> ConvertTo<TOther>(Device? device = null)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther> =>
        new(PartConversion.Convert<Network<TOther>, T, TOther>(Encoder), Head.ConvertTo<TOther>(device ?? Device));

    /// <inheritdoc/>
    protected internal override DensityModel<TOther> ConvertCore<TOther>(Device? device) => ConvertTo<TOther>(device);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        Head.Dispose();
        Parameters.Dispose();
    }

    /// <summary>The codes of the observations that stand beside points.</summary>
    internal Variable<T> CodeOf(Variable<T> x, Variable<T> conditions)
    {
        if (conditions.Columns != ConditionColumns || (!conditions.IsBlock && conditions.Rows != 1))
            throw new ArgumentException($"Expected conditions of {ConditionColumns} columns, got {OperandChecks.Shape(conditions)}.", nameof(conditions));
        return Encoder.Apply(OperandChecks.TapeOf(x, nameof(x)).AsBlock(conditions));
    }

    private static Pdf<T> Checked(Network<T> encoder, Pdf<T> pdf)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(pdf);
        pdf.ThrowIfJoined();
        return pdf.ConditionColumns == encoder.Outputs
            ? pdf
            : throw new ArgumentException($"Expected a pdf under a condition of {encoder.Outputs} numbers, the outputs of the encoder, got one of {pdf.ConditionColumns}.", nameof(pdf));
    }
}
