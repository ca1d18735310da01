using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace IntegrationPoints.Engine.Secrets;

/// <summary>
/// A setting that is a secret: a password, a private key. Whoever saves it sends the secret itself, as text; it is kept by <see cref="ISecrets"/>, and
/// what is stored, shown and sent back is its name only: <c>{"secret":"NAME"}</c> (design, Security: secrets are write-only, stored by name).
/// </summary>
[JsonConverter(typeof(Json))]
public sealed partial class Secret
{
    private Secret(string? name, string? value) => (Name, Value) = (name, value);

    /// <summary>The name under which it is kept; null: it is not kept yet, and <see cref="Value"/> is what was sent.</summary>
    public string? Name { get; }

    /// <summary>The secret itself, as it was sent; null once it is kept.</summary>
    public string? Value { get; }

    /// <summary>A secret that is kept.</summary>
    /// <param name="name">Its name within the workspace (<see cref="SecretNames"/>).</param>
    public static Secret Named(string name) => new(name, null);

    /// <summary>A secret that was sent and is not kept yet; null: nothing was.</summary>
    public static Secret? Sent(string? value) => string.IsNullOrEmpty(value) ? null : new(null, value);

    /// <summary>Never the secret.</summary>
    public override string ToString() => Name is null ? SecretMask.Mask : $"secret {Name}";

    [GeneratedRegex(SecretNames.Pattern)]
    private static partial Regex NamePattern();

    private sealed class Json : JsonConverter<Secret>
    {
        private const string Member = "secret";

        public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return Sent(reader.GetString());
            if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(Member)
                || !reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                throw new JsonException();
            }
            var name = reader.GetString()!;
            if (!NamePattern().IsMatch(name) || !reader.Read() || reader.TokenType != JsonTokenType.EndObject) throw new JsonException();
            return Named(name);
        }

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options)
        {
            if (value.Name is null)
            {
                // Settings that are only tried, or are about to be kept: they are never stored like this.
                writer.WriteStringValue(value.Value);
                return;
            }
            writer.WriteStartObject();
            writer.WriteString(Member, value.Name);
            writer.WriteEndObject();
        }
    }
}
