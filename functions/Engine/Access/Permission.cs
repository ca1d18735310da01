using System.Text.Json.Serialization;

namespace IntegrationPoints.Engine.Access;

/// <summary>What somebody may do with an object. None implies another: what needs View and Edit needs both.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Right>))]
public enum Right
{
    /// <summary>Look at it.</summary>
    [JsonStringEnumMemberName("view")] View,

    /// <summary>Change it.</summary>
    [JsonStringEnumMemberName("edit")] Edit,

    /// <summary>Make new ones.</summary>
    [JsonStringEnumMemberName("add")] Add,

    /// <summary>Remove it.</summary>
    [JsonStringEnumMemberName("delete")] Delete,
}

/// <summary>What somebody may do that is no right on an object (guide 2.2, "Admin operation").</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdminOperation>))]
public enum AdminOperation
{
    /// <summary>Bring records into the workspace.</summary>
    [JsonStringEnumMemberName("allow-import")] AllowImport,

    /// <summary>Take records out of the workspace.</summary>
    [JsonStringEnumMemberName("allow-export")] AllowExport,

    /// <summary>Make object types and fields.</summary>
    [JsonStringEnumMemberName("manage-object-types")] ManageObjectTypes,
}

/// <summary>The objects on which rights are given, by name; beside these the object types that users define, each by its own.</summary>
public static class SecuredObject
{
    /// <summary>The workspace itself. Without View of it, it does not exist for the caller.</summary>
    public const string Workspace = "Workspace";

    /// <summary>Integration points.</summary>
    public const string Point = "Integration Point";

    /// <summary>Import and export, the types of integration points.</summary>
    public const string PointType = "Integration Point Type";

    /// <summary>Profiles.</summary>
    public const string Profile = "Integration Point Profile";

    /// <summary>Where integration points read from.</summary>
    public const string SourceProvider = "Source Provider";

    /// <summary>Where integration points write to.</summary>
    public const string DestinationProvider = "Destination Provider";

    /// <summary>Jobs.</summary>
    public const string JobHistory = "Job History";

    /// <summary>The errors of jobs, and their warnings.</summary>
    public const string JobError = "Job History Error";

    /// <summary>Documents, with their files and images.</summary>
    public const string Document = Workspaces.ObjectType.Document;

    /// <summary>People and organisations.</summary>
    public const string Entity = Workspaces.ObjectType.Entity;

    /// <summary>Saved searches and views.</summary>
    public const string Search = "Search";

    /// <summary>Productions.</summary>
    public const string Production = "Production";

    /// <summary>Folders.</summary>
    public const string Folder = "Folder";

    /// <summary>Stands in the table for the object type whose records are meant; no object type can have the name.</summary>
    internal const string OfTarget = "{object type}";

    /// <summary>Those that are no object types. Users cannot define object types of these names, whose rights would be these.</summary>
    public static IReadOnlyList<string> Reserved { get; } =
        [Workspace, Point, PointType, Profile, SourceProvider, DestinationProvider, JobHistory, JobError, Search, Production, Folder];
}

/// <summary>A right on an object, or an admin operation.</summary>
public sealed record Permission
{
    private Permission(string name, Right? right) => (Object, Right) = (name, right);

    /// <summary>The object's name, or the operation's.</summary>
    public string Object { get; private init; }

    /// <summary>The right; null for an admin operation.</summary>
    public Right? Right { get; }

    /// <summary>A right on an object.</summary>
    public static Permission To(Right right, string name) => new(name, right);

    /// <summary>An admin operation.</summary>
    public static Permission To(AdminOperation operation) => new(Words(operation), null);

    /// <summary>The permission on records of an object type where the table leaves it open.</summary>
    internal Permission For(string objectType) => Object == SecuredObject.OfTarget ? this with { Object = objectType } : this;

    /// <summary>As messages show it: <c>Document: Edit</c>, or <c>Allow Import</c>.</summary>
    public override string ToString() => Right is { } right ? $"{Object}: {right}" : Object;

    private static string Words(AdminOperation operation) => operation switch
    {
        AdminOperation.AllowImport => "Allow Import",
        AdminOperation.AllowExport => "Allow Export",
        AdminOperation.ManageObjectTypes => "Manage Object Types",
        _ => throw new ArgumentOutOfRangeException(nameof(operation)),
    };
}
