using System.Globalization;
using System.Numerics;
using FlowCore.Distributions;
using FlowCore.Factorizable;
using FlowCore.Files;
using FlowCore.Fitting;
using FlowCore.IO;
using FlowCore.Training;
using FlowCore.Transforms;

namespace FlowCore.Templates;

/// <summary>Trains a residual on templates, on a frozen base, where numbers are of order one: behind the base's chart, with standardised context and ν in units of its largest value.</summary>
/// <remarks>What was standardised is folded into the residual's numbers afterwards, so that the model reads the context as it is.</remarks>
internal sealed class ResponseTraining<T>(Flow<T> baseModel, IReadOnlyList<PreparedTemplate<T>> templates, ResponseTerms terms, ResponseFitOptions options, FitReport report)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Networks start at zero and their outputs are of order 0.1: quadratic and cross terms are as easy to move as linear ones, which is what small effects need.
    private const double Damping = 1;

    // On a hundred thousand rows 16, 32 and 64 units close alike; many rows show finer shapes.
    private const int ManyRows = 200_000;
    private const int VeryManyRows = 500_000;

    private static readonly int[] _hidden = [32, 32];
    private static readonly int[] _hiddenOfMany = [64, 64];
    private static readonly int[] _hiddenOfVeryMany = [128, 128, 128];

    // The response is a small and smooth deformation: the longest run of a density would learn noise.
    private static readonly FitSchedule _schedule = new() { Lengths = [4] };

    // Its quadratic and cross terms are smaller still. Where there are rows to see them, large batches keep their noise down, and decay, which pulls weak terms to zero, is left away.
    private static readonly FitSchedule _scheduleOfVeryMany = new() { LearningRate = 0.003, FirstSteps = 300, LargestBatch = 4096, WeightDecays = [0], Lengths = [12] };

    /// <summary>Trains.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="cancellationToken">Cancels between two steps.</param>
    /// <returns>The residual, of no model yet.</returns>
    public PolynomialResidual<T> Run(out TrainingResult result, CancellationToken cancellationToken)
    {
        var standardization = Standardization();
        var rows = templates.Sum(template => template.Rows);
        var settings = new PolynomialResidualSettings
        {
            Features = baseModel.Features,
            ContextFeatures = baseModel.ContextFeatures,
            Nuisances = terms.Names.Length,
            Layers = options.Layers ?? (baseModel.Features == 1 ? 1 : 2),
            HiddenSizes = options.HiddenSizes ?? (rows < ManyRows ? _hidden : rows < VeryManyRows ? _hiddenOfMany : _hiddenOfVeryMany),
            Activation = UnaryFunction.Silu,
            Scales = terms.Scales,
            CrossTerms = terms.Pairs,
            QuadraticDamping = terms.Order == 2 ? Damping : 0,
            CrossTermDamping = Damping,
            Seed = options.Seed,
        };
        using var core = Core(standardization);
        using var model = new FactorizableFlow<T>(core, new PolynomialResidual<T>(settings));
        report.Apply(string.Create(
            CultureInfo.InvariantCulture,
            $"Response: terms {string.Join(", ", terms.Terms)}; {settings.Layers} layer{(settings.Layers == 1 ? "" : "s")}, hidden layers of {string.Join(" and ", settings.HiddenSizes)}, {model.Parameters.Length} parameters."));
        var training = Data(template => template.Training, standardization);
        var validation = Data(template => template.Validation, standardization);
        var checkpoints = options.ResidualCheckpoints;
        var fingerprint = options.CheckpointPath is null ? "" : Fingerprint();
        if (!options.Resume)
        {
            // What another fit has left is not to be taken for a run of this one.
            foreach (var file in checkpoints.CheckpointFiles)
                File.Delete(file);
        }

        if (options.Training is { } chosen)
        {
            if (options.CheckpointPath is not null)
                chosen = chosen with { CheckpointPath = checkpoints.CheckpointFiles[0], Resume = options.Resume, Fingerprint = fingerprint };
            using var trainer = new Trainer<T>(model, training, chosen, validation);
            result = trainer.Run(options.Progress, cancellationToken);
        }
        else
        {
            result = new FitCycles<T>(model, training, validation, checkpoints, fingerprint, report) { Schedule = rows < VeryManyRows ? _schedule : _scheduleOfVeryMany }.Run(options.Progress, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var residual = model.Residual.ConvertTo<T>();
        if (standardization is not null)
            ResidualFolding.FoldContext(residual, standardization);
        foreach (var (nuisance, value) in terms.LinearOnly)
            ResidualFolding.FoldQuadratic(residual, nuisance, value);
        return residual;
    }

    // Of the rows behind the chart, of their ν and weights, and of the base's own numbers.
    private string Fingerprint()
    {
        List<TensorData> tensors = [];
        for (var t = 0; t < templates.Count; t++)
        {
            var template = templates[t];
            Add($"x{t}", template.Charted);
            Add($"context{t}", template.Context);
            Add($"weights{t}", template.Weights);
            double[] nu = [.. template.Template.Nuisances];
            tensors.Add(TensorData.Create<double>($"nu{t}", [nu.Length], nu));
        }

        for (var p = 0; p < baseModel.Parameters.Parameters.Count; p++)
        {
            var numbers = new T[baseModel.Parameters.Parameters[p].Length];
            baseModel.Parameters.Parameters[p].Read(numbers);
            Add($"base{p}", numbers);
        }

        return ContentHash.Compute(new TensorArchive([.. tensors]));

        void Add(string name, T[] numbers) => tensors.Add(TensorData.Create<T>(name, [numbers.Length], numbers));
    }

    // The base behind its chart, which is given (c − l)/s and takes c = (c' + l/s)/(1/s) of it.
    private Flow<T> Core(LocationScale? standardization)
    {
        var parts = FactorizableFlows.TakeChartOut(baseModel) is { } split ? split.Behind : [baseModel.Transform];
        Transform<T> behind = new Composition<T>(baseModel.Features, [.. parts.Select(part => part.ConvertTo<T>())]);
        if (standardization is not null && behind.ConditionColumns > 0)
        {
            var location = new double[behind.ConditionColumns];
            var scale = new double[behind.ConditionColumns];
            for (var c = 0; c < scale.Length; c++)
                (location[c], scale[c]) = (-standardization.Location[c] / standardization.Scale[c], 1 / standardization.Scale[c]);
            behind = new StandardizedConditions<T>(behind, new LocationScale(location, scale));
        }

        return new Flow<T>(baseModel.Base.ConvertTo<T>(), behind, baseModel.Device);
    }

    private LocationScale? Standardization()
    {
        var columns = baseModel.ContextFeatures;

        // A base distribution that reads the context would read it standardised.
        if (columns == 0 || baseModel.Base.ConditionColumns > 0)
            return null;
        return LocationScale.FromData<T>(Gather(template => template.Training, template => template.Context, columns), columns);
    }

    private ArrayData<T> Data(Func<PreparedTemplate<T>, int[]> part, LocationScale? standardization)
    {
        var (features, columns, nuisances) = (baseModel.Features, baseModel.ContextFeatures, terms.Names.Length);
        var x = Gather(part, template => template.Charted, features);
        var context = Gather(part, template => template.Context, columns);
        for (var i = 0; standardization is not null && i < context.Length; i++)
            context[i] = T.CreateTruncating((double.CreateTruncating(context[i]) - standardization.Location[i % columns]) / standardization.Scale[i % columns]);
        var count = x.Length / features;
        var nu = new T[count * nuisances];
        var weights = templates.All(template => template.Weights.Length == 0) ? [] : new T[count];
        var row = 0;
        foreach (var template in templates)
        {
            T[] point = [.. template.Template.Nuisances.Select(T.CreateTruncating)];

            // Σw/Σw² makes a template count as many events as it is worth.
            var scale = template.Template.EffectiveRows / template.Template.SumOfWeights;
            foreach (var i in part(template))
            {
                point.CopyTo(nu, row * nuisances);
                if (weights.Length > 0)
                    weights[row] = template.Weights.Length == 0 ? T.One : T.CreateTruncating(double.CreateTruncating(template.Weights[i]) * scale);
                row++;
            }
        }

        return new ArrayData<T>(x, features, context, columns, nu, nuisances, weights);
    }

    private T[] Gather(Func<PreparedTemplate<T>, int[]> part, Func<PreparedTemplate<T>, T[]> rows, int columns)
    {
        var gathered = new T[columns * templates.Sum(template => part(template).Length)];
        var row = 0;
        foreach (var template in templates)
        {
            foreach (var i in part(template))
                rows(template).AsSpan(i * columns, columns).CopyTo(gathered.AsSpan(columns * row++));
        }

        return gathered;
    }
}
