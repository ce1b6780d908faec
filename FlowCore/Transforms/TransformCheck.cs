using FlowCore.Autodiff;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>Checks the laws that every transform obeys, for a transform of your own as for the library's.</summary>
/// <remarks>
/// <para>
/// Both directions are bijections that undo each other, their log-determinants cancel and are those of the Jacobians that the
/// tape computes; adjoints, by input, conditions and parameters, are those of central differences, tangents those of adjoints; a
/// row's bits depend neither on its neighbours nor on the cut into blocks; a row outside the domain has ℓ = −∞; single precision
/// follows double; and what the transform writes about itself builds the same one again.
/// </para>
/// <para>
/// <c>new TransformCheck(transform).Run().ThrowIfFailed()</c> in a test is all. Parameters may be in a store or in none; they are moved
/// during the check (<see cref="TransformCheckOptions.ParameterReach"/>) and put back, so nothing else may use them meanwhile. Where
/// data and noise have different columns or live on spheres or simplices, laws of square Jacobians are left out.
/// </para>
/// </remarks>
public sealed class TransformCheck
{
    private readonly Transform<double> _transform;
    private readonly TransformCheckOptions _options;
    private readonly int _rows;

    /// <summary>Prepares a check.</summary>
    /// <param name="transform">The transform. Its kind must be in a list given to <see cref="Parts.PartRegistry"/>, or the laws of copies fail.</param>
    /// <param name="options">Numbers and tolerances; null for the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range, or given rows do not fit.</exception>
    public TransformCheck(Transform<double> transform, TransformCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transform);
        _transform = transform;
        _options = options ?? new TransformCheckOptions();
        _options.Check();
        _rows = _options.Inputs.IsEmpty ? _options.Rows : _options.Inputs.Length / transform.Features;
        if (!_options.Inputs.IsEmpty && (_rows < 3 || _options.Inputs.Length != _rows * transform.Features))
            throw new ArgumentException($"Expected 3 or more rows of {transform.Features} inputs, got {_options.Inputs.Length} numbers.", nameof(options));
        if (!_options.Conditions.IsEmpty && _options.Conditions.Length != _rows * transform.ConditionColumns)
            throw new ArgumentException($"Expected {_rows} rows of {transform.ConditionColumns} conditions, got {_options.Conditions.Length} numbers.", nameof(options));
    }

    /// <summary>Checks all laws.</summary>
    /// <returns>How well each holds.</returns>
    /// <exception cref="ArgumentException">Two parameters have one name, or some belong to a model and some do not.</exception>
    public LawReport Run()
    {
        using var parameters = new BorrowedParameters(_transform, _options.ParameterReach, _options.Seed);
        using var evaluation = new TransformEvaluation<double>(_transform, parameters.Device, _rows);
        var rows = Draw();
        var laws = new List<LawResult>();
        var forward = new DirectionOfTransform(evaluation, inverse: false, rows.X, rows.Conditions, _rows);
        var inverse = new DirectionOfTransform(evaluation, inverse: true, rows.Z, rows.Conditions, _rows);
        laws.Add(forward.Returns(evaluation, _options.Tolerance));
        laws.Add(inverse.Returns(evaluation, _options.Tolerance));
        laws.Add(forward.Cancels(evaluation, _options.Tolerance));
        laws.Add(inverse.Cancels(evaluation, _options.Tolerance));
        foreach (var direction in (DirectionOfTransform[])[forward, inverse])
        {
            if (_transform.Domain.Axes is not null && _transform.Codomain.Axes is not null && _transform.Features == _transform.NoiseFeatures)
                laws.Add(direction.HasDeterminant(_options.JacobianTolerance));
            laws.Add(direction.HasTangents(evaluation, _options.Tolerance));
            laws.Add(Gradients(direction, parameters));
            laws.Add(RowIndependence.Check(evaluation, $"{direction.Name}: a row's bits are its own", direction.IsInverse, direction.X, direction.Conditions, _rows));
            laws.AddRange(Single(direction));
        }

        if (Outside(evaluation, forward) is { } outside)
            laws.Add(outside);
        laws.Add(Description(parameters.Device, forward, inverse));
        return new LawReport(Subject(), laws);
    }

    private string Subject() =>
        $"{_transform.GetType().Name.Split('`')[0]} of {_transform.Features} features and {_transform.ConditionColumns} condition columns, {_rows} rows, seed {_options.Seed}";

    private (double[] X, double[] Z, double[] Conditions) Draw()
    {
        var stream = new RandomStream(_options.Seed);
        var (x, z) = (new double[_rows * _transform.Features], new double[_rows * _transform.NoiseFeatures]);
        if (_options.Inputs.IsEmpty)
            _transform.Domain.Draw(stream.Substream(1), _options.Reach, x);
        else
            _options.Inputs.Span.CopyTo(x);
        _transform.Codomain.Draw(stream.Substream(2), _options.Reach, z);
        var conditions = _options.Conditions.ToArray();
        if (conditions.Length == 0 && _transform.ConditionColumns > 0)
        {
            conditions = new double[_rows * _transform.ConditionColumns];
            stream.Substream(3).FillNormal<double>(conditions);
        }

        return (x, z, conditions);
    }

    private LawResult Gradients(DirectionOfTransform direction, BorrowedParameters parameters)
    {
        var rows = Math.Min(_options.GradientRows, _rows);
        var check = new GradientCheck(rows, parameters.Device).AmongKinks(_options.GradientTolerance);
        check.Block(direction.X.AsSpan(0, rows * direction.Inputs), direction.Inputs);
        var columns = _transform.ConditionColumns;
        if (columns > 0)
            check.Block(direction.Conditions.AsSpan(0, rows * columns), columns);
        if (parameters.Store is { } store)
            check.Parameters(store);
        var deviation = check.Run((tape, leaves) =>
        {
            var conditions = columns > 0 ? leaves[1] : default;
            var y = direction.IsInverse ? _transform.Inverse(leaves[0], conditions, out var logDet) : _transform.Forward(leaves[0], conditions, out logDet);
            return VariableFunctions.Concatenate(y, logDet);
        });
        return new LawResult($"{direction.Name}: adjoints are those of central differences", deviation.Relative, _options.GradientTolerance, deviation.ToString());
    }

    // Against double at the numbers that single precision has, so that only arithmetic differs.
    private LawResult[] Single(DirectionOfTransform direction)
    {
        var law = $"{direction.Name}: single precision follows double";
        try
        {
            var single = _transform.ConvertTo<float>();
            var twin = single.ConvertTo<double>();
            using var singleStore = new ParameterStore<float>(Device.Cpu, single.Parameters);
            using var twinStore = new ParameterStore<double>(Device.Cpu, twin.Parameters);
            using var singles = new TransformEvaluation<float>(single, Device.Cpu, _rows);
            using var doubles = new TransformEvaluation<double>(twin, Device.Cpu, _rows);
            var x = Array.ConvertAll(direction.X, value => (float)value);
            var conditions = Array.ConvertAll(direction.Conditions, value => (float)value);
            var wideConditions = Array.ConvertAll(conditions, value => (double)value);
            var there = singles.Apply(direction.IsInverse, x, conditions);
            var back = singles.Apply(!direction.IsInverse, there.Values, conditions);
            var twinThere = new DirectionOfTransform(doubles, direction.IsInverse, Array.ConvertAll(x, value => (double)value), wideConditions, _rows);
            var twinBack = new DirectionOfTransform(doubles, !direction.IsInverse, twinThere.Y, wideConditions, _rows);
            return
            [
                twinThere.IsFollowedBy(there.Values, there.LogDet, law, _options.SingleTolerance),
                twinBack.IsFollowedBy(back.Values, back.LogDet, $"{direction.Name} and back: single precision follows double", _options.SingleTolerance),
                RowIndependence.Check(singles, $"{direction.Name}: a row's bits are its own in single precision", direction.IsInverse, x, conditions, _rows),
            ];
        }
        catch (NotSupportedException exception)
        {
            return [new LawResult(law, double.PositiveInfinity, _options.SingleTolerance, exception.Message)];
        }
    }

    private LawResult? Outside(TransformEvaluation<double> evaluation, DirectionOfTransform forward)
    {
        const int Row = 1;
        var x = forward.X.ToArray();
        if (!_transform.Domain.MoveOutside(x.AsSpan(Row * forward.Inputs, forward.Inputs)))
            return null;
        var (values, logDet) = evaluation.Apply(inverse: false, x, forward.Conditions);
        const string Law = "a row outside the domain has ℓ = −∞ and leaves its neighbours alone";
        if (!double.IsNegativeInfinity(logDet[Row]))
            return new LawResult(Law, double.PositiveInfinity, 0, FormattableString.Invariant($"row {Row}: ℓ is {logDet[Row]:R}"));
        logDet[Row] = forward.LogDet[Row];
        forward.Y.AsSpan(Row * forward.Outputs, forward.Outputs).CopyTo(values.AsSpan(Row * forward.Outputs));
        return WorstDeviation.Bits(Law, [("z", forward.Y, values), ("ℓ", forward.LogDet, logDet)]);
    }

    private LawResult Description(Device device, DirectionOfTransform forward, DirectionOfTransform inverse)
    {
        const string Law = "a copy made of its description has the same bits";
        try
        {
            var copy = _transform.ConvertTo<double>();
            var differs = copy.Parameters.Count != _transform.Parameters.Count
                || copy.Parameters.Zip(_transform.Parameters).Any(pair => pair.First.Name != pair.Second.Name || pair.First.Trainable != pair.Second.Trainable);
            if (differs)
                return new LawResult(Law, double.PositiveInfinity, 0, "the copy has other parameters");
            using var store = new ParameterStore<double>(device, copy.Parameters);
            using var evaluation = new TransformEvaluation<double>(copy, device, _rows);
            var z = evaluation.Apply(inverse: false, forward.X, forward.Conditions);
            var x = evaluation.Apply(inverse: true, inverse.X, inverse.Conditions);
            return WorstDeviation.Bits(Law, [("z", forward.Y, z.Values), ("ℓ", forward.LogDet, z.LogDet), ("x", inverse.Y, x.Values), ("ℓ⁻¹", inverse.LogDet, x.LogDet)]);
        }
        catch (Exception exception) when (exception is NotSupportedException or IO.ModelFormatException)
        {
            return new LawResult(Law, double.PositiveInfinity, 0, exception.Message);
        }
    }
}
