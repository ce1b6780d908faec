using System.Numerics;

namespace FlowCore.Autodiff;

/// <summary>The polynomial residual y = x·e^s + t of every feature, with s and t polynomials in the nuisances, and log|det J|.</summary>
/// <remarks>
/// <para>
/// With ν'_k = (ν_k − central_k) / scale_k, s = Σ_k (A_k ν'_k + B_k q ν'_k²) + Σ_(i,j) C_ij r ν'_i ν'_j and the same for t,
/// see <see cref="ResidualSettings"/>. Where all of ν is central, y has the bits of x and log|det J| is zero.
/// </para>
/// <para>
/// Adjoints forward: x̄ = ȳ e^s, t̄ = ȳ, s̄ = ȳ x e^s ± l̄; inverse: x̄ = ȳ e^−s, t̄ = −x̄, s̄ = −ȳ y ∓ l̄; from s̄ and t̄ to
/// coefficients and nuisances by the polynomial. The sign is that of the settings. Tangents are those of the same formulas unfused.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
/// <param name="settings">The constants.</param>
/// <param name="inverse">Whether to compute (x − t)·e^−s instead.</param>
public sealed class ResidualOperation<T>(ResidualSettings settings, bool inverse = false) : Operation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int FixedInputs = 2;

    // Lists of a call in progress: an instance serves all threads and nothing is allocated once a thread has grown its lists.
    [ThreadStatic]
    private static Variable<T>[]? _inputs;

    [ThreadStatic]
    private static Matrix<T>[]? _coefficients;

    [ThreadStatic]
    private static Matrix<T>[]? _adjoints;

    [ThreadStatic]
    private static bool[]? _isFresh;

    private GatherColumnsOperation<T>[]? _gathers;

    /// <summary>The constants.</summary>
    public ResidualSettings Settings { get; } = Checked(settings);

    /// <summary>Whether it computes (x − t)·e^−s.</summary>
    public bool IsInverse => inverse;

    /// <summary>Applies the residual.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D], a block.</param>
    /// <param name="nuisances">[rows, K], a block, or [1, K], the same for all rows.</param>
    /// <param name="coefficients">
    /// Blocks: for each nuisance [rows, 4D], (A_s, B_s, A_t, B_t) of each feature, then for each cross term [rows, 2D], (C_s, C_t).
    /// </param>
    /// <param name="logDet">[rows, 1]: Σ s forward and −Σ s inverse, times the sign of the settings.</param>
    /// <returns>[rows, D].</returns>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public Variable<T> Apply(Tape<T> tape, Variable<T> x, Variable<T> nuisances, ReadOnlySpan<Variable<T>> coefficients, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        CheckInputs(x, nuisances, coefficients);
        var y = tape.Allocate(x.Columns);
        logDet = tape.Allocate(1);
        Record(tape, x, nuisances, coefficients, y, logDet);
        return y;
    }

    /// <summary>Applies the residual and writes to variables that were allocated before.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">As in <see cref="Apply"/>.</param>
    /// <param name="nuisances">As in <see cref="Apply"/>.</param>
    /// <param name="coefficients">As in <see cref="Apply"/>.</param>
    /// <param name="y">[rows, D], allocated, not yet written.</param>
    /// <param name="logDet">[rows, 1], allocated; it is written, not added to.</param>
    /// <exception cref="ArgumentException">The shapes disagree.</exception>
    public void ApplyInto(
        Tape<T> tape, Variable<T> x, Variable<T> nuisances, ReadOnlySpan<Variable<T>> coefficients, Variable<T> y, Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        CheckInputs(x, nuisances, coefficients);
        if (!y.IsBlock || y.Columns != x.Columns)
            throw new ArgumentException($"Expected a block of {x.Columns} columns, got one of {y.Columns}.", nameof(y));
        if (!logDet.IsBlock || logDet.Columns != 1)
            throw new ArgumentException($"Expected a block of one column, got one of {logDet.Columns}.", nameof(logDet));
        Record(tape, x, nuisances, coefficients, y, logDet);
    }

    /// <inheritdoc/>
    protected internal override void Forward(in OperationCall<T> call)
    {
        var coefficients = Coefficients(call);
        call.Kernels.Residual(inverse, Settings, call.Input(0), call.Input(1), coefficients, call.Output(0), call.Output(1));
        coefficients.Clear();
    }

    /// <inheritdoc/>
    protected internal override void Backward(in OperationCall<T> call)
    {
        var coefficients = Coefficients(call);
        var count = coefficients.Length;
        var adjoints = Sized(ref _adjoints, count);

        var isFresh = Sized(ref _isFresh, count);
        var dx = call.InputAdjoint(0);
        var dnuisances = call.InputAdjoint(1);

        // Adjoints that hold nothing yet are written rather than cleared and added to; where only some are, these are cleared.
        var allFresh = true;
        for (var i = 0; i < count; i++)
        {
            adjoints[i] = call.InputAdjoint(FixedInputs + i, out isFresh[i]);
            allFresh &= isFresh[i] || adjoints[i].IsEmpty;
        }

        for (var i = 0; i < count && !allFresh; i++)
        {
            if (isFresh[i])
                call.Kernels.Fill(adjoints[i], T.Zero);
        }

        call.Kernels.ResidualAdjoint(
            inverse, Settings, call.Input(0), call.Input(1), coefficients, call.Output(0), call.OutputAdjoint(0), call.OutputAdjoint(1),
            dx, dnuisances, adjoints, allFresh);
        coefficients.Clear();
        adjoints.Clear();
    }

    /// <inheritdoc/>
    protected internal override void Tangent(in TangentCall<T> call)
    {
        var x = call.Input(0);
        if (call.Inputs == FixedInputs)
        {
            call.SetOutputTangent(0, call.InputTangent(0));
            return;
        }

        var both = Polynomials(call);
        var logScale = call.Tape.Slice(both, 0, x.Columns);
        var shift = call.Tape.Slice(both, x.Columns, x.Columns);
        if (inverse)
            logScale = -logScale;
        var scale = logScale.Exp();
        call.SetOutputTangent(0, call.TangentOf(inverse ? (x - shift) * scale : (x * scale) + shift));
        if (call.Wants(1))
            call.SetOutputTangent(1, call.TangentOf(logScale.SumColumns() * T.CreateChecked(Settings.LogDetSign)));
    }

    // s of all features, then t of all features.
    private Variable<T> Polynomials(in TangentCall<T> call)
    {
        var gathers = Gathers(call.Input(0).Columns);
        Variable<T> sum = default;
        for (var k = 0; k < Settings.Nuisances; k++)
        {
            var nuisance = Standardised(call, k);
            var coefficients = call.Input(FixedInputs + k);
            sum = TangentRules.Sum(sum, gathers[0].Apply(coefficients) * nuisance);
            sum += gathers[1].Apply(coefficients) * (nuisance.Square() * T.CreateChecked(Settings.QuadraticDamping));
        }

        for (var p = 0; p < Settings.CrossTerms.Count; p++)
        {
            var (first, second) = Settings.CrossTerms[p];
            var product = Standardised(call, first) * Standardised(call, second) * T.CreateChecked(Settings.CrossTermDamping);
            sum += gathers[2].Apply(call.Input(FixedInputs + Settings.Nuisances + p)) * product;
        }

        return sum;
    }

    private Variable<T> Standardised(in TangentCall<T> call, int nuisance) =>
        (call.Tape.Slice(call.Input(1), nuisance, 1) - T.CreateChecked(Settings.Central[nuisance])) * T.CreateChecked(1 / Settings.Scales[nuisance]);

    // (A_s, A_t), (B_s, B_t) and (C_s, C_t) of all features. Made once for a number of features; where two threads meet here either's will do.
    private GatherColumnsOperation<T>[] Gathers(int features)
    {
        var gathers = _gathers;
        if (gathers is null || gathers[0].Indices.Length != 2 * features)
            _gathers = gathers = [EachFeature(features, 4, 0), EachFeature(features, 4, 1), EachFeature(features, 2, 0)];
        return gathers;
    }

    private static GatherColumnsOperation<T> EachFeature(int features, int coefficients, int first)
    {
        var indices = new int[2 * features];
        for (var feature = 0; feature < features; feature++)
        {
            indices[feature] = (coefficients * feature) + first;
            indices[features + feature] = indices[feature] + (coefficients / 2);
        }

        return new GatherColumnsOperation<T>(indices);
    }

    private static ResidualSettings Checked(ResidualSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        for (var k = 0; k < settings.Nuisances; k++)
        {
            ConstantRange.CheckLarge<T>(settings.Central[k], "The central value", nameof(settings));
            ConstantRange.CheckDivisor<T>(settings.Scales[k], "The scale", nameof(settings));
        }

        ConstantRange.CheckLarge<T>(settings.QuadraticDamping, "The quadratic damping", nameof(settings));
        ConstantRange.CheckLarge<T>(settings.CrossTermDamping, "The cross-term damping", nameof(settings));
        return settings;
    }

    private static Span<TItem> Sized<TItem>(ref TItem[]? list, int count)
    {
        if (list is null || list.Length < count)
            list = new TItem[count];
        return list.AsSpan(0, count);
    }

    private static Span<Matrix<T>> Coefficients(in OperationCall<T> call)
    {
        var coefficients = Sized(ref _coefficients, call.Inputs - FixedInputs);
        for (var i = 0; i < coefficients.Length; i++)
            coefficients[i] = call.Input(FixedInputs + i);
        return coefficients;
    }

    private void Record(
        Tape<T> tape, Variable<T> x, Variable<T> nuisances, ReadOnlySpan<Variable<T>> coefficients, Variable<T> y, Variable<T> logDet)
    {
        var inputs = Sized(ref _inputs, FixedInputs + coefficients.Length);
        inputs[0] = x;
        inputs[1] = nuisances;
        coefficients.CopyTo(inputs[FixedInputs..]);
        tape.ApplyInto(this, inputs, [y, logDet]);
        inputs.Clear();
    }

    private void CheckInputs(Variable<T> x, Variable<T> nuisances, ReadOnlySpan<Variable<T>> coefficients)
    {
        if (!x.IsBlock)
            throw new ArgumentException("Expected a block.", nameof(x));
        if (nuisances.Columns != Settings.Nuisances || (!nuisances.IsBlock && Settings.Nuisances > 0 && nuisances.Rows != 1))
        {
            throw new ArgumentException(
                $"Expected a block or one row of {Settings.Nuisances} nuisances, got {nuisances.Rows} × {nuisances.Columns}.", nameof(nuisances));
        }

        var terms = Settings.Nuisances + Settings.CrossTerms.Count;
        if (coefficients.Length != terms)
            throw new ArgumentException($"Expected {terms} matrices, one for each nuisance and cross term, got {coefficients.Length}.", nameof(coefficients));
        for (var i = 0; i < terms; i++)
        {
            var columns = (i < Settings.Nuisances ? 4 : 2) * x.Columns;
            if (!coefficients[i].IsBlock || coefficients[i].Columns != columns)
                throw new ArgumentException($"Expected a block of {columns} columns at {i}, got one of {coefficients[i].Columns}.", nameof(coefficients));
        }
    }
}
