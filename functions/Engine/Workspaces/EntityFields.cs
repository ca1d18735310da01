namespace IntegrationPoints.Engine.Workspaces;

/// <summary>The standard fields of Entity, and what they mean to each other (guide 4.2.3).</summary>
public static class EntityFields
{
    /// <summary>The given name.</summary>
    public const string FirstName = "First Name";

    /// <summary>The family name, or the name of an organisation.</summary>
    public const string LastName = "Last Name";

    /// <summary>What no other entity has: an employee number, a distinguished name, the id of a directory.</summary>
    public const string UniqueId = "Unique ID";

    /// <summary>The entity that manages this one.</summary>
    public const string Manager = "Manager";

    private const int NameLength = 100;

    /// <summary>All but the identifier.</summary>
    public static IReadOnlyList<Field> Standard { get; } =
    [
        Text(FirstName, NameLength),
        Text(LastName, NameLength),
        Text(UniqueId, Records.Identifier.MaxLength),
        Text("Email", 255),
        Text("Department", 255),
        Text("Title", 255),
        Text("Phone Number", NameLength),
        New(Manager, FieldType.SingleObject) with { AssociatedType = ObjectType.Entity },
    ];

    /// <summary>
    /// Whether values of the field name the entity that manages another: they are links, made when all records are there, for a manager may come after
    /// those who are managed.
    /// </summary>
    public static bool IsManager(ObjectType type, Field field) => type.IsEntity
        && field is { Type: FieldType.SingleObject, AssociatedType: { } named }
        && string.Equals(named, ObjectType.Entity, StringComparison.OrdinalIgnoreCase)
        && string.Equals(field.Name.Trim(), Manager, StringComparison.OrdinalIgnoreCase);

    /// <summary>The full name of an entity whose source has none: last name, comma, first name; where one is blank the other; null where both are.</summary>
    public static string? FullName(string first, string last)
    {
        var (given, family) = (first.Trim(), last.Trim());
        return given.Length == 0 ? family.Length == 0 ? null : family : family.Length == 0 ? given : $"{family}, {given}";
    }

    private static Field Text(string name, int length) => New(name, FieldType.FixedLengthText) with { Length = length };

    private static Field New(string name, FieldType type)
        => new() { Id = Field.IdFor(ObjectType.Entity, name), ObjectType = ObjectType.Entity, Name = name, Type = type };
}
