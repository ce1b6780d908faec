using System.Globalization;
using System.Numerics;
using FlowCore.Autodiff;
using FlowCore.Distributions;
using FlowCore.Training;

namespace FlowCore.Inference;

/// <summary>Finds the row at which a target has no valid log-density or gradient, and says so.</summary>
internal static class TargetFault
{
    private const int BlockRows = 1024;

    /// <summary>Throws where ln p̃ is NaN or +∞.</summary>
    public static void ThrowIfInvalid<T>(T logDensity, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(logDensity) || T.IsPositiveInfinity(logDensity))
            throw new InvalidTargetException(Describe(logDensity, x));
    }

    /// <summary>ln p̃ of given rows under one condition.</summary>
    public static T[] Evaluate<T>(DensityModel<T> model, ITarget<T> target, ReadOnlySpan<T> rows, ReadOnlySpan<T> condition)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = model.Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, BlockRows);
        var result = new T[rows.Length / model.Features];
        for (var first = 0; first < result.Length; first += BlockRows)
        {
            var count = Math.Min(BlockRows, result.Length - first);
            tape.Begin(count, record: false);
            var conditions = condition.IsEmpty ? default : tape.SharedRow(condition);
            var x = tape.Input(rows.Slice(first * model.Features, count * model.Features), model.Features);
            tape.ReadValue(target.LogDensity(tape, x, conditions), result.AsSpan(first, count));
        }

        return result;
    }

    /// <summary>What is wrong with the target in a batch that ended a training.</summary>
    /// <returns>A sentence, or null where the target is valid there, and the fault is the model's or the optimiser's.</returns>
    public static string? Find<T>(DensityModel<T> model, ITarget<T> target, NoiseData<T> data, in BatchRequest request)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var kernels = model.Device.CreateKernels<T>();
        using var tape = new Tape<T>(kernels, request.RowCount);
        tape.Begin(request.RowCount, record: false);
        var block = data.Draw(request, tape);
        var drawn = new T[request.RowCount * model.Features];
        tape.ReadValue(model.FromNoise(block.X, block.Conditions, out _), drawn);
        tape.Begin(request.RowCount, record: true);
        var x = tape.Input(drawn, model.Features, requiresAdjoint: true);
        var logDensity = target.LogDensity(tape, x, data.Draw(request, tape).Conditions);
        var (values, slopes) = (new T[request.RowCount], new T[drawn.Length]);
        tape.ReadValue(logDensity, values);
        tape.Backward(logDensity, default, T.One);
        tape.ReadAdjoint(x, slopes);
        for (var i = 0; i < values.Length; i++)
        {
            var row = drawn.AsSpan(i * model.Features, model.Features);
            if (T.IsNaN(values[i]) || T.IsPositiveInfinity(values[i]))
                return Describe(values[i], row);
            foreach (var slope in slopes.AsSpan(i * model.Features, model.Features))
            {
                if (T.IsFinite(values[i]) && !T.IsFinite(slope))
                    return string.Create(CultureInfo.InvariantCulture, $"Expected a target with a finite gradient where it has a density, got {slope} at x = {Text(row)}, where the log-density is {values[i]}.");
            }
        }

        return null;
    }

    private static string Describe<T>(T logDensity, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        string.Create(CultureInfo.InvariantCulture, $"Expected a finite log-density of the target, or −∞ where there is none, got {logDensity} at x = {Text(x)}.");

    private static string Text<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int most = 8;
        var numbers = new List<string>();
        foreach (var number in x[..Math.Min(x.Length, most)])
            numbers.Add(string.Create(CultureInfo.InvariantCulture, $"{double.CreateTruncating(number):g6}"));
        return $"({string.Join(", ", numbers)}{(x.Length > most ? ", …" : "")})";
    }
}
