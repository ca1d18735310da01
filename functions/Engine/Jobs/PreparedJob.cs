using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Mapping;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Engine.Jobs;

/// <summary>What validation found, frozen with the job: every batch reads the same source the same way into the same fields.</summary>
public sealed record PreparedJob
{
    /// <summary>The destination.</summary>
    public required Workspace Workspace { get; init; }

    /// <summary>The object type written to.</summary>
    public required ObjectType ObjectType { get; init; }

    /// <summary>Its fields, those included that the job made.</summary>
    public required IReadOnlyList<Field> Fields { get; init; }

    /// <summary>The source.</summary>
    public required SourceLayout Layout { get; init; }

    /// <summary>The entries of the field catalogue that its mapping goes by; others do not concern it.</summary>
    public IReadOnlyList<CatalogEntry> Synonyms { get; init; } = [];

    /// <summary>The object types that mapped object fields name, by field id.</summary>
    public IReadOnlyDictionary<string, AssociatedObjects> Associated { get; init; } = new Dictionary<string, AssociatedObjects>();

    /// <summary>The e-mail addresses of the workspace's users; empty when no mapped field names users.</summary>
    public IReadOnlyList<string> Users { get; init; } = [];

    /// <summary>How entities are linked to their managers when all are written; null: they are not.</summary>
    public PreparedLinks? Links { get; init; }

    /// <summary>Where an export writes to; null of an import.</summary>
    public PreparedExport? Export { get; init; }

    /// <summary>Where its images go; null when it brings none.</summary>
    public PreparedImages? Images { get; init; }
}

/// <summary>Where the images of a job go.</summary>
public sealed record PreparedImages
{
    /// <summary>The production whose images they become; null: they are the documents' original images.</summary>
    public Production? Production { get; init; }

    /// <summary>The field of the first page's id, when there is a production.</summary>
    public Field? BatesBegin { get; init; }

    /// <summary>The field of the last page's id, when there is a production.</summary>
    public Field? BatesEnd { get; init; }

    /// <summary>The field of the pages' text; null: no text is loaded.</summary>
    public Field? Text { get; init; }

    /// <summary>Under which name records keep the set: that of the production's id, or <see cref="Records.ImageSet.Original"/>.</summary>
    public string Set => Production?.Id ?? Records.ImageSet.Original;
}

/// <summary>The objects that a field names.</summary>
/// <param name="ObjectType">Their object type.</param>
/// <param name="CanCreate">
/// Whether an object can be made of its name alone: not where the point forbids it, not of documents, and not of a type with other required fields.
/// </param>
/// <param name="IsWithheld">Whether it cannot because whoever started the job may not make objects of that type.</param>
public sealed record AssociatedObjects(string ObjectType, bool CanCreate, bool IsWithheld = false)
{
    /// <summary>The field that holds what objects are called, where some are stored under a unique identifier of their own; null: none is.</summary>
    public Field? Name { get; init; }
}

/// <summary>How entities are linked to their managers.</summary>
/// <param name="Manager">The field that holds the link.</param>
/// <param name="Name">The field of the full name.</param>
public sealed record PreparedLinks(Field Manager, Field Name)
{
    /// <summary>The name of the source's column that is mapped to the manager.</summary>
    public required string Column { get; init; }

    /// <summary>The column by which records of the source refer to each other; null: they do so by the identifier.</summary>
    public int? LinkColumn { get; init; }

    /// <summary>Whether a manager may be named by what the source refers to records by, or by the identifier.</summary>
    public bool ByLink { get; init; }

    /// <summary>Whether a manager may be named by the full name.</summary>
    public bool ByName { get; init; }

    /// <summary>
    /// Whose links that could not be made are tried again: those of the records of the job that is retried; then those of the jobs that it retried
    /// itself, in its order. Empty when the job is no retry, or the retried one made all.
    /// </summary>
    public IReadOnlyList<RetriedBatches> Retried { get; init; } = [];
}

/// <summary>The batches of a job that is retried.</summary>
/// <param name="JobId">That job, which wrote the records.</param>
/// <param name="Batches">How many batches it has.</param>
public sealed record RetriedBatches(string JobId, int Batches);
