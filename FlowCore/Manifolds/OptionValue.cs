using System.Globalization;

namespace FlowCore.Manifolds;

/// <summary>The value of an option of a layer: a number, where yes and no are 1 and 0, or a text.</summary>
public readonly record struct OptionValue
{
    private OptionValue(double number, string? text)
    {
        Number = number;
        Text = text;
    }

    /// <summary>The number; NaN of a text.</summary>
    public double Number { get; }

    /// <summary>The text; null of a number.</summary>
    public string? Text { get; }

    /// <summary>A number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator OptionValue(double value) => new(value, null);

    /// <summary>A yes or no.</summary>
    /// <param name="value">Which.</param>
    public static implicit operator OptionValue(bool value) => new(value ? 1 : 0, null);

    /// <summary>A text.</summary>
    /// <param name="value">The text.</param>
    public static implicit operator OptionValue(string value) => new(double.NaN, value ?? throw new ArgumentNullException(nameof(value)));

    /// <summary>A number, see the operator.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The value.</returns>
    public static OptionValue FromDouble(double value) => value;

    /// <summary>A yes or no, see the operator.</summary>
    /// <param name="value">Which.</param>
    /// <returns>The value.</returns>
    public static OptionValue FromBoolean(bool value) => value;

    /// <summary>A text, see the operator.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The value.</returns>
    public static OptionValue FromString(string value) => value;

    /// <summary>The value as one writes it.</summary>
    /// <returns>A number, or a text in quotation marks.</returns>
    public override string ToString() => Text is null ? Number.ToString(CultureInfo.InvariantCulture) : $"\"{Text}\"";
}
