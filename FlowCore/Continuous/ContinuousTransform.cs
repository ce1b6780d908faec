using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Parts;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Continuous;

/// <summary>The map along the paths of dx/dt = v(x, t; c): noise at t = 0 and data at t = 1, with log|det| = ∫ div v dt.</summary>
/// <remarks>
/// <para>
/// Chen et al. 2018, "Neural ordinary differential equations"; Grathwohl et al. 2019, "FFJORD". The divergence is exact, one tangent for each feature, and solved together with x. Steps are
/// fixed, so a row depends neither on its neighbours nor on the cut into blocks. Both directions undo each other, and the integral is the log-determinant of the steps,
/// up to the error of the method: take as many steps as it needs (<see cref="ContinuousFlow{T}.ChooseSteps"/>).
/// </para>
/// <para>
/// Gradients go through the steps; each is computed anew when it is walked back, so the tape keeps N states and one step. On the sphere points are unit vectors in the
/// coordinates of space and log|det| is that of areas; rows off it have log|det| = −∞. On the torus angles are brought to [−π, π] at the end.
/// </para>
/// <para>A solve holds no state, so one instance serves all tapes and threads; <see cref="Steps"/> may be changed between calls.</para>
/// </remarks>
/// <typeparam name="T">float to work, double to verify.</typeparam>
public sealed class ContinuousTransform<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // How far the squared length of a unit vector may be from 1: what rounding and differences for gradients leave, and no more.
    private static readonly T _tolerance = T.CreateTruncating(1e-2);

    // Beyond, an exact divergence costs more in training than the noise of the estimate.
    private const int MostExactFeatures = 8;

    private readonly RungeKutta _method;
    private readonly Parameter<T>? _trained;
    private volatile StepPlan<T> _plan;

    /// <summary>Makes the map of a field.</summary>
    /// <param name="field">v; on the sphere any u, of which the tangent part is taken.</param>
    /// <param name="settings">How it is solved; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or a sphere has fewer than 2 coordinates.</exception>
    public ContinuousTransform(VelocityField<T> field, ContinuousSettings? settings = null)
        : base(Checked(field, settings).Features, field.ConditionColumns, field.Parameters)
    {
        Field = field;
        Settings = settings ?? new ContinuousSettings();
        _method = RungeKutta.Of(Settings.Solver);
        foreach (var parameter in field.Parameters)
            _trained ??= parameter.Trainable ? parameter : null;
        _plan = new StepPlan<T>(this, _method, Settings.Steps, Settings.DataFirst);
    }

    /// <inheritdoc/>
    public static string Kind => "continuous";

    /// <summary>v.</summary>
    public VelocityField<T> Field { get; }

    /// <summary>How it was made; the steps may be others by now.</summary>
    public ContinuousSettings Settings { get; }

    /// <summary>N, the steps of a solve, at least 1. Files have the number that is set when they are written.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of range.</exception>
    public int Steps
    {
        get => _plan.Steps;
        set
        {
            if (ContinuousSettings.CheckSteps(value) != _plan.Steps)
                _plan = new StepPlan<T>(this, _method, value, Settings.DataFirst);
        }
    }

    /// <inheritdoc/>
    public override Domain Domain => Settings.Space switch
    {
        FlowSpace.Sphere => Domain.Sphere(Features - 1),
        FlowSpace.Torus => Domain.Of([.. Enumerable.Repeat(Axis.Circle(), Features)]),
        _ => base.Domain,
    };

    /// <inheritdoc/>
    public override Domain Codomain => Domain;

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var settings = new ContinuousSettings
        {
            Space = reader.Enumeration<FlowSpace>("space"),
            Solver = reader.Enumeration<FlowSolver>("solver"),
            Steps = reader.Count("steps"),
            Divergence = reader.Enumeration<FlowDivergence>("divergence"),
            Gradient = reader.Enumeration<FlowGradient>("gradient"),
            DataFirst = reader.Flag("data_first"),
        };
        return new ContinuousTransform<T>(reader.Part<VelocityField<T>>("field"), settings);
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("space", Settings.Space.ToString());
        writer.Write("solver", Settings.Solver.ToString());
        writer.Write("steps", Steps);
        writer.Write("divergence", Settings.Divergence.ToString());
        writer.Write("gradient", Settings.Gradient.ToString());
        writer.Write("data_first", Settings.DataFirst);
        writer.Write("field", Field);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet) =>
        Map(tape, x, conditions, epsilon: default, integrals: 1, toNoise: true, out logDet, out _);

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet) =>
        Map(tape, z, conditions, epsilon: default, integrals: 1, toNoise: false, out logDet, out _);

    /// <inheritdoc/>
    internal override Variable<T> InversePoint(Tape<T> tape, Variable<T> z, Variable<T> conditions) =>
        Map(tape, z, conditions, epsilon: default, integrals: 0, toNoise: false, out _, out _);

    /// <summary>The end of the path from x, with the integrals behind it that are asked for: of the divergence, of |v|² and of ‖∂v/∂x‖².</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="conditions">The conditions, or "no variable".</param>
    /// <param name="epsilon">The direction of an estimate of the divergence; "no variable" for the exact one.</param>
    /// <param name="integrals">0, 1 for the divergence, 3 for all.</param>
    /// <param name="toNoise">The direction; the integrals are those along it, so the squares are negative where time runs back.</param>
    /// <returns>[rows, D + integrals].</returns>
    internal Variable<T> Solve(Tape<T> tape, Variable<T> x, Variable<T> conditions, Variable<T> epsilon, int integrals, bool toNoise)
    {
        var plan = _plan;
        var start = integrals == 0 ? x : VariableFunctions.Concatenate(x, tape.Zeros(integrals));
        var trained = _trained is null ? default : tape.Use(_trained);
        if (Settings.Gradient == FlowGradient.Adjoint)
        {
            var end = tape.Allocate(start.Columns);
            tape.ApplyInto(plan.Whole(toNoise), [start, conditions, epsilon, trained], [end]);
            return end;
        }

        var state = start;
        foreach (var step in plan.StepsOf(toNoise))
        {
            var next = tape.Allocate(start.Columns);
            tape.ApplyInto(step, [state, conditions, epsilon, trained], [next]);
            if (state.Id != x.Id)
                tape.Release(state);
            state = next;
        }

        return state;
    }

    /// <summary>One step of a state, composed of operations of the tape.</summary>
    internal Variable<T> Step(Tape<T> tape, Variable<T> state, Variable<T> conditions, Variable<T> epsilon, double time, double step) =>
        OnSpace(_method.Step<T, VelocitySystem<T>>(new VelocitySystem<T>(Field, Settings.Space, conditions, epsilon), state, time, step));

    /// <summary>The slope of a state.</summary>
    internal Variable<T> Slope(Tape<T> tape, Variable<T> state, Variable<T> conditions, Variable<T> epsilon, double time) =>
        new VelocitySystem<T>(Field, Settings.Space, conditions, epsilon).Derivative(state, time);

    /// <summary>The state with its point back on the sphere.</summary>
    internal Variable<T> OnSpace(Variable<T> state)
    {
        if (Settings.Space != FlowSpace.Sphere)
            return state;
        var point = Normalized(state.Slice(0, Features));
        return state.Columns == Features ? point : VariableFunctions.Concatenate(point, state.Slice(Features, state.Columns - Features));
    }

    private static Variable<T> Normalized(Variable<T> x) => x * x.Square().SumColumns().ReciprocalSqrt();

    /// <summary>The map with all integrals that are asked for.</summary>
    /// <param name="tape">The tape.</param>
    /// <param name="x">[rows, D].</param>
    /// <param name="conditions">The conditions, or "no variable".</param>
    /// <param name="epsilon">As in <see cref="Solve"/>.</param>
    /// <param name="integrals">0 for none, 1 for log|det|, 3 for |v|² and ‖∂v/∂x‖² as well.</param>
    /// <param name="toNoise">The direction.</param>
    /// <param name="logDet">[rows, 1]; "no variable" where it is not asked for.</param>
    /// <param name="squares">[rows, 2], along the direction; "no variable" where they are not asked for.</param>
    internal Variable<T> Map(
        Tape<T> tape, Variable<T> x, Variable<T> conditions, Variable<T> epsilon, int integrals, bool toNoise, out Variable<T> logDet, out Variable<T> squares)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var isOff = default(Variable<T>);
        if (Settings.Space == FlowSpace.Sphere)
        {
            isOff = tape.Constant(_tolerance).Less((x.StopGradient().Square().SumColumns() - T.One).Abs());
            x = Normalized(x);
        }

        var end = Solve(tape, x, conditions, epsilon, integrals, toNoise);
        logDet = integrals > 0 ? end.Slice(Features, 1) : default;
        squares = integrals > 1 ? end.Slice(Features + 1, 2) : default;
        if (!isOff.IsNone && !logDet.IsNone)
            logDet = isOff.Where(tape.Constant(T.NegativeInfinity), logDet);
        var y = integrals > 0 ? end.Slice(0, Features) : end;
        return Settings.Space == FlowSpace.Torus ? CircleWrap.Apply(y, -Math.PI, Math.PI) : y;
    }

    /// <summary>ε of an estimate in training: random signs, one for each feature of a row; "no variable" where the divergence is exact.</summary>
    internal Variable<T> DrawDirections(Tape<T> tape, RandomStream stream, ulong firstRow)
    {
        var isExact = Settings.Divergence == FlowDivergence.Exact || (Settings.Divergence == FlowDivergence.Automatic && Features <= MostExactFeatures);
        if (isExact)
            return default;
        var uniform = tape.Draw(RandomDistribution.Uniform, stream, firstRow * (ulong)Features, Features);
        return (uniform - T.CreateTruncating(0.5)).Sign();
    }

    private static VelocityField<T> Checked(VelocityField<T> field, ContinuousSettings? settings)
    {
        ArgumentNullException.ThrowIfNull(field);
        settings?.Check();
        if (settings?.Space == FlowSpace.Sphere && field.Features < 2)
            throw new ArgumentException($"Expected a field of at least 2 coordinates on a sphere, got one of {field.Features}.", nameof(field));
        return field;
    }
}
