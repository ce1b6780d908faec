using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Parts;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>
/// f(v) = v + Q R tanh(R̃ Qᵀv + b): M planar flows at once, along the orthonormal columns of Q, with upper triangular R and R̃; log|det J| = Σ_i ln(1 + r_ii r̃_ii tanh'(α_i)).
/// </summary>
/// <remarks>
/// <para>
/// Van den Berg, Hasenclever, Tomczak and Welling 2018, "Sylvester normalizing flows for variational inference", theorem 1 and section 4. The diagonals are tanh of free
/// numbers, so r_ii r̃_ii &gt; −1 and f is a bijection; Q is the first M columns of a product of reflections. The paper maps noise to data: there it stands
/// inverted (<see cref="Inverted{T}"/>).
/// </para>
/// <para>
/// f costs 2D² + 2M² a row. f⁻¹ solves one equation for each of the M directions, from the last to the first (back substitution). Take it where a planar flow
/// needs too many layers.
/// </para>
/// </remarks>
/// <typeparam name="T">The number type.</typeparam>
public sealed class Sylvester<T> : Transform<T>, IPartKind<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HouseholderProductOperation<T> _product;
    private readonly PackedMatrix<T> _upper;

    /// <summary>Creates the transform; R starts with zeros on its diagonal, so it is the identity or close to it.</summary>
    /// <param name="features">D, at least 1.</param>
    /// <param name="directions">M, 1 to D; 0 for the smaller of D and 8.</param>
    /// <param name="name">
    /// The prefix of the names: <c>.q_vectors</c> [K, D]; <c>.r_diagonal</c> and <c>.rt_diagonal</c> [M], free; <c>.r_entries</c> and <c>.rt_entries</c>, what is above
    /// the diagonals, column by column (none for one direction); <c>.bias</c> [M].
    /// </param>
    /// <param name="initialization">Where fresh numbers above the diagonals come from, normal with deviation 0.01; null for zeros.</param>
    /// <param name="reflections">K, at least 1; 0 for M, one more where M is odd, so that Q starts as the identity.</param>
    /// <exception cref="ArgumentException">A size is out of range or the name is empty.</exception>
    public Sylvester(int features, int directions, string name, RandomStream? initialization = null, int reflections = 0)
        : base(features, 0, CreateParameters(features, DirectionsOf(features, directions), name, initialization, reflections))
    {
        Name = name;
        Directions = DirectionsOf(features, directions);
        _product = new HouseholderProductOperation<T>(Parameters[0].Name);
        var size = Directions;
        _upper = new PackedMatrix<T>(
            size, (i, j) => i < j ? PackedMatrix<T>.First + size + PackedMatrix<T>.Below(j, i) : i == j ? PackedMatrix<T>.First + i : PackedMatrix<T>.Zero);
    }

    /// <inheritdoc/>
    public static string Kind => "sylvester";

    /// <summary>The prefix of the parameters' names.</summary>
    public string Name { get; }

    /// <summary>M.</summary>
    public int Directions { get; }

    /// <inheritdoc/>
    public static Part<T> Read(PartReader<T> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new Sylvester<T>(reader.Size("features"), reader.Size("directions"), reader.Text("name"), reflections: reader.Size("reflections"));
    }

    /// <inheritdoc/>
    protected internal override void Write(PartWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("features", Features);
        writer.Write("directions", Directions);
        writer.Write("reflections", Parameters[0].Rows);
        writer.Write("name", Name);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> ForwardCore(Tape<T> tape, Variable<T> x, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var frame = _product.Apply(tape.Use(Parameters[0]));
        var (first, second) = Diagonals(tape);
        var along = Along(x, frame);
        var alpha = along.Linear(_upper.Weight(second, Entries(tape, 4)), tape.Use(Parameters[3]));
        var tanh = alpha.Tanh();
        logDet = TanhPlusLine<T>.LogSlope(alpha, tanh, (first * second) + T.One).SumColumns();
        return x + Lift(tape, tanh.Linear(_upper.Weight(first, Entries(tape, 5))), frame);
    }

    /// <inheritdoc/>
    protected internal override Variable<T> InverseCore(Tape<T> tape, Variable<T> z, Variable<T> conditions, out Variable<T> logDet)
    {
        ArgumentNullException.ThrowIfNull(tape);
        var frame = _product.Apply(tape.Use(Parameters[0]));
        var (first, second) = Diagonals(tape);
        var bias = tape.Use(Parameters[3]);
        var along = Along(z, frame);

        // What is left of Qᵀz − R h and of R̃ Qᵀv + b once the later directions are known; their columns of R and R̃ are taken off.
        var (rest, inner) = (along, bias);
        var solved = default(Variable<T>);
        logDet = default;
        for (var i = Directions - 1; i >= 0; i--)
        {
            var (r, rt) = (first.Slice(i, 1), second.Slice(i, 1));
            var right = rest.Slice(i, 1);
            var alpha = MonotoneSolver<T>.Solve(new TanhPlusLine<T>((r * rt) + T.One), (right * rt) + inner.Slice(i, 1), out var logSlope);
            var tanh = alpha.Tanh();
            var coordinate = right - (tanh * r);
            solved = solved.IsNone ? coordinate : VariableFunctions.Concatenate(coordinate, solved);
            logDet = LogDets.Add(tape, logDet, logSlope);
            if (i == 0)
                break;
            var start = PackedMatrix<T>.TriangleLength(i);
            rest = rest.Slice(0, i) - (tanh * Entries(tape, 5).Slice(start, i));
            inner = inner.Slice(0, i) + (coordinate * Entries(tape, 4).Slice(start, i));
        }

        return z + Lift(tape, solved - along, frame);
    }

    private static int DirectionsOf(int features, int directions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfNegative(directions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(directions, features);
        return directions == 0 ? Math.Min(features, 8) : directions;
    }

    private static Parameter<T>[] CreateParameters(int features, int directions, string name, RandomStream? initialization, int reflections)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegative(reflections);
        Parameter<T>[] entries =
            directions == 1 ? [] : [.. LinearParameters.Triangle<T>($"{name}.rt_entries", directions), .. LinearParameters.Triangle<T>($"{name}.r_entries", directions)];
        for (var i = 0; i < entries.Length; i++)
        {
            if (initialization is { } stream)
                FreshParameters.FillNormal(entries[i], stream.Substream((ulong)i), 0.01);
        }

        return
        [
            LinearParameters.Reflections<T>($"{name}.q_vectors", reflections == 0 ? (directions + 1) / 2 * 2 : reflections, features),
            LinearParameters.Vector<T>($"{name}.r_diagonal", directions),
            LinearParameters.Vector<T>($"{name}.rt_diagonal", directions, 1),
            LinearParameters.Vector<T>($"{name}.bias", directions),
            .. entries,
        ];
    }

    private (Variable<T> First, Variable<T> Second) Diagonals(Tape<T> tape) => (tape.Use(Parameters[1]).Tanh(), tape.Use(Parameters[2]).Tanh());

    private Variable<T> Entries(Tape<T> tape, int index) => Directions == 1 ? default : tape.Use(Parameters[index]);

    // Qᵀv: the first coordinates in the frame of the reflections.
    private Variable<T> Along(Variable<T> v, Variable<T> frame) => TransposedLinearOperation<T>.Instance.Apply(v, frame).Slice(0, Directions);

    // Q t: the coordinates along the other columns of the frame are 0.
    private Variable<T> Lift(Tape<T> tape, Variable<T> coordinates, Variable<T> frame) => LinearOperation<T>.Product.Apply(
        Directions == Features ? coordinates : VariableFunctions.Concatenate(coordinates, tape.Zeros(Features - Directions)), frame, default);
}
