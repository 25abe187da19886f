using System.Text.Json;
using System.Text.Json.Serialization;

namespace Octet.Dialects.Ppq.Settings;

/// <summary>A text or a list of texts, as PPQ takes both.</summary>
internal sealed class OneOrMany : JsonConverter<IReadOnlyList<string>?>
{
    public override IReadOnlyList<string>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return [reader.GetString()!];
            case JsonTokenType.StartArray:
                var texts = new List<string>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    texts.Add(reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("a list of texts is wanted"));
                }

                return texts;
            default:
                throw new JsonException("a text or a list of texts is wanted");
        }
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string>? value, JsonSerializerOptions options)
    {
        if (value is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (string text in value)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
