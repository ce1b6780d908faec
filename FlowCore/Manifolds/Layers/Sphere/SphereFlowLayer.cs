using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Continuous;
using FlowCore.Networks;
using FlowCore.Random;

namespace FlowCore.Manifolds;

/// <summary>The flow of an ordinary differential equation on the sphere: the evaluation leads from t = 0 to 1.</summary>
/// <remarks>
/// Lou et al. 2020, "Neural manifold ordinary differential equations", and Mathieu and Nickel 2020, "Riemannian continuous normalizing flows", in the coordinates of space instead of charts, with
/// the exact divergence. Steps are fixed, and points normalised behind each, so sampling undoes the evaluation up to the error of the method alone.
/// </remarks>
internal sealed class SphereFlowLayer<T> : SphereLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AmortizableMlpShape _network;
    private readonly RungeKutta _method;
    private readonly int _steps;

    /// <summary>Creates the layer.</summary>
    /// <param name="rotation">The rotation; null for none.</param>
    /// <param name="network">F(n, t), of 4 inputs and 3 outputs.</param>
    /// <param name="method">The method.</param>
    /// <param name="steps">How many steps.</param>
    public SphereFlowLayer(SphereRotation? rotation, AmortizableMlpShape network, RungeKutta method, int steps)
        : base(rotation, new LayerArray("cnf_network.u_v_b_pars", network.ParameterCount)) => (_network, _method, _steps) = (network, method, steps);

    /// <inheritdoc/>
    protected internal override void Fresh(Span<double> numbers, RandomStream stream)
    {
        base.Fresh(numbers, stream);
        _network.Fresh(Part(numbers, RotationArrays), stream.Substream(1));
    }

    /// <summary>How far the evaluation is from that of twice the steps.</summary>
    /// <param name="x">The state, [rows, 3].</param>
    /// <param name="parameters">The raw parameters.</param>
    /// <returns>[rows, 2]: the distance of both points, and that of both ld.</returns>
    internal Variable<T> StepError(Variable<T> x, in LayerParameters<T> parameters)
    {
        var numbers = parameters[RotationArrays];
        var n = Integrate(x, numbers, 0, 1, _steps, out var logDet);
        var finer = Integrate(x, numbers, 0, 1, 2 * _steps, out var finerLogDet);
        return VariableFunctions.Concatenate((n - finer).Square().SumColumns().Sqrt(), (logDet - finerLogDet).Abs());
    }

    /// <inheritdoc/>
    protected override Variable<T> EvaluateRotated(Variable<T> x, in LayerParameters<T> parameters, out Variable<T> logDet) =>
        Integrate(x, parameters[RotationArrays], 0, 1, _steps, out logDet);

    /// <inheritdoc/>
    protected override Variable<T> SampleRotated(Variable<T> z, in LayerParameters<T> parameters, out Variable<T> logDet)
    {
        var x = Integrate(z, parameters[RotationArrays], 1, 0, _steps, out var back);
        logDet = -back;
        return x;
    }

    private Variable<T> Integrate(Variable<T> n, Variable<T> numbers, double from, double to, int steps, out Variable<T> integral)
    {
        var field = new SphereField<T>(_network, numbers);
        var step = (to - from) / steps;
        var state = VariableFunctions.Concatenate(n, n.Tape!.Zeros(1));
        for (var i = 0; i < steps; i++)
        {
            state = _method.Step<T, SphereField<T>>(field, state, from + (i * step), step);
            state = VariableFunctions.Concatenate(Normalized(state.Slice(0, 3)), state.Slice(3, 1));
        }

        integral = state.Slice(3, 1);
        return state.Slice(0, 3);
    }
}
