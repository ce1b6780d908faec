namespace FlowCore.Interop;

/// <summary>Something that was assumed about a model because neither its file nor the caller said it.</summary>
/// <param name="Subject">What it is, in words.</param>
/// <param name="Value">What was taken.</param>
/// <param name="Option">The property of <see cref="StateDictionaryOptions"/> that sets it.</param>
/// <param name="Remark">What speaks against it, or null.</param>
public sealed record StateAssumption(string Subject, string Value, string Option, string? Remark = null);
