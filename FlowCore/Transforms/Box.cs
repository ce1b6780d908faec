using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Numerics;
using FlowCore.Parts;

namespace FlowCore.Transforms;

/// <summary>
/// z = ½ (ln(x − a) − ln(b − x)), which takes the interval (a, b) of each feature to the real line: the artanh of (2x − a − b) / (b − a).
/// ln ∂z/∂x = ln(b − a) − ln 2 − ln(x − a) − ln(b − x). The numbers a and b are not trained.
/// </summary>
/// <remarks>
/// <para>
/// The transform in front of the flows of mbank, there called TanhTransform. The distances to the ends are formed as differences, which are exact near an end; from (2x − a − b) / (b − a) they
/// could not be recovered there. Back, x = a + (b − a) σ(2z) for z &lt; 0, else b − (b − a) σ(−2z), and never an end itself.
/// </para>
/// <para>
/// Made without numbers, it takes them from the first data (<see cref="DataStart"/>): least and greatest of each feature, both moved outwards by <see cref="Margin"/> times their
/// difference. Two logarithms a number, back one sigmoid. Take it where data have known ends. Not thread-safe while it is started.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Box<T> : Transform<T>, IPartKind<T>, IDataStarted<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What <see cref="Margin"/> is unless it is given.</summary>
    public const double DefaultMargin = 0.01;

    /// <summary>Creates a box with ends.</summary>
    /// <param name="low">a of each feature, finite.</param>
    /// <param name="high">b of each feature, finite and above a.</param>
    /// <param name="name">The prefix of the names: <c>.low</c> and <c>.high</c>, [D] each.</param>
    /// <exception cref="ArgumentException">The sizes differ, an end is out of range or the name is empty.</exception>
    public Box(ReadOnlySpan<double> low, ReadOnlySpan<double> high, string name)
        : this(low.Length, name)
    {
        Set(low, high);
        IsStarted = true;
    }

    /// <summary>Creates a box that gets its ends from the first data; used before, it is an error.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="name">The prefix of the names: <c>.low</c> and <c>.high</c>, [D] each.</param>
    /// <param name="margin">By how much of its width the range of the data is widened on either side, at least 0.</param>
    /// <exception cref="ArgumentException">A number is out of range or the name is empty.</exception>
    public Box(int features, string name, double margin = DefaultMargin)
        : base(features, 0, CreateParameters(features, name))
    {
        if (!double.IsFinite(margin) || margin < 0)
            throw new ArgumentOutOfRangeException(nameof(margin), margin, $"Expected a margin of 0 or more, got {margin}.");
        Name = name;
        Margin = margin;
    }

    /// <inheritdoc/>
    public static string Kind => "box";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>By how much of its width the range of the data is widened on either side.</summary>
    public double Margin { get; }

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public bool StartsFromAllRows => true;

    /// <summary>The box, or the real numbers while it has no ends.</summary>
    public override Domain Domain
    {
        get
        {
            if (!IsStarted)
                return base.Domain;
            var (low, high) = (Ends(0), Ends(1));
            var axes = new Axis[Features];
            for (var j = 0; j < axes.Length; j++)
                axes[j] = Axis.Interval(low[j], high[j]);
            return Domain.Of(axes);
        }
    }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var box = new Box<T>(reader.Size("features"), reader.Text("name"), reader.Number("margin"));
        if (!reader.Has("low"))
            return box;
        box.Set(reader.Numbers("low"), reader.Numbers("high"));
        box.IsStarted = true;
        return box;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no whole row, a number is not finite, or a feature is constant.</exception>
    /// <exception cref="NotSupportedException">It is passed backwards.</exception>
    public void Start(ReadOnlySpan<T> rows, bool inverse = false)
    {
        if (inverse)
            throw new NotSupportedException("Expected a box that is passed forwards; it is inverted.");
        var (low, high) = DataMoments.Range(rows, Features);
        for (var j = 0; j < Features; j++)
        {
            if (low[j] == high[j])
                throw new ArgumentException($"Expected features that vary; feature {j} is {low[j]} in all rows.", nameof(rows));
            var margin = Margin * (high[j] - low[j]);
            (low[j], high[j]) = (low[j] - margin, high[j] + margin);
        }

        Set(low, high);
        IsStarted = true;
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("name", Name);
        writer.Write("features", Features);
        writer.Write("margin", Margin);
        if (!IsStarted)
            return;

        // The ends are tensors as well; a description alone says where the part lives.
        writer.Write("low", Ends(0));
        writer.Write("high", Ends(1));
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        var (low, high) = Use(tape);
        var half = T.CreateTruncating(0.5);
        var outside = x.LessOrEqual(low) + high.LessOrEqual(x);
        var inside = outside.Where(low + ((high - low) * half), x);
        var (up, down) = ((inside - low).Log(), (high - inside).Log());
        logDet = OpenAxis.Mark(outside, (high - low).Log() - T.CreateTruncating(Math.Log(2)) - up - down).SumColumns();
        return (up - down) * half;
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        var (low, high) = Use(tape);
        var width = high - low;
        var twice = z.Abs() * T.CreateTruncating(-2);
        logDet = (width.Log() + T.CreateTruncating(Math.Log(2)) + twice - (twice.Softplus() * T.CreateTruncating(2))).SumColumns();
        var fromEnd = width * twice.Sigmoid();
        var x = z.Less(tape.Constant(T.Zero)).Where(low + fromEnd, high - fromEnd);
        var (least, greatest) = (Neighbour(tape, low, T.One), Neighbour(tape, high, -T.One));
        return x.Less(least).Where(least, greatest.Less(x).Where(greatest, x));
    }

    private static Parameter<T>[] CreateParameters(int features, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        var (low, high) = (LinearParameters.Vector<T>($"{name}.low", features, -1), LinearParameters.Vector<T>($"{name}.high", features, 1));
        low.Trainable = false;
        high.Trainable = false;
        return [low, high];
    }

    // The next number above or below an end, or the one after it: the end and three quarters to three halves of the spacing there.
    private static Variable<T> Neighbour(Tape<T> tape, Variable<T> end, T side)
    {
        var step = T.CreateTruncating(0.75) * (T.BitIncrement(T.One) - T.One);
        var smallest = NumberLimits<T>.SmallestNormal;
        return end + ((end.Abs() * step).Max(tape.Constant(smallest)) * side);
    }

    private (Variable<T> Low, Variable<T> High) Use(Tape<T> tape)
    {
        ArgumentNullException.ThrowIfNull(tape);
        return IsStarted
            ? (tape.Use(Parameters[0]), tape.Use(Parameters[1]))
            : throw new InvalidOperationException($"Expected a box with ends; {Name} has none yet. Give them, or start it from data first.");
    }

    private double[] Ends(int index)
    {
        var values = new T[Features];
        Parameters[index].Read(values);
        return Array.ConvertAll(values, value => double.CreateTruncating(value));
    }

    private void Set(ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        if (low.Length != Features || high.Length != Features)
            throw new ArgumentException($"Expected {Features} lower and upper ends, got {low.Length} and {high.Length}.", nameof(low));
        var (lower, upper) = (new T[Features], new T[Features]);
        for (var j = 0; j < Features; j++)
        {
            (lower[j], upper[j]) = (T.CreateTruncating(low[j]), T.CreateTruncating(high[j]));

            // Of a box without a number inside nothing could be drawn, and the width must be a number, too.
            if (!T.IsFinite(upper[j] - lower[j]) || !(T.BitIncrement(T.BitIncrement(lower[j])) < upper[j]))
                throw new ArgumentException($"Expected finite ends, the lower below the upper, got ({low[j]}, {high[j]}) for feature {j}.", nameof(low));
        }

        Parameters[0].Write(lower);
        Parameters[1].Write(upper);
    }
}
