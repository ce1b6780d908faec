using System.Runtime.InteropServices;

namespace FlowCore.Autodiff;

/// <content>Forward tangents: Jacobian times vector, as variables that a backward sweep differentiates again.</content>
/// <remarks>
/// Forward mode (Griewank and Walther 2008, section 3.1): the record is walked from x to y, and each operation gives the
/// tangents of its outputs, ẏ = J ẋ, composed of further operations. These are recorded like any other, so a later
/// backward sweep gives the gradient of J·v by x, v and parameters ("reverse over forward"), and pushing forward once more
/// gives second derivatives. A tangent is kept for the root of a variable; that of a slice is its slice.
/// </remarks>
public sealed partial class Tape<T>
{
    // Indexed by variable: what the walk in progress has reached, and what y depends on.
    private readonly List<Tangent> _tangents = new(256);
    private readonly List<bool> _wanted = new(256);
    private readonly List<(int Root, int Start, int End)> _seeds = [];
    private readonly List<GatherColumnsOperation<T>> _transpositions = [];
    private int _composedStart = -1;

    /// <summary>J·v with J the Jacobian of y by x: how y changes as x moves along v.</summary>
    /// <remarks>
    /// The tangent is an ordinary variable: a backward sweep through it gives the gradient of J·v by x, by v and by parameters.
    /// It costs about one evaluation more of what lies between x and y. The tape must record from x on; it remembers also
    /// what needs no adjoint, so x may be any variable: an input, a parameter, an intermediate result, a slice. What
    /// has been computed of x in other ways than by operations on this tape does not count.
    /// </remarks>
    /// <param name="y">What to differentiate.</param>
    /// <param name="x">By what.</param>
    /// <param name="v">The direction, of the shape of x; for a block also a shared row, the same for all events.</param>
    /// <returns>The tangent, of the shape of y; zeros where y does not depend on x.</returns>
    /// <exception cref="ArgumentException">A variable is missing or of another tape, or the shapes of x and v disagree.</exception>
    /// <exception cref="InvalidOperationException">The tape is not recording, or a rule for tangents is running.</exception>
    /// <exception cref="NotSupportedException">An operation between x and y has no rule for tangents.</exception>
    public Variable<T> PushForward(Variable<T> y, Variable<T> x, Variable<T> v) => PushForward(y, [x], [v]);

    /// <summary>Σ_i J_i·v_i with J_i the Jacobian of y by x_i: how y changes as all x_i move at once.</summary>
    /// <remarks>The x_i count as independent: if one depends on another, its tangent is the given one all the same.</remarks>
    /// <param name="y">What to differentiate.</param>
    /// <param name="x">By what: variables that share no columns.</param>
    /// <param name="v">The direction of each, as in <see cref="PushForward(Variable{T}, Variable{T}, Variable{T})"/>.</param>
    /// <returns>The tangent, of the shape of y.</returns>
    /// <exception cref="ArgumentException">As there, or there are not as many directions as variables, or two variables share columns.</exception>
    /// <exception cref="InvalidOperationException">As there.</exception>
    /// <exception cref="NotSupportedException">As there.</exception>
    public Variable<T> PushForward(Variable<T> y, ReadOnlySpan<Variable<T>> x, ReadOnlySpan<Variable<T>> v)
    {
        if (x.Length != v.Length || x.IsEmpty)
            throw new ArgumentException($"Expected a direction for each of at least one variable, got {v.Length} directions for {x.Length} variables.", nameof(v));
        return Push(y, x, v, MarkWanted(y));
    }

    /// <summary>The Jacobian of y by x for every event, by one tangent for each column of x.</summary>
    /// <remarks>An event's y is to depend on its own x only: a sum over the rows in between is not taken apart.</remarks>
    /// <param name="y">A block [rows, M].</param>
    /// <param name="x">A block [rows, D], or a shared row [1, D].</param>
    /// <returns>[rows, M·D], differentiable: ∂y_i/∂x_j in column i·D + j.</returns>
    /// <exception cref="ArgumentException">A variable is missing, of another tape, or of another kind.</exception>
    /// <exception cref="InvalidOperationException">As in <see cref="PushForward(Variable{T}, Variable{T}, Variable{T})"/>.</exception>
    /// <exception cref="NotSupportedException">As there.</exception>
    public Variable<T> Jacobian(Variable<T> y, Variable<T> x)
    {
        CheckEvents(y, nameof(y));
        var argument = ValueOf(x);
        if (!argument.IsBlock && argument.Rows != 1)
            throw new ArgumentException($"Expected a block or one shared row, got {OperandChecks.Shape(x)}.", nameof(x));
        var (outputs, inputs) = (y.Columns, argument.Columns);
        var end = MarkWanted(y);
        var byInput = Allocate(checked(outputs * inputs));
        for (var j = 0; j < inputs; j++)
            CopyInto(Push(y, [x], [Unit(x, j)], end), Slice(byInput, j * outputs, outputs));
        return outputs == 1 || inputs == 1 ? byInput : Transposition(outputs, inputs).Apply(byInput);
    }

