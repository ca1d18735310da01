namespace IntegrationPoints.Engine.Workspaces;

/// <summary>A case database: object types, fields, folders, choices and records.</summary>
public sealed record Workspace
{
    /// <summary>A slug of the name with a random suffix; stands for the workspace in every path.</summary>
    public required string Id { get; init; }

    /// <summary>The name people see.</summary>
    public required string Name { get; init; }

    /// <summary>In how many partitions its records lie; fixed at creation (design, Data).</summary>
    public int Buckets { get; init; } = 16;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedUtc { get; init; }
}

/// <summary>Document, Entity, or one that the user defines.</summary>
public sealed record ObjectType
{
    /// <summary>The type that every workspace has; only its records have folders, natives, extracted text and images.</summary>
    public const string Document = "Document";

    /// <summary>The type of people and organisations that every workspace has (guide, 4.4: importing into Entity).</summary>
    public const string Entity = "Entity";

    /// <summary>The identifier of Entity: what is shown, and may repeat where entities are told apart by a unique identifier.</summary>
    public const string FullName = "Full Name";

    /// <summary>The fields of Entity that every import must map.</summary>
    public static readonly IReadOnlyList<string> EntityNames = [EntityFields.FirstName, EntityFields.LastName];

    /// <summary>The name; unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the field that names a record.</summary>
    public required string IdentifierField { get; init; }

    /// <summary>Whether this is the document type.</summary>
    public bool IsDocument => string.Equals(Name, Document, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether this is the type of people and organisations.</summary>
    public bool IsEntity => string.Equals(Name, Entity, StringComparison.OrdinalIgnoreCase);
}
