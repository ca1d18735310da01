using System.Text.Json.Nodes;
using IntegrationPoints.App.Jobs;
using IntegrationPoints.App.OpenApi;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers.LoadFile;
using Microsoft.OpenApi;

namespace IntegrationPoints.App.Tests.OpenApi;

/// <summary>The description of the API is valid, complete and says what the functions do.</summary>
public sealed class OpenApiTests
{
    private static JsonObject Document => ApiDescription.Document;

    [Fact]
    public void The_document_is_OpenAPI_3_1_to_a_reader_that_is_not_ours()
    {
        var (document, diagnostic) = OpenApiDocument.Parse(Document.ToJsonString(), "json");
        Assert.Empty(diagnostic!.Errors);
        Assert.Empty(diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, diagnostic.SpecificationVersion);
        Assert.NotEmpty(document!.Paths);
    }

    public static TheoryData<string, string> Functions => [.. ApiDescription.HttpFunctions(typeof(RunJob).Assembly)
        .SelectMany(f => f.Trigger.Methods, (f, verb) => (f.Method.Name, $"{verb} /{f.Trigger.Route}"))];

    [Theory, MemberData(nameof(Functions))]
    public void Every_function_is_described(string function, string route)
    {
        var operation = Document["paths"]![route.Split(' ')[1]]![route.Split(' ')[0]]!;
        Assert.Equal(function, operation["operationId"]!.GetValue<string>());
        Assert.EndsWith(".", operation["summary"]!.GetValue<string>(), StringComparison.Ordinal);
        var inPath = operation["parameters"]!.AsArray().Where(p => p!["in"]!.GetValue<string>() == "path").Select(p => $"{{{p!["name"]}}}");
        Assert.Equal(route.Split('/').Where(part => part.StartsWith('{')), inPath);
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = Nodes(Document).OfType<JsonObject>().Select(o => o["$ref"]?.GetValue<string>()).OfType<string>().ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            Assert.StartsWith("#/", reference, StringComparison.Ordinal);
            JsonNode? place = Document;
            foreach (var step in reference[2..].Split('/')) place = place is JsonArray array ? array[int.Parse(step, null)] : place?[Uri.UnescapeDataString(step)];
            Assert.True(place is not null, reference);
        });
    }

    [Fact]
    public void Bodies_leave_out_what_is_not_the_callers_to_set()
    {
        var body = Document["paths"]!["/workspaces/{workspace}/integration-points"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.Null(body["properties"]!["id"]);
        Assert.NotNull(body["properties"]!["import"]);
        Assert.Equal(["name", "source"], body["required"]!.AsArray().Select(r => r!.GetValue<string>()).Order());
        Assert.NotNull(Document["components"]!["schemas"]![nameof(IntegrationPoint)]!["properties"]!["id"]);
    }

    [Fact]
    public void The_schema_of_a_provider_says_what_a_form_needs()
    {
        var schema = JsonSchemas.Of(typeof(LoadFileSettings));
        Assert.Equal(["file"], schema["required"]!.AsArray().Select(r => r!.GetValue<string>()));
        var column = schema["properties"]!["column"]!;
        Assert.Equal((1, 255, 20), (column["minimum"]!.GetValue<long>(), column["maximum"]!.GetValue<long>(), column["default"]!.GetValue<int>()));
        Assert.Equal("Character code of the column delimiter.", column["description"]!.GetValue<string>());
        Assert.Null(schema["properties"]!["startLine"]!["maximum"]);
        Assert.All(schema["properties"]!.AsObject(), p => Assert.NotNull(p.Value!["description"]));
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node) => node switch
    {
        JsonObject o => o.Select(p => p.Value).OfType<JsonNode>().SelectMany(Nodes).Prepend(o),
        JsonArray a => a.OfType<JsonNode>().SelectMany(Nodes).Prepend(a),
        _ => [node],
    };
}