    /// <summary>tr ∂y/∂x for every event, exactly, by one tangent for each column of x: the divergence of a vector field.</summary>
    /// <remarks>An event's y is to depend on its own x only, as in <see cref="Jacobian"/>.</remarks>
    /// <param name="y">A block [rows, D].</param>
    /// <param name="x">A block [rows, D].</param>
    /// <returns>[rows, 1], differentiable.</returns>
    /// <exception cref="ArgumentException">A variable is missing or of another tape, or the shapes disagree.</exception>
    /// <exception cref="InvalidOperationException">As in <see cref="PushForward(Variable{T}, Variable{T}, Variable{T})"/>.</exception>
    /// <exception cref="NotSupportedException">As there.</exception>
    public Variable<T> JacobianTrace(Variable<T> y, Variable<T> x)
    {
        CheckSquare(y, x);
        var end = MarkWanted(y);
        var columns = y.Columns;
        var diagonal = Allocate(columns);
        for (var j = 0; j < columns; j++)
            CopyInto(Slice(Push(y, [x], [Unit(x, j)], end), j, 1), Slice(diagonal, j, 1));
        return columns == 1 ? diagonal : SumColumnsOperation<T>.Instance.Apply(diagonal);
    }

    /// <summary>εᵀ (∂y/∂x) ε for every event: Hutchinson's estimate of the trace, by one tangent for any number of columns.</summary>
    /// <remarks>
    /// Hutchinson 1990; Grathwohl et al. 2019, "FFJORD", equation 8. Its mean over ε is the trace where the components of ε are
    /// uncorrelated with mean 0 and variance 1: random signs (of the least variance) or normal numbers.
    /// </remarks>
    /// <param name="y">A block [rows, D].</param>
    /// <param name="x">A block [rows, D].</param>
    /// <param name="epsilon">ε: a block [rows, D], or a shared row.</param>
    /// <returns>[rows, 1], differentiable.</returns>
    /// <exception cref="ArgumentException">A variable is missing or of another tape, or the shapes disagree.</exception>
    /// <exception cref="InvalidOperationException">As in <see cref="PushForward(Variable{T}, Variable{T}, Variable{T})"/>.</exception>
    /// <exception cref="NotSupportedException">As there.</exception>
    public Variable<T> HutchinsonTrace(Variable<T> y, Variable<T> x, Variable<T> epsilon)
    {
        CheckSquare(y, x);
        return (epsilon * PushForward(y, x, epsilon)).SumColumns();
    }

    /// <summary>The variable at a place of the list of operands; "no variable" where one was left out.</summary>
    internal Variable<T> VariableAt(int place) => _ids[place] < 0 ? default : Handle(_ids[place]);

    /// <summary>The tangent of the variable at a place of the list of operands.</summary>
    internal Variable<T> TangentAt(int place) => _ids[place] < 0 ? default : TangentOf(_ids[place]);

    /// <summary>Whether y depends on the variable at a place of the list of operands.</summary>
    internal bool WantsTangentAt(int place) => Wants(_ids[place]);

    /// <summary>A constant of the shape of a variable.</summary>
    internal Variable<T> ZerosLike(Variable<T> variable)
    {
        var zeros = OperandChecks.AllocateLike(variable, variable.Columns);
        Kernels.Fill(Value(zeros.Id), T.Zero);
        return zeros;
    }

    /// <summary>A variable as a block: itself, or a shared row repeated for every row.</summary>
    internal Variable<T> AsBlock(Variable<T> variable) => variable.IsBlock ? variable : Apply(ConcatenateOperation<T>.Instance, [variable], variable.Columns);

    /// <summary>Copies a variable into columns that were allocated before; a shared row is repeated for all events.</summary>
    internal void CopyInto(Variable<T> source, Variable<T> destination) => ApplyInto(ConcatenateOperation<T>.Instance, [source], [destination]);

