using FlowCore.Compute;

namespace FlowCore.Tests.Compute;

/// <summary>Numbers of about −2 to 2 brought into the range of a function's arguments.</summary>
internal static class FunctionRange
{
    public static double Of(UnaryFunction function, double number) => (double.IsFinite(function.Lowest), double.IsFinite(function.Highest)) switch
    {
        (true, true) => function.Lowest + ((function.Highest - function.Lowest) * (0.5 + (0.15 * number))),
        (true, false) => function.Lowest + 0.1 + Math.Abs(number),
        (false, true) => function.Highest - 0.1 - Math.Abs(number),
        _ => number,
    };

    public static double OfFirst(BinaryFunction function, double number) =>
        double.IsFinite(function.Lowest) ? function.Lowest + 0.1 + Math.Abs(number) : number;
}
