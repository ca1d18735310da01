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

    private const string Email = "Email", Title = "Title", PhoneNumber = "Phone Number";

    private const int NameLength = 100;

    // What LDAP (RFC 4519, RFC 2798, Active Directory) and Microsoft Graph (user) call what the standard fields hold.
    private static readonly Dictionary<string, string> InDirectories = new(StringComparer.OrdinalIgnoreCase)
    {
        ["givenName"] = FirstName,
        ["gn"] = FirstName,
        ["sn"] = LastName,
        ["surname"] = LastName,
        ["mail"] = Email,
        ["rfc822Mailbox"] = Email,
        ["jobTitle"] = Title,
        ["telephoneNumber"] = PhoneNumber,
        ["businessPhones"] = PhoneNumber,
    };

    /// <summary>All but the identifier.</summary>
    public static IReadOnlyList<Field> Standard { get; } =
    [
        Text(FirstName, NameLength),
        Text(LastName, NameLength),
        Text(UniqueId, Records.Identifier.MaxLength),
        Text(Email, 255),
        Text("Department", 255),
        Text(Title, 255),
        Text(PhoneNumber, NameLength),
        New(Manager, FieldType.SingleObject) with { AssociatedType = ObjectType.Entity },
    ];

    /// <summary>The standard field that holds what directories of people call so; null: it is none of their names.</summary>
    public static string? OfDirectory(string name) => InDirectories.GetValueOrDefault(name.Trim());

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