    /// <summary>Gives a variable its tangent, but for columns whose tangent was given from outside.</summary>
    internal void SetTangent(Variable<T> variable, Variable<T> tangent)
    {
        tangent = Repeat(tangent, variable);
        var (root, start) = Place(variable.Id);
        var columns = variable.Columns;
        var isSeeded = false;
        foreach (var seed in _seeds)
            isSeeded |= seed.Root == root && seed.Start < start + columns && start < seed.End;
        if (!isSeeded)
        {
            Store(variable, tangent);
            return;
        }

        for (var column = 0; column < columns; column++)
        {
            if (!IsSeeded(root, start + column))
                Store(Slice(variable, column, 1), Slice(tangent, column, 1));
        }
    }

    /// <summary>Pushes tangents through what the running rule has recorded so far.</summary>
    internal Variable<T> TangentOfComposed(Variable<T> composed)
    {
        Check(composed);
        var start = _composedStart;
        var end = _nodes.Count;
        PushNodes(start, end);
        _composedStart = _nodes.Count;
        return TangentOf(composed.Id);
    }

    private Variable<T> Push(Variable<T> y, ReadOnlySpan<Variable<T>> x, ReadOnlySpan<Variable<T>> v, int end)
    {
        _tangents.Clear();
        _seeds.Clear();
        for (var i = 0; i < x.Length; i++)
            Seed(x[i], v[i]);
        _composedStart = end;
        try
        {
            PushNodes(0, end);
        }
        finally
        {
            _composedStart = -1;
        }

        var tangent = TangentOf(y.Id);
        return tangent.IsNone ? ZerosLike(y) : tangent;
    }

    // The operations on the way to y, of those recorded so far, whose number is returned.
    private int MarkWanted(Variable<T> y)
    {
        Check(y);
        if (!IsRecording)
            throw new InvalidOperationException("The block was begun without recording; there is nothing to push tangents through.");
        if (_composedStart >= 0)
            throw new InvalidOperationException("A rule for tangents is running; it takes the tangents of its call.");
        _wanted.Clear();
        CollectionsMarshal.SetCount(_wanted, _slots.Count);
        var wanted = CollectionsMarshal.AsSpan(_wanted);
        wanted.Clear();
        wanted[RootOf(y.Id)] = true;
        for (var i = _nodes.Count - 1; i >= 0; i--)
        {
            var node = _nodes[i];
            if (!IsWanted(node))
                continue;
            for (var k = 0; k < node.Inputs; k++)
            {
                if (_ids[node.First + k] >= 0)
                    wanted[RootOf(_ids[node.First + k])] = true;
            }
        }

        return _nodes.Count;
    }

    private void PushNodes(int start, int end)
    {
        for (var i = start; i < end; i++)
        {
            var node = _nodes[i];
            if (!HasTangent(node) || !IsWanted(node))
                continue;
            var kept = _composedStart;
            _composedStart = _nodes.Count;
            node.Operation.Tangent(new TangentCall<T>(this, node.First, node.Inputs, node.Outputs));
            _composedStart = kept;
        }
    }

    private bool HasTangent(in Node node)
    {
        for (var i = node.First; i < node.First + node.Inputs; i++)
        {
            if (_ids[i] >= 0 && TangentOfRoot(RootOf(_ids[i])).Id >= 0)
                return true;
        }

        return false;
    }

    private bool IsWanted(in Node node)
    {
        for (var i = node.First + node.Inputs; i < node.First + node.Inputs + node.Outputs; i++)
        {
            if (Wants(_ids[i]))
                return true;
        }

        return false;
    }

    // What rules have added since the marking is theirs to want.
    private bool Wants(int id)
    {
        var root = RootOf(id);
        return root >= _wanted.Count || _wanted[root];
    }

    private void Seed(Variable<T> x, Variable<T> v)
    {
        var argument = ValueOf(x);
        var direction = ValueOf(v);
        var isRow = argument.IsBlock && !direction.IsBlock && direction.Rows == 1;
        if (direction.Columns != argument.Columns || (!isRow && (direction.IsBlock != argument.IsBlock || direction.Rows != argument.Rows)))
            throw new ArgumentException($"Expected the shape of x, {OperandChecks.Shape(x)}, got {OperandChecks.Shape(v)}.", nameof(v));
        var (root, start) = Place(x.Id);
        foreach (var seed in _seeds)
        {
            if (seed.Root == root && seed.Start < start + argument.Columns && start < seed.End)
                throw new ArgumentException("Expected variables without common columns; a column came twice.", nameof(x));
        }

        Store(x, Repeat(v, x));
        _seeds.Add((root, start, start + argument.Columns));
    }

