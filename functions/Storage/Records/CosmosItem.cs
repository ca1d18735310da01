using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using IntegrationPoints.Engine.Records;

namespace IntegrationPoints.Storage;

/// <summary>
/// The shape of an item in Cosmos DB: <c>{"id", "key", "pk", "sort", "body": {…}}</c>, where <c>key</c> is there when the item's id could not be
/// its id (<see cref="CosmosText"/>). Bodies are carried as bytes, never parsed into objects.
/// </summary>
internal static class CosmosItem
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The item of a write.</summary>
    public static Stream Write(ItemWrite write)
    {
        var buffer = new ArrayBufferWriter<byte>(write.Body.Length + 512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            var id = CosmosText.Id(write.Key.Id);
            json.WriteString("id"u8, id);
            if (id != write.Key.Id) json.WriteString("key"u8, write.Key.Id);
            json.WriteString("pk"u8, write.Key.Partition);
            json.WriteString("sort"u8, CosmosText.Sort(write.Sort));
            json.WritePropertyName("body"u8);
            json.WriteRawValue(write.Body.Span);
            json.WriteEndObject();
        }
        return new MemoryStream(buffer.WrittenSpan.ToArray(), writable: false);
    }

    /// <summary>The item in an answer.</summary>
    public static StoredItem Read(Stream content)
    {
        var bytes = Bytes(content);
        var json = new Utf8JsonReader(bytes.Span);
        json.Read();
        return Read(ref json, bytes);
    }

    /// <summary>The items in the answer to a query.</summary>
    public static List<StoredItem> ReadMany(Stream content)
    {
        var bytes = Bytes(content);
        var json = new Utf8JsonReader(bytes.Span);
        var items = new List<StoredItem>();
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var documents = json.ValueTextEquals("Documents"u8);
            json.Read();
            if (!documents) json.Skip();
            else while (json.Read() && json.TokenType == JsonTokenType.StartObject) items.Add(Read(ref json, bytes));
        }
        return items;
    }

    // The reader stands on the object's brace, and on the closing one afterwards.
    private static StoredItem Read(ref Utf8JsonReader json, ReadOnlyMemory<byte> bytes)
    {
        string id = "", key = "", partition = "", sort = "", etag = "";
        var body = ReadOnlyMemory<byte>.Empty;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("id"u8)) id = Text(ref json);
            else if (json.ValueTextEquals("key"u8)) key = Text(ref json);
            else if (json.ValueTextEquals("pk"u8)) partition = Text(ref json);
            else if (json.ValueTextEquals("sort"u8)) sort = Text(ref json);
            else if (json.ValueTextEquals("_etag"u8)) etag = Text(ref json);
            else if (json.ValueTextEquals("body"u8)) body = Raw(ref json, bytes);
            else json.Skip();
        }
        return new StoredItem(new ItemKey(partition, key.Length > 0 ? key : id), CosmosText.Unsort(sort), body, etag);
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.GetString()!;
    }

    private static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader json, ReadOnlyMemory<byte> bytes)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return bytes[start..(int)json.BytesConsumed];
    }

    private static ReadOnlyMemory<byte> Bytes(Stream content)
    {
        if (content is MemoryStream memory && memory.TryGetBuffer(out var buffer)) return buffer;
        using var copy = new MemoryStream();
        content.CopyTo(copy);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
