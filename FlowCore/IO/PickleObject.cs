using System.Globalization;
using System.Numerics;
using System.Text;

namespace FlowCore.IO;

/// <summary>
/// An object that only Python could make: the name of what would make it, and what that would be given. It stays a description;
/// nothing of it is looked up, called or run.
/// </summary>
/// <param name="name">Module and name with a dot between.</param>
/// <param name="arguments">What the maker would be given.</param>
/// <param name="reason">Why a tensor is not read, or null for an object of another kind.</param>
internal sealed class PickleObject(string name, IReadOnlyList<object?> arguments, string? reason = null)
{
    private const int MostShown = 4;
    private const int LongestShown = 60;

    private bool? _isModule;
    private string? _description;

    public string Name { get; } = name;

    public IReadOnlyList<object?> Arguments { get; } = arguments;

    /// <summary>What the object would take over as its state.</summary>
    public object? State { get; set; }

    /// <summary>Entries that were put into it, as into a dictionary; null where there are none.</summary>
    public PickleDict? Entries { get; set; }

    /// <summary>Items that were added to it, as to a list or a set; null where there are none.</summary>
    public PickleSequence? Items { get; set; }

    /// <summary>Whether its state is that of a PyTorch module, which a state dictionary would have been made from.</summary>
    public bool IsModule => _isModule ??= State is PickleDict state && state.Has("_parameters") && state.Has("_modules");

    /// <summary>What it says that it is, once it is whole; many may ask.</summary>
    public string Description => _description ??= reason ?? (IsModule ? $"a whole module of the class {Short(Name)}" : $"{Short(Name)}({Shown()})");

    /// <summary>A value in a few words.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool truth => truth ? "True" : "False",
        string text => ModelFormatException.Quote(Short(text)),
        long or double => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        BigInteger number => number.ToString(CultureInfo.InvariantCulture),
        byte[] bytes => $"{bytes.Length} bytes",
        PickleTensor tensor => $"a tensor {TensorData.FormatShape(tensor.Shape)}",
        PickleStorage => "a storage",
        PickleGlobal global => Short(global.Name),
        PickleDict dict => $"a dictionary of {dict.Items.Count}",
        PickleSequence sequence => $"a {(sequence.IsTuple ? "tuple" : "list")} of {sequence.Items.Count}",
        PickleObject other => Short(other.Name),
        _ => "something else",
    };

    private static string Short(string text) => text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "...");

    private string Shown()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Math.Min(Arguments.Count, MostShown); i++)
            text.Append(i > 0 ? ", " : "").Append(Describe(Arguments[i]));

        text.Append(Arguments.Count > MostShown ? ", ..." : "");
        if (State is PickleDict state)
        {
            for (var i = 0; i < Math.Min(state.Items.Count, MostShown); i++)
                text.Append(text.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{Short(state.Items[i].Key as string ?? Describe(state.Items[i].Key))}={Describe(state.Items[i].Value)}");

            text.Append(state.Items.Count > MostShown ? ", ..." : "");
        }

        return text.ToString();
    }
}
