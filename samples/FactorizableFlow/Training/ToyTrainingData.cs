using System.Numerics;
using FactorizableFlow.Configuration;
using FactorizableFlow.Generator;
using FlowCore.Random;
using FlowCore.Training;

namespace FactorizableFlow.Training;

/// <summary>
/// Fresh events of the toy for every step: those of one generator for a base flow, or of several templates with their
/// nuisances for a residual.
/// </summary>
/// <remarks>
/// Template k of T has the rows from k·B/T to (k + 1)·B/T of a batch of B (rounded down): no row is dropped where T does
/// not divide B, and no two templates differ by more than one row. Row r is event r of the batch's own stream; with common
/// random numbers the rows of a template at −ν take the events of the template at ν. So a row does not depend on how the
/// batch is cut. Immutable; safe from any thread; nothing is allocated.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class ToyTrainingData<T> : ITrainingData<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Sector _sector;
    private readonly ToyGenerator[] _generators;
    private readonly T[][] _nuisances;
    private readonly int[] _numbersOf;

    /// <summary>Events of one generator, without nuisances.</summary>
    /// <param name="sector">Which density is learnt.</param>
    /// <param name="settings">What is drawn.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public ToyTrainingData(Sector sector, GeneratorSettings settings)
    {
        _sector = sector;
        _generators = [new ToyGenerator(settings)];
        _nuisances = [[]];
        _numbersOf = [0];
    }

    /// <summary>Events of several templates, each with its nuisances.</summary>
    /// <param name="sector">Which density is learnt.</param>
    /// <param name="templates">The templates; at least one, all with the same number of nuisances.</param>
    /// <param name="commonRandomNumbers">Whether event i of a template and of its opposite, at −ν, are drawn from the same random numbers.</param>
    /// <exception cref="ArgumentException">There is no template, their nuisances differ in number, or a setting is out of range.</exception>
    public ToyTrainingData(Sector sector, IReadOnlyList<SystematicTemplate> templates, bool commonRandomNumbers = false)
    {
        ArgumentNullException.ThrowIfNull(templates);
        if (templates.Count == 0)
            throw new ArgumentException("A residual is trained on at least one template, but there is none.", nameof(templates));

        foreach (var template in templates)
        {
            if (template.Nuisances.Count != templates[0].Nuisances.Count)
            {
                throw new ArgumentException(
                    $"All templates need {templates[0].Nuisances.Count} nuisances like the first, but '{template.Name}' has {template.Nuisances.Count}.",
                    nameof(templates));
            }
        }

        _sector = sector;
        _generators = [.. templates.Select(template => new ToyGenerator(template.Generator))];
        _nuisances = [.. templates.Select(template => template.Nuisances.Select(T.CreateChecked).ToArray())];
        _numbersOf = new int[templates.Count];
        var open = new List<int>();
        for (var k = 0; k < templates.Count; k++)
        {
            var partner = open.FindIndex(earlier => IsOpposite(templates[earlier].Nuisances, templates[k].Nuisances));
            _numbersOf[k] = commonRandomNumbers && partner >= 0 ? open[partner] : k;
            if (partner >= 0)
                open.RemoveAt(partner);
            else
                open.Add(k);
        }
    }

    /// <summary>Null: the generator is endless.</summary>
    public long? Rows => null;

    /// <inheritdoc/>
    public void CheckShape(int features, int contextFeatures, int nuisances)
    {
        if (features != _sector.Features || contextFeatures != _sector.ContextFeatures || nuisances != _nuisances[0].Length)
        {
            throw new ArgumentException(
                $"The toy's {_sector.Name} events have {_sector.Features} features, {_sector.ContextFeatures} context features and "
                + $"{_nuisances[0].Length} nuisances, but the model takes {features}, {contextFeatures} and {nuisances}.");
        }
    }

    /// <inheritdoc/>
    public void Fill(in BatchRequest request, Span<T> x, Span<T> context, Span<T> nuisances, Span<T> weights)
    {
        var stream = request.BatchStream();
        var width = _sector.ContextFeatures;
        long templates = _generators.Length;
        for (var k = 0; k < _generators.Length; k++)
        {
            var share = (int)(k * (long)request.BatchSize / templates);
            var numbers = (int)(_numbersOf[k] * (long)request.BatchSize / templates);
            var first = Math.Max(share, request.FirstRow);
            var end = Math.Min((int)((k + 1) * (long)request.BatchSize / templates), request.FirstRow + request.RowCount);
            var count = end - first;
            if (count <= 0)
                continue;

            var row = first - request.FirstRow;
            var event0 = first - share + numbers;
            var features = x.Slice(2 * row, 2 * count);
            var contextRows = context.Slice(width * row, width * count);
            _sector.Fill(_generators[k], stream, event0, count, features, contextRows);
            var point = _nuisances[k];
            for (var i = row; i < row + count; i++)
                point.CopyTo(nuisances[(point.Length * i)..]);
        }
    }

    private static bool IsOpposite(IReadOnlyList<double> nuisances, IReadOnlyList<double> others)
    {
        var moved = false;
        for (var i = 0; i < nuisances.Count; i++)
        {
            if (nuisances[i] != -others[i])
                return false;

            moved |= nuisances[i] != 0;
        }

        return moved;
    }
}
