using System.Globalization;

namespace IntegrationPoints.Engine.Access;

/// <summary>What a group of a workspace must be like.</summary>
public static class GroupRules
{
    /// <summary>The most groups of a workspace; they are kept together.</summary>
    public const int MostGroups = 100;

    // How the job history names API keys.
    private const string KeyPrefix = "key:";

    private const int MostMembers = 500, LongestMember = 256;

    /// <summary>The group as it is kept: members once, objects by their own names and once.</summary>
    /// <param name="sent">As it was sent, its name being clean.</param>
    /// <param name="objectTypes">The names of the workspace's object types.</param>
    /// <param name="problems">What is wrong is added here, each with its member.</param>
    public static AccessGroup Clean(AccessGroup sent, IReadOnlyCollection<string> objectTypes, ICollection<Problem> problems)
    {
        var members = sent.Members.Select(m => m.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (members.Count > MostMembers)
            problems.Add(At("members", string.Create(CultureInfo.InvariantCulture, $"A group has at most {MostMembers} members. Name a group of the directory instead.")));
        if (members.FirstOrDefault(m => m.Length is 0 or > LongestMember || m.Any(char.IsControl) || m.StartsWith(KeyPrefix, StringComparison.OrdinalIgnoreCase)) is { } member)
            problems.Add(At("members", $"{Words.Quote(member)} is no member. Expected a sign-in name, or the object id of a user, an application or a directory group. What an API key may do is said when it is made."));

        var known = SecuredObject.Reserved.Concat(objectTypes).ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);
        foreach (var name in sent.Permissions.Select(p => p.Object.Trim()).Where(name => !known.ContainsKey(name)).Distinct())
            problems.Add(new Problem("object-type-not-found", $"There is no object {Words.Quote(name)}. Choose one of: {string.Join(", ", known.Keys)}.") { Field = "permissions" });
        return sent with
        {
            Members = members,
            Permissions = [.. sent.Permissions.GroupBy(p => known.GetValueOrDefault(p.Object.Trim(), ""), p => p.Rights)
                .Select(rights => new ObjectRights(rights.Key, [.. rights.SelectMany(r => r).Distinct().Order()])).Where(p => p.Rights.Count > 0)],
            Operations = [.. sent.Operations.Distinct().Order()],
        };
    }

    private static Problem At(string member, string message) => new("invalid-value", message) { Field = member };
}
