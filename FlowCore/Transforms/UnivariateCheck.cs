using FlowCore.Autodiff;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Transforms;

/// <summary>Checks the laws of transforms for a τ of your own, under every conditioner that the library has.</summary>
/// <remarks>
/// τ stands under <see cref="Elementwise{T}"/> and, where it has parameters, with shared ones and under <see cref="Conditional{T}"/>,
/// <see cref="MaskedAutoregressive{T}"/> and <see cref="Coupling{T}"/>, with networks of random weights; <see cref="TransformCheck"/> says
/// what is checked. Parameters of τ's own are treated as there.
/// </remarks>
public sealed class UnivariateCheck
{
    private readonly Univariate<double> _univariate;
    private readonly TransformCheckOptions _options;

    /// <summary>Prepares a check.</summary>
    /// <param name="univariate">τ.</param>
    /// <param name="options">Numbers and tolerances; null for the defaults. Inputs and conditions are always drawn.</param>
    /// <exception cref="ArgumentException">An option is out of range, or rows are given.</exception>
    public UnivariateCheck(Univariate<double> univariate, TransformCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(univariate);
        _univariate = univariate;
        _options = options ?? new TransformCheckOptions();
        _options.Check();
        if (!_options.Inputs.IsEmpty || !_options.Conditions.IsEmpty)
            throw new ArgumentException("Expected no inputs and no conditions: the transforms have different ones.", nameof(options));
    }

    /// <summary>Checks all laws.</summary>
    /// <returns>How well each holds, with the conditioner in front of the law's name.</returns>
    /// <exception cref="ArgumentException">A parameter of τ's own belongs to a model.</exception>
    public LawReport Run()
    {
        // A τ with parameters of its own for each feature serves that many and no other number.
        var features = _univariate.Features == 0 ? 3 : _univariate.Features;
        var passes = _univariate.Features == 0 ? Coupling<double>.Alternating(features) : [true, .. new bool[features]];
        var Smooth = UnaryFunction.Tanh;
        int[] hidden = [4];
        var stream = new RandomStream(_options.Seed).Substream(5);
        var laws = new List<LawResult>();
        Add("elementwise", new Elementwise<double>(_univariate, features, "check"));
        if (_univariate.ParametersPerFeature > 0)
            AddConditioned();
        return new LawReport($"{_univariate.GetType().Name.Split('`')[0]} of {_univariate.ParametersPerFeature} parameters, {_options.Rows} rows, seed {_options.Seed}", laws);

        void AddConditioned()
        {
            Add("elementwise, shared", new Elementwise<double>(_univariate, features, "check", isShared: true));
            Add("conditional", new Conditional<double>(_univariate, features, 2, hidden, Smooth, "check", stream));
            Add("masked", new MaskedAutoregressive<double>(_univariate, AutoregressiveOrder.Natural(features, 2), hidden, Smooth, "check", stream));
            Add("coupling", new Coupling<double>(_univariate, passes, 1, hidden, Smooth, "check", stream));
        }

        void Add(string conditioner, Transform<double> transform)
        {
            foreach (var law in new TransformCheck(transform, _options).Run().Laws)
                laws.Add(law with { Law = $"{conditioner}, {law.Law}" });
        }
    }
}
