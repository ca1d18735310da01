using System.Text.Json.Nodes;
using IntegrationPoints.App.OpenApi;

namespace IntegrationPoints.Safety.Tests;

/// <summary>An operation of the API as its description lists it, so that none can be forgotten.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Path">The path below <c>/api</c> with its parameters in braces.</param>
/// <param name="Description">Its description (OpenAPI).</param>
internal sealed record Endpoint(string Method, string Path, JsonObject Description)
{
    /// <summary>Every operation.</summary>
    public static IReadOnlyList<Endpoint> All { get; } =
    [
        .. from path in ApiDescription.Document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select new Endpoint(operation.Key.ToUpperInvariant(), path.Key[1..], operation.Value!.AsObject()),
    ];

    /// <summary>Whether it changes nothing.</summary>
    public bool Reads => Method == "GET";

    /// <summary>The schema of its body; null when it takes none.</summary>
    public JsonNode? Body => Description["requestBody"]?["content"]?["application/json"]?["schema"];

    /// <summary>The names of its parameters in the path.</summary>
    public IEnumerable<string> Parameters => Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}'));

    /// <summary>The names of its parameters in the query.</summary>
    public IEnumerable<string> Query => Description["parameters"]!.AsArray().Where(p => p!["in"]!.GetValue<string>() == "query").Select(p => p!["name"]!.GetValue<string>());

    /// <summary>The address with these values, as they are or encoded.</summary>
    public string Address(Func<string, string> value)
        => string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? value(part.Trim('{', '}')) : part));

    /// <inheritdoc/>
    public override string ToString() => $"{Method} /{Path}";

    /// <summary>The operation of this name.</summary>
    public static Endpoint Of(string name) => All.Single(e => e.ToString() == name);
}
