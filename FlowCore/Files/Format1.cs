using System.Text.Json.Nodes;
using FlowCore.IO;

namespace FlowCore.Files;

/// <summary>
/// The architecture as files of format 1 (version 0.1) state it: a class for each pair of a univariate bijection and what
/// conditions it, of which there were six.
/// </summary>
/// <remarks>
/// <see cref="Upgrade"/> makes of it what the parts say today. <see cref="Downgrade"/> goes back, for models of nothing else: the
/// residuals of that time name their base by a hash of this text.
/// </remarks>
internal static class Format1
{
    public const string Name = "1";

    private const string AffineKind = "affine";
    private const string SplineKind = "rational-quadratic-spline";

    /// <summary>Today's architecture.</summary>
    /// <exception cref="ModelFormatException">It is not JSON, or names a kind that format 1 does not have.</exception>
    public static string Upgrade(string architecture)
    {
        try
        {
            var root = JsonNode.Parse(architecture)!.AsObject();
            switch (Kind(root))
            {
                case ModelFile.FlowKind:
                    MoveKindToFront(root["base"]!.AsObject());
                    root["transform"] = Upgraded(root["transform"]!.AsObject());
                    break;
                case ModelFile.FactorizableKind:
                    var residual = new JsonObject { ["kind"] = "polynomial-residual" };
                    foreach (var (name, value) in root)
                    {
                        if (name is not ("kind" or "base"))
                            residual[name] = value?.DeepClone();
                    }

                    root = new JsonObject
                    {
                        ["kind"] = ModelFile.FactorizableKind,
                        ["features"] = root["features"]!.DeepClone(),
                        ["context"] = root["context"]!.DeepClone(),
                        ["nuisances"] = root["nuisances"]!.DeepClone(),
                        ["base"] = root["base"]!.DeepClone(),
                        ["residual"] = residual,
                    };
                    break;
                default:
                    throw new ModelFormatException($"The file holds a {ModelFormatException.Quote(Kind(root))}; expected a '{ModelFile.FlowKind}' or a '{ModelFile.FactorizableKind}'.");
            }

            return root.ToJsonString();
        }
        catch (Exception exception) when (exception is System.Text.Json.JsonException or InvalidOperationException or NullReferenceException or ArgumentException or FormatException)
        {
            throw new ModelFormatException($"The architecture is not that of a model of format {Name}.", exception);
        }
    }

    /// <summary>The architecture of a flow as format 1 states it; null where it has parts that format 1 does not know.</summary>
    public static string? Downgrade(string architecture)
    {
        var root = JsonNode.Parse(architecture)!.AsObject();
        if (Downgraded(root["transform"]!.AsObject()) is not { } transform)
            return null;
        var noise = root["base"]!.AsObject();
        var features = noise["features"] ?? root["features"]!;
        var old = new JsonObject { ["features"] = features.DeepClone(), ["kind"] = Kind(noise) };
        CopyRest(noise, old, "features", "kind");
        root["base"] = old;
        root["transform"] = transform;
        return root.ToJsonString();
    }

    private static JsonObject Upgraded(JsonObject part)
    {
        switch (Kind(part))
        {
            case "composition":
                var parts = new JsonArray();
                foreach (var inner in part["parts"]!.AsArray())
                    parts.Add((JsonNode)Upgraded(inner!.AsObject()));
                return new JsonObject { ["kind"] = "composition", ["features"] = part["features"]!.DeepClone(), ["parts"] = parts };
            case "inverted":
                return new JsonObject { ["kind"] = "inverted", ["inner"] = Upgraded(part["inner"]!.AsObject()) };
            case "standardize":
                var standardization = part.DeepClone().AsObject();
                standardization["kind"] = "standardization";
                return standardization;
            case "permutation" or "triangular-linear":
                return part.DeepClone().AsObject();
            case "elementwise-affine" or "elementwise-spline":
                return new JsonObject
                {
                    ["kind"] = "elementwise",
                    ["name"] = part["name"]!.DeepClone(),
                    ["features"] = part["features"]!.DeepClone(),
                    ["shared"] = false,
                    ["univariate"] = Univariate(part, out _),
                };
            case "conditional-affine" or "conditional-spline":
                var univariate = Univariate(part, out var outputs);
                var sizes = new JsonArray(part["context"]!.DeepClone());
                foreach (var size in part["hidden"]!.AsArray())
                    sizes.Add((JsonNode)size!.DeepClone());
                sizes.Add((JsonNode)checked(part["features"]!.GetValue<int>() * outputs));
                return new JsonObject
                {
                    ["kind"] = "conditional",
                    ["features"] = part["features"]!.DeepClone(),
                    ["univariate"] = univariate,
                    ["conditioner"] = new JsonObject
                    {
                        ["kind"] = "mlp",
                        ["name"] = $"{part["name"]!.GetValue<string>()}.hyper",
                        ["sizes"] = sizes,
                        ["activation"] = part["activation"]!.DeepClone(),
                    },
                };
            case "masked-autoregressive-affine" or "masked-autoregressive-spline":
                return new JsonObject
                {
                    ["kind"] = "masked-autoregressive",
                    ["univariate"] = Univariate(part, out outputs),
                    ["conditioner"] = new JsonObject
                    {
                        ["kind"] = "masked-mlp",
                        ["name"] = $"{part["name"]!.GetValue<string>()}.hyper",
                        ["ranks"] = part["ranks"]!.DeepClone(),
                        ["context"] = part["context"]!.DeepClone(),
                        ["outputs"] = outputs,
                        ["hidden"] = part["hidden"]!.DeepClone(),
                        ["activation"] = part["activation"]!.DeepClone(),
                    },
                };
            case var kind:
                throw new ModelFormatException($"The architecture has a transform of the unknown kind {ModelFormatException.Quote(kind)}.");
        }
    }