    private bool IsSeeded(int root, int column)
    {
        foreach (var seed in _seeds)
        {
            if (seed.Root == root && seed.Start <= column && column < seed.End)
                return true;
        }

        return false;
    }

    // The tangent of a root that is written slice by slice is assembled in memory of its own, zero where nothing arrives.
    private void Store(Variable<T> variable, Variable<T> tangent)
    {
        var (root, start) = Place(variable.Id);
        if (root == variable.Id)
        {
            SetRoot(root, new Tangent(true, tangent.Id));
            return;
        }

        var whole = TangentOfRoot(root);
        if (whole.Id < 0)
        {
            whole = new Tangent(true, ZerosLike(Handle(root)).Id);
            SetRoot(root, whole);
        }

        CopyInto(tangent, Slice(Handle(whole.Id), start, variable.Columns));
    }

    private void SetRoot(int root, Tangent tangent)
    {
        var known = _tangents.Count;
        if (root >= known)
        {
            CollectionsMarshal.SetCount(_tangents, root + 1);
            CollectionsMarshal.AsSpan(_tangents)[known..].Clear();
        }

        _tangents[root] = tangent;
    }

    private Variable<T> TangentOf(int id)
    {
        var (root, start) = Place(id);
        var whole = TangentOfRoot(root);
        if (whole.Id < 0)
            return default;
        return root == id ? Handle(whole.Id) : Slice(Handle(whole.Id), start, At(id).Value.Columns);
    }

    private Tangent TangentOfRoot(int root) => root < _tangents.Count && _tangents[root].IsSet ? _tangents[root] : new Tangent(false, -1);

    private (int Root, int Start) Place(int id)
    {
        ref var slot = ref At(id);
        return slot.Root < 0 ? (id, 0) : (slot.Root, slot.RootStart);
    }

    internal Variable<T> Handle(int id) => new(this, id, _generation);

    // A tangent of fewer rows or columns than its variable is the same for all of them.
    private Variable<T> Repeat(Variable<T> tangent, Variable<T> variable)
    {
        var (from, to) = (ValueOf(tangent), ValueOf(variable));
        if (from.Rows == to.Rows && from.Columns == to.Columns && from.IsBlock == to.IsBlock)
            return tangent;
        var rowsAgree = from.IsBlock ? to.IsBlock : from.Rows == 1 || (!to.IsBlock && from.Rows == to.Rows);
        if (!rowsAgree || (from.Columns != to.Columns && from.Columns != 1))
            throw new ArgumentException($"Expected a tangent of the shape of its variable, {OperandChecks.Shape(variable)}, got {OperandChecks.Shape(tangent)}.", nameof(tangent));
        return tangent + ZerosLike(variable);
    }

    /// <summary>A block with ones in one column and zeros in the others: a direction.</summary>
    internal Variable<T> Unit(int columns, int column) => WithOne(Zeros(columns), column);

    private Variable<T> Unit(Variable<T> x, int column) => WithOne(ZerosLike(x), column);

    private Variable<T> WithOne(Variable<T> zeros, int column)
    {
        Kernels.Fill(Value(zeros.Id).Slice(column, 1), T.One);
        return zeros;
    }

    // From the columns of a matrix one after the other to its rows one after the other.
    private GatherColumnsOperation<T> Transposition(int rows, int columns)
    {
        foreach (var known in _transpositions)
        {
            if (known.Indices.Length == rows * columns && known.Indices[1] == rows)
                return known;
        }

        var indices = new int[rows * columns];
        for (var i = 0; i < indices.Length; i++)
            indices[i] = (i % columns * rows) + (i / columns);
        var made = new GatherColumnsOperation<T>(indices);
        _transpositions.Add(made);
        return made;
    }

    private void CheckEvents(Variable<T> variable, string name)
    {
        if (!ValueOf(variable).IsBlock)
            throw new ArgumentException($"Expected a block, got {OperandChecks.Shape(variable)}.", name);
    }

    private void CheckSquare(Variable<T> y, Variable<T> x)
    {
        CheckEvents(y, nameof(y));
        CheckEvents(x, nameof(x));
        if (x.Columns != y.Columns)
            throw new ArgumentException($"Expected as many columns as y has, {y.Columns}, got {OperandChecks.Shape(x)}.", nameof(x));
    }

    private readonly record struct Tangent(bool IsSet, int Id);
}
