using System.Numerics;
using FlowCore.Distributions;
using FlowCore.IO;

namespace FlowCore.Interop;

/// <summary>The base distribution of a flow of zuko: the names of its two tensors, which tell what they are only since version 1.6.</summary>
/// <param name="First">The name of the locations, or of the lower bounds.</param>
/// <param name="Second">The name of the scales, or of the upper bounds.</param>
/// <param name="IsCircle">Whether it is the uniform distribution on the circles [−π, π], with its margin: the base of the circular spline flow (NCSF).</param>
internal sealed record ZukoBase(string First, string Second, bool IsCircle = false)
{
    /// <summary>Finds the base, and refuses one that is not supported.</summary>
    public static ZukoBase Read(TensorSource source, string prefix, StateSettings settings)
    {
        if (source.Contains($"{prefix}base.lower") || source.Contains($"{prefix}base.upper"))
            return Circle(source, $"{prefix}base.lower", $"{prefix}base.upper");

        if (source.Contains($"{prefix}base.loc") || !source.Contains($"{prefix}base._0"))
            return new ZukoBase($"{prefix}base.loc", $"{prefix}base.scale");

        var numbered = new ZukoBase($"{prefix}base._0", $"{prefix}base._1");
        if (settings.Base == StateBase.Normal)
            return numbered;

        var first = source.TakeNumbers<double>(numbered.First, -1);
        var second = source.TakeNumbers<double>(numbered.Second, first.Length);
        if (settings.Base == StateBase.Box || IsWholeCircle(first, second))
            return Circle(source, numbered.First, numbered.Second);

        // Locations of zero are the lower bounds of no box that anybody puts around zero; scales below the locations are no upper bounds.
        var isNormal = first.AsSpan().IndexOfAnyExcept(0.0) < 0 || first.Zip(second).Any(pair => pair.Second <= pair.First);
        return isNormal
            ? numbered
            : throw new ModelFormatException(
                $"Expected a base that says what it is, got the tensors '{numbered.First}' and '{numbered.Second}': locations and scales of a normal distribution, or the bounds of a box; "
                + $"--base-kind normal or box ({nameof(StateDictionaryOptions)}.{nameof(StateDictionaryOptions.Base)}) decides.");
    }

    /// <summary>The distribution.</summary>
    public BaseDistribution<T> Create<T>(TensorSource source, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var location = source.TakeNumbers<double>(First, features);
        var scale = source.TakeNumbers<double>(Second, features);
        if (IsCircle)
            return new UniformBox<T>(location, scale);

        foreach (var value in scale)
        {
            if (value <= 0)
                throw new ModelFormatException($"The tensor '{Second}' holds {value}; expected positive scales.");
        }

        var isStandard = location.AsSpan().IndexOfAnyExcept(0.0) < 0 && scale.AsSpan().IndexOfAnyExcept(1.0) < 0;
        return isStandard ? new StandardNormal<T>(features) : new DiagonalNormal<T>(location, scale);
    }

    /// <summary>Adds the tensors of a base.</summary>
    public static void Write<T>(List<TensorData> tensors, BaseDistribution<T> noise, string prefix)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var location = new double[noise.Features];
        var scale = new double[noise.Features];
        switch (noise)
        {
            case StandardNormal<T>:
                Array.Fill(scale, 1);
                break;
            case DiagonalNormal<T> normal:
                location = [.. normal.Location];
                scale = [.. normal.Scale];
                break;
            case UniformBox<T> box when IsWholeCircle(box.Lower, box.Upper):
                tensors.Add(StateTensors.Numbers<T>($"{prefix}base.lower", [.. box.Lower]));
                tensors.Add(StateTensors.Numbers<T>($"{prefix}base.upper", [.. box.Upper]));
                return;
            default:
                throw new NotSupportedException($"A state dictionary for other libraries holds a normal base distribution, or the box of a circle; the flow has a {ZukoFlow.NameOf(noise)}.");
        }

        tensors.Add(StateTensors.Numbers<T>($"{prefix}base.loc", location));
        tensors.Add(StateTensors.Numbers<T>($"{prefix}base.scale", scale));
    }

    private static ZukoBase Circle(TensorSource source, string lower, string upper)
    {
        var first = source.TakeNumbers<double>(lower, -1);
        return IsWholeCircle(first, source.TakeNumbers<double>(upper, first.Length))
            ? new ZukoBase(lower, upper, IsCircle: true)
            : throw new ModelFormatException(
                $"Expected a normal distribution, or the box [-pi, pi] of the circular spline flow (NCSF), got another box as '{lower}' and '{upper}'; flows on it are not supported.");
    }

    // The circular flow's box is a little larger than the circle, so that rounding does not leave it.
    private static bool IsWholeCircle(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        const double Margin = 1e-2;
        for (var i = 0; i < lower.Length; i++)
        {
            if (Math.Abs(lower[i] + Math.PI) > Margin || Math.Abs(upper[i] - Math.PI) > Margin)
                return false;
        }

        return true;
    }
}