    // The fields stand in the order in which format 1 wrote them, because the text is hashed.
    private static JsonObject? Downgraded(JsonObject part)
    {
        var old = new JsonObject { ["kind"] = Kind(part) };
        switch (Kind(part))
        {
            case "composition":
                var parts = new JsonArray();
                foreach (var inner in part["parts"]!.AsArray())
                {
                    if (Downgraded(inner!.AsObject()) is not { } known)
                        return null;
                    parts.Add((JsonNode)known);
                }

                old["features"] = part["features"]!.DeepClone();
                old["parts"] = parts;
                return old;
            case "inverted":
                old["inner"] = Downgraded(part["inner"]!.AsObject());
                return old["inner"] is null ? null : old;
            case "standardization":
                old["kind"] = "standardize";
                CopyRest(part, old, "kind");
                return old;
            case "permutation" or "triangular-linear":
                return part.DeepClone().AsObject();
            case "elementwise" when !part["shared"]!.GetValue<bool>() && Suffix(part) is { } suffix:
                old["kind"] = $"elementwise-{suffix}";
                old["name"] = part["name"]!.DeepClone();
                old["features"] = part["features"]!.DeepClone();
                CopyRest(part["univariate"]!.AsObject(), old, "kind");
                return old;
            case "conditional" when Suffix(part) is { } suffix && Conditioner(part, "mlp") is { } network:
                old["kind"] = $"conditional-{suffix}";
                old["name"] = OwnName(network);
                CopyRest(part["univariate"]!.AsObject(), old, "kind");
                var sizes = network["sizes"]!.AsArray();
                var hidden = new JsonArray();
                for (var i = 1; i < sizes.Count - 1; i++)
                    hidden.Add((JsonNode)sizes[i]!.DeepClone());
                old["features"] = part["features"]!.DeepClone();
                old["context"] = sizes[0]!.DeepClone();
                old["hidden"] = hidden;
                old["activation"] = network["activation"]!.DeepClone();
                return old;
            case "masked-autoregressive" when Suffix(part) is { } suffix && Conditioner(part, "masked-mlp") is { } network:
                old["kind"] = $"masked-autoregressive-{suffix}";
                old["name"] = OwnName(network);
                CopyRest(part["univariate"]!.AsObject(), old, "kind");
                old["ranks"] = network["ranks"]!.DeepClone();
                old["context"] = network["context"]!.DeepClone();
                old["hidden"] = network["hidden"]!.DeepClone();
                old["activation"] = network["activation"]!.DeepClone();
                return old;
            default:
                return null;
        }
    }

    private static JsonObject Univariate(JsonObject part, out int outputs)
    {
        if (Kind(part).EndsWith("-affine", StringComparison.Ordinal))
        {
            outputs = 2;
            return new JsonObject { ["kind"] = AffineKind, ["slope"] = part["slope"]!.DeepClone() };
        }

        outputs = checked((3 * part["bins"]!.GetValue<int>()) - 1);
        return new JsonObject
        {
            ["kind"] = SplineKind,
            ["bins"] = part["bins"]!.DeepClone(),
            ["bound"] = part["bound"]!.DeepClone(),
            ["slope"] = part["slope"]!.DeepClone(),
        };
    }

    private static string? Suffix(JsonObject part) => Kind(part["univariate"]!.AsObject()) switch
    {
        AffineKind => "affine",
        SplineKind when part["univariate"]!.AsObject().Count == 4 => "spline",
        _ => null,
    };

    private static JsonObject? Conditioner(JsonObject part, string kind)
    {
        var network = part["conditioner"]!.AsObject();
        return Kind(network) == kind && network["name"]!.GetValue<string>().EndsWith(".hyper", StringComparison.Ordinal) ? network : null;
    }

    private static string OwnName(JsonObject network) => network["name"]!.GetValue<string>()[..^".hyper".Length];

    private static string Kind(JsonObject part) => part["kind"]!.GetValue<string>();

    private static void MoveKindToFront(JsonObject part)
    {
        var kind = Kind(part);
        part.Remove("kind");
        part.Insert(0, "kind", kind);
        // A box states its features by its bounds.
        if (kind == "uniform-box")
            part.Remove("features");
    }

    private static void CopyRest(JsonObject from, JsonObject to, params ReadOnlySpan<string> but)
    {
        foreach (var (name, value) in from)
        {
            if (!but.Contains(name))
                to[name] = value?.DeepClone();
        }
    }
}
