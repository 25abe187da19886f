using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Octet.Dialects.Ppq;

/// <summary>PPQ's files of settings.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(QuantizationSetting))]
[JsonSerializable(typeof(UnbelievableUserFriendlyQuantizationSetting))]
internal sealed partial class SettingJson : JsonSerializerContext
{
    private static readonly JsonSerializerOptions AsPpqWrites = new() { WriteIndented = true, IndentSize = 4, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The two kinds of settings.</summary>
    public static SettingJson Context => Default;

    /// <summary>The text of a JSON value: sorted names, four spaces, as PPQ writes.</summary>
    public static string Text(JsonNode node) => Sorted(node)!.ToJsonString(AsPpqWrites);

    /// <summary>The text of a JSON value in its own order, four spaces.</summary>
    public static string Plain(JsonNode node) => node.ToJsonString(AsPpqWrites);

    /// <summary>The text of settings.</summary>
    public static string Write<T>(T settings, JsonTypeInfo<T> type) => Text(JsonSerializer.SerializeToNode(settings, type)!);

    /// <summary>An object in a text.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: it is none.</exception>
    public static JsonObject Parse(string json, string place)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }) as JsonObject
                ?? throw new OctetException(ErrorCodes.InvalidUsage, $"{place} is no JSON object", "give settings as PPQ writes them");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"{place} is not JSON: {e.Message}", "give settings as PPQ writes them", e);
        }
    }

    /// <summary>Settings with those of a file put in.</summary>
    /// <exception cref="OctetException"><see cref="ErrorCodes.InvalidUsage"/>: it is no JSON of such settings.</exception>
    public static T Read<T>(string json, string place, T defaults, JsonTypeInfo<T> type, ICollection<string> warnings)
    {
        var given = Parse(json, place);
        try
        {
            var all = (JsonObject)JsonSerializer.SerializeToNode(defaults, type)!;
            Assign(given, all, string.Empty, warnings);
            return all.Deserialize(type)!;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new OctetException(ErrorCodes.InvalidUsage, $"{place}: a setting has the wrong kind of value: {e.Message}", "look at the name in PPQ's documentation", e);
        }
    }

    /// <summary>The names of an object of settings that is in force, with those of a file put in; others are told and left out.</summary>
    private static void Assign(JsonObject given, JsonObject target, string where, ICollection<string> warnings)
    {
        foreach (var (name, value) in given)
        {
            if (!target.TryGetPropertyValue(name, out var old))
            {
                warnings.Add($"\"{name}\"{where} is no setting of PPQ 0.6.6 and was left out");
            }
            else if (old is JsonObject inner && value is JsonObject more && name != "dispatchings")
            {
                Assign(more, inner, $" of {name}", warnings);
            }
            else
            {
                target[name] = value?.DeepClone();
            }
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
