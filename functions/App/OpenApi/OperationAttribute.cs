namespace IntegrationPoints.App.OpenApi;

/// <summary>What the API's description says about an HTTP function beyond its methods and route.</summary>
/// <param name="summary">What it does, in a sentence.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperationAttribute(string summary) : Attribute
{
    /// <summary>What it does, in a sentence.</summary>
    public string Summary { get; } = summary;

    /// <summary>The status of success.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The type of the request's JSON body; null: none.</summary>
    public Type? Body { get; init; }

    /// <summary>Members of <see cref="Body"/> that are not the caller's to set, separated by commas.</summary>
    public string ReadOnly { get; init; } = "";

    /// <summary>The type of the answer's JSON body; null: none, or a file.</summary>
    public Type? Answer { get; init; }

    /// <summary>The media type of an answer that is a file.</summary>
    public string? File { get; init; }

    /// <summary>Whether it answers in pages.</summary>
    public bool Paged { get; init; }

    /// <summary>Whether it changes one version of something: the header If-Match is read.</summary>
    public bool Versioned { get; init; }

    /// <summary>Query parameters of its own, separated by commas.</summary>
    public string Query { get; init; } = "";

    /// <summary>Headers of its own, separated by commas.</summary>
    public string Headers { get; init; } = "";
}
