using System.Text.RegularExpressions;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Engine.Workspaces;

namespace IntegrationPoints.Providers.Entra;

/// <summary>A property of a user as a column.</summary>
/// <param name="Name">What the column is called.</param>
/// <param name="Select">What Microsoft Graph is asked for.</param>
/// <param name="Type">What it holds; null: text.</param>
internal sealed record UserProperty(string Name, string Select, FieldType? Type = null)
{
    /// <summary>Whether the value lies inside of what is asked for, under the column's name.</summary>
    public bool IsInside => Name != Select;
}

/// <summary>
/// The properties of users in Microsoft Graph v1.0 that a list of users has (learn.microsoft.com, "user resource type"): neither those that are had
/// of one user only, nor those that want further permissions.
/// </summary>
internal static partial class UserProperties
{
    /// <summary>Names the person, for ever and everywhere.</summary>
    public const string Id = "id";

    /// <summary>The id of the person's manager.</summary>
    public const string Manager = "manager";

    // How the names of a directory's own attributes begin.
    private const string Extension = "extension_";

    private static readonly string[] Texts =
    [
        "userPrincipalName", "displayName", "givenName", "surname", "mail", "mailNickname", "jobTitle", "department", "companyName", "employeeId", "employeeType",
        "officeLocation", "businessPhones", "mobilePhone", "faxNumber", "streetAddress", "city", "state", "postalCode", "country", "usageLocation", "preferredLanguage",
        "preferredDataLocation", "otherMails", "proxyAddresses", "imAddresses", "userType", "creationType", "externalUserState", "ageGroup", "consentProvidedForMinor",
        "legalAgeGroupClassification", "passwordPolicies", "securityIdentifier", "onPremisesDistinguishedName", "onPremisesDomainName", "onPremisesImmutableId",
        "onPremisesSamAccountName", "onPremisesSecurityIdentifier", "onPremisesUserPrincipalName",
    ];

    private static readonly string[] Answers = ["accountEnabled", "isResourceAccount", "onPremisesSyncEnabled", "showInAddressList"];

    private static readonly string[] Dates =
    [
        "createdDateTime", "employeeHireDate", "externalUserStateChangeDateTime", "lastPasswordChangeDateTime", "onPremisesLastSyncDateTime", "signInSessionsValidFromDateTime",
    ];

    /// <summary>All that are known, the id first.</summary>
    public static IReadOnlyList<UserProperty> All { get; } =
    [
        new(Id, Id), .. Texts.Select(n => new UserProperty(n, n)), new(Manager, Manager),
        .. Answers.Select(n => new UserProperty(n, n, FieldType.YesNo)), .. Dates.Select(n => new UserProperty(n, n, FieldType.Date)),
        new("costCenter", "employeeOrgData"), new("division", "employeeOrgData"),
        .. Enumerable.Range(1, 15).Select(i => new UserProperty($"extensionAttribute{i}", "onPremisesExtensionAttributes")),
    ];

    /// <summary>
    /// The columns that an integration point reads, the id first: those that are mapped or named by its settings; where all are mapped, all that are known
    /// and beside them what is named, such as an extension attribute.
    /// </summary>
    public static IReadOnlyList<UserProperty> Of(IntegrationPoint point)
    {
        var import = point.Import;
        var named = point.Mapping.Select(pair => pair.Source).Concat([import.IdentifierColumn, import.CreateFields?.Identifier, import.FolderColumn, import.TextColumn, import.NativeColumn])
            // What else a schema names may be a field only, and a property that there is not is refused with everything else.
            .Concat(point.MapAllFields ? import.CreateFields?.Fields.Select(f => f.Name.Trim()).Where(n => n.StartsWith(Extension, StringComparison.OrdinalIgnoreCase)) ?? [] : []);
        var known = All.ToDictionary(p => p.Name, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. (point.MapAllFields ? All.Select(p => p.Name) : [Id]).Concat(named.OfType<string>().Select(n => n.Trim())).Distinct(StringComparer.OrdinalIgnoreCase)
                // What is no name of a property cannot be asked for: the mapping says that there is no such column.
                .Where(name => Name().IsMatch(name)).Select(name => known.GetValueOrDefault(name) ?? new UserProperty(name, name)),
        ];
    }

    /// <summary>What is known and what was seen, as fields.</summary>
    public static IReadOnlyList<SourceField> Fields(IEnumerable<UserProperty> seen)
        => [.. All.Concat(seen).DistinctBy(p => p.Name, StringComparer.OrdinalIgnoreCase).Select(p => new SourceField(p.Name, p.Name == Id, p.Type))];

    /// <summary>Whether a name may be that of a property.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>What is asked for: each once, and the manager, who is had otherwise, not.</summary>
    public static string Select(IEnumerable<UserProperty> columns) => string.Join(',', columns.Select(c => c.Select).Where(s => s != Manager).Distinct(StringComparer.Ordinal));

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,254}$")]
    private static partial Regex Name();
}
