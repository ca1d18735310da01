using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IntegrationPoints.App.Access;
using IntegrationPoints.App.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace IntegrationPoints.App.OpenApi;

/// <summary>The OpenAPI 3.1 document, made from the attributes of the functions and the types of bodies and answers.</summary>
internal static partial class ApiDescription
{
    private const string Json = "application/json", BearerScheme = "bearer", KeyScheme = "apiKey";

    /// <summary>The document.</summary>
    public static JsonObject Document { get; } = Describe(typeof(ApiDescription).Assembly);

    private static JsonObject Describe(Assembly assembly)
    {
        var schemas = new ApiSchemas();
        var problem = schemas.Reference(typeof(ProblemDetails));
        var paths = new JsonObject();
        foreach (var (method, trigger) in HttpFunctions(assembly).OrderBy(f => f.Trigger.Route, StringComparer.Ordinal))
        {
            var path = paths[$"/{trigger.Route}"] ??= new JsonObject();
            foreach (var verb in trigger.Methods) path[verb] = Operation(method, trigger, schemas);
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Serverless Integration Points",
                ["version"] = assembly.GetName().Version?.ToString(3),
                ["description"] = "Moves e-discovery data into review workspaces. Errors are problem details (RFC 9457) with a stable code.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/api" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All,
                ["responses"] = new JsonObject
                {
                    ["Problem"] = new JsonObject
                    {
                        ["description"] = "It was not done; detail and errors say why and what to do.",
                        ["content"] = new JsonObject { [Answer.ProblemType] = new JsonObject { ["schema"] = problem } },
                    },
                },
                ["securitySchemes"] = new JsonObject
                {
                    [BearerScheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "JWT",
                        ["description"] = "An access token of Microsoft Entra ID for this app; on a developer's machine a token of `ip dev token`.",
                    },
                    [KeyScheme] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "header",
                        ["name"] = SignIn.KeyHeader,
                        ["description"] = "An API key, which an administrator makes; the header `Authorization: ApiKey …` does as well.",
                    },
                },
            },
            ["security"] = new JsonArray(new JsonObject { [BearerScheme] = new JsonArray() }, new JsonObject { [KeyScheme] = new JsonArray() }),
        };
    }

    /// <summary>The HTTP functions of an assembly.</summary>
    internal static IEnumerable<(MethodInfo Method, HttpRoute Trigger)> HttpFunctions(Assembly assembly)
        => from type in assembly.GetTypes()
           from method in type.GetMethods()
           where method.IsDefined(typeof(FunctionAttribute))
           from attribute in method.GetParameters().SelectMany(p => p.GetCustomAttributesData())
           where attribute.AttributeType == typeof(HttpTriggerAttribute)
           select (method, HttpRoute.Of(attribute));

    private static JsonObject Operation(MethodInfo method, HttpRoute trigger, ApiSchemas schemas)
    {
        var says = method.GetCustomAttribute<OperationAttribute>()
            ?? throw new InvalidOperationException($"{method.Name} lacks its {nameof(OperationAttribute)}.");
        var operation = new JsonObject
        {
            ["operationId"] = method.Name,
            ["summary"] = says.Summary,
            ["tags"] = new JsonArray(trigger.Route.Split('/').Where(part => !part.StartsWith('{')).Take(3).Last()),
            ["parameters"] = new JsonArray([.. Parameters(says, trigger)]),
            ["responses"] = new JsonObject
            {
                [says.Status.ToString(CultureInfo.InvariantCulture)] = Success(says, schemas),
                ["default"] = new JsonObject { ["$ref"] = "#/components/responses/Problem" },
            },
        };
        if (says.Body is { } body)
        {
            operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = schemas.Body(body, Split(says.ReadOnly)) } },
            };
        }
        if (OpenRoutes.All.Contains(trigger.Route)) operation["security"] = new JsonArray();
        return operation;
    }

    private static IEnumerable<JsonNode> Parameters(OperationAttribute says, HttpRoute trigger)
    {
        foreach (Match match in InBraces().Matches(trigger.Route)) yield return Parameter("path", match.Groups[1].Value, "string", true);
        if (says.Paged) yield return Parameter("query", "pageSize", "integer", false);
        if (says.Paged) yield return Parameter("query", "continuationToken", "string", false);
        foreach (var name in Split(says.Query)) yield return Parameter("query", name, "string", false);
        foreach (var name in Split(says.Headers)) yield return Parameter("header", name, "string", false);
        if (says.Versioned) yield return Parameter("header", "If-Match", "string", trigger.Methods.Contains("put"));
    }

    private static JsonObject Parameter(string place, string name, string type, bool required) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = required,
        ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject Success(OperationAttribute says, ApiSchemas schemas)
    {
        var response = new JsonObject { ["description"] = ReasonPhrases.GetReasonPhrase(says.Status) };
        if (says.Answer is { } answer)
            response["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = schemas.Reference(answer) } };
        if (says.File is { } file)
            response["content"] = new JsonObject { [file] = new JsonObject() };
        return response;
    }

    private static string[] Split(string names) => names.Split(',', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InBraces();
}

/// <summary>The trigger of an HTTP function, as its attribute was written.</summary>
internal sealed record HttpRoute(IReadOnlyList<string> Methods, string Route)
{
    /// <summary>Reads it off the attribute's arguments, which are the same in every runtime.</summary>
    public static HttpRoute Of(CustomAttributeData attribute)
    {
        var methods = (IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[1].Value!;
        var route = attribute.NamedArguments.First(a => a.MemberName == "Route").TypedValue.Value;
        return new HttpRoute([.. methods.Select(m => (string)m.Value!)], (string)route!);
    }
}
