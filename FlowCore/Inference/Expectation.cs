using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Random;
using FlowCore.Transforms;

namespace FlowCore.Inference;

/// <summary>Expectations over the draws of a model: their values, their gradients, and what is recorded of them on a tape.</summary>
public static class Expectation
{
    /// <summary>E F(x) for x drawn from a model.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="functional">F.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="conditions">One row of each, or several: the draws go through them in turn, and the mean is over them, too.</param>
    /// <returns>For each column of F its mean.</returns>
    /// <exception cref="ArgumentException">The conditions are not the model's, or there are too few rows.</exception>
    public static Estimate[] Values<T>(DensityModel<T> model, IRowFunctional<T> functional, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(functional);
        var columns = functional.Columns;
        options ??= new ExpectationOptions();
        var numbers = Rows(model, functional, options, conditions);
        var result = new Estimate[columns];
        var column = columns == 1 ? numbers : new double[options.Count];
        for (var j = 0; j < columns; j++)
        {
            for (var i = 0; i < column.Length && columns > 1; i++)
                column[i] = numbers[(i * columns) + j];
            result[j] = Influence.Mean(column, options.Antithetic);
        }

        return result;
    }

    /// <summary>E F(x) for a functional of one column.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="functional">F.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="conditions">As in <see cref="Values"/>.</param>
    /// <returns>Its mean.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Values"/>, or F has more columns.</exception>
    public static Estimate Value<T>(DensityModel<T> model, IRowFunctional<T> functional, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Values(model, OneColumn(functional), options, conditions)[0];

    /// <summary>
    /// E F(x) and its gradients by the parameters, the context and the nuisances: E[∂F/∂θ + ∂F/∂x · ∂x/∂θ], the mean over the draws of what the tape gives
    /// (Kingma and Welling 2014, section 2.4).
    /// </summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="functional">F, of one column.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="conditions">As in <see cref="Values"/>.</param>
    /// <returns>The value and its gradients.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Value"/>.</exception>
    public static ExpectationGradient<T> Gradient<T>(DensityModel<T> model, IRowFunctional<T> functional, ExpectationOptions? options = null, Conditions<T> conditions = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ExpectationOptions();
        using var pass = new ExpectationPass<T>(model, OneColumn(functional), options, conditions, withGradients: true);
        pass.Run();
        var ofConditions = pass.ConditionGradients();
        return new ExpectationGradient<T>(
            Influence.Mean(pass.Numbers, options.Antithetic), pass.ParameterGradients(), ofConditions[..model.ContextFeatures], ofConditions[model.ContextFeatures..]);
    }

    /// <summary>−ln q(x) of each row, differentiable through the draws: the entropy is its mean.</summary>
    /// <typeparam name="T">The number type.</typeparam>
    /// <param name="sample">The draws.</param>
    /// <returns>[rows, 1].</returns>
    /// <exception cref="DetachedSampleException">The tape is differentiated by the model's parameters, and x does not depend on them.</exception>
    public static Variable<T> Entropy<T>(in TapeSample<T> sample)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sample.ThrowIfDetached("The entropy");
        return -sample.LogDensity;
    }

    /// <summary>
    /// Compares the tape's gradient of a functional with central differences under common random numbers, by every parameter and condition: the test of a
    /// functional of one's own. A functional that lets go of its draws fails it.
    /// </summary>
    /// <param name="model">A small model: each of its numbers is moved four times.</param>
    /// <param name="functional">F.</param>
    /// <param name="rows">How many draws.</param>
    /// <param name="seed">Of the noise.</param>
    /// <param name="conditions">One row; empty where the model takes none.</param>
    /// <returns>The worst deviation; about 10⁻⁹ where all is well.</returns>
    /// <exception cref="ArgumentException">The conditions are no row of the model's.</exception>
    public static GradientDeviation CheckGradient(DensityModel<double> model, IRowFunctional<double> functional, int rows = 32, ulong seed = 1, params ReadOnlySpan<double> conditions)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(functional);
        if (conditions.Length != model.ConditionColumns)
            throw new ArgumentException($"Expected {model.ConditionColumns} numbers as context and nuisances, got {conditions.Length}.", nameof(conditions));
        var check = new GradientCheck(rows, model.Device).Parameters(model.Parameters).AmongKinks(1e-6);
        if (!conditions.IsEmpty)
            check.SharedRow(conditions);
        var stream = new RandomStream(seed);
        return check.Run((tape, leaves) => functional.Evaluate(model.DrawOnTape(tape, stream, 0, leaves.Length == 0 ? default : tape.AsBlock(leaves[0]))));
    }

    /// <summary>F of every draw in double, row-major.</summary>
    internal static double[] Rows<T>(DensityModel<T> model, IRowFunctional<T> functional, ExpectationOptions options, Conditions<T> conditions)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        using var pass = new ExpectationPass<T>(model, functional, options, conditions);
        pass.Run();
        return pass.Numbers;
    }

    private static IRowFunctional<T> OneColumn<T>(IRowFunctional<T> functional)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(functional);
        return functional.Columns == 1 ? functional : throw new ArgumentException($"Expected a functional of one column, got one of {functional.Columns}.", nameof(functional));
    }
}
