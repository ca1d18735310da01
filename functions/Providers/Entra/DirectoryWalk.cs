using System.Text;
using System.Text.Json;

namespace IntegrationPoints.Providers.Entra;

/// <summary>Where a walk stands: what is asked next.</summary>
internal sealed record WalkState
{
    /// <summary>The next page of people; null: there is none of those that were begun.</summary>
    public string? People { get; init; }

    /// <summary>The next page of groups; null: there is none.</summary>
    public string? MoreGroups { get; init; }

    /// <summary>Groups whose members come after <see cref="People"/>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Who was on the page that led here, where somebody can be met twice.</summary>
    public IReadOnlyList<string> Met { get; init; } = [];

    /// <summary>Whether nothing is left.</summary>
    public bool IsOver => People is null && MoreGroups is null && Groups.Count == 0;
}

/// <summary>
/// Walks through the users of a directory page by page: those that the filter names, or the members of the groups that it names, each once. Everything
/// it has to know to go on is in its state.
/// </summary>
/// <param name="settings">Who is wanted.</param>
/// <param name="columns">What is asked of them.</param>
/// <param name="rows">How they are written.</param>
/// <param name="graph">Who is asked.</param>
internal sealed class DirectoryWalk(EntraSettings settings, IReadOnlyList<UserProperty> columns, UserRows rows, GraphClient graph)
{
    /// <summary>The most that Microsoft Graph puts on a page.</summary>
    public const int PageSize = 999;

    // An "in" takes no more (learn.microsoft.com, "Use the $filter query parameter").
    private const int MostIds = 15;

    private readonly bool withManager = columns.Any(c => c.Name == UserProperties.Manager);
    private readonly string select = "$select=" + UserProperties.Select(columns);

    /// <summary>Where a walk begins.</summary>
    /// <param name="first">How many are wanted of the first page.</param>
    public WalkState Begin(int first = PageSize)
    {
        var filter = settings.Filter is { } text ? $"&$filter={Uri.EscapeDataString(text)}" : "";
        return settings.FilterBy == EntraFilterBy.Groups
            ? new() { MoreGroups = $"groups?$select=id&$top={first}{filter}" }
            : new() { People = $"users?{select}{(withManager ? $"&$expand={Manager}" : "")}&$top={first}{filter}" };
    }

    /// <summary>Asks for one page.</summary>
    /// <param name="state">Where the walk stands; not over.</param>
    /// <param name="met">Who was met already, where somebody can be met twice.</param>
    /// <param name="page">The rows of those who were not, are added here.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Where it stands then.</returns>
    public async Task<WalkState> StepAsync(WalkState state, IReadOnlySet<string> met, StringBuilder page, CancellationToken cancellationToken)
    {
        var inGroups = settings.FilterBy == EntraFilterBy.Groups;
        if (state.People is { } people)
        {
            using var answer = await graph.AskAsync(new GraphQuestion(people) { Eventual = inGroups, MayBeGone = inGroups }, cancellationToken);
            // A group that was deleted meanwhile has no members.
            if (answer is null) return state with { People = null, Met = [] };
            var users = graph.ListOf(answer);
            if (inGroups) users = [.. users.Where(u => !met.Contains(IdOf(u))).DistinctBy(IdOf)];
            var managers = inGroups && withManager ? await ManagersAsync(users, cancellationToken) : null;
            foreach (var user in users) rows.Add(page, user, managers?.GetValueOrDefault(IdOf(user)));
            return state with { People = graph.NextOf(answer), Met = inGroups ? [.. users.Select(IdOf)] : [] };
        }
        if (state.Groups.Count > 0) return state with { People = MembersOf(state.Groups[0]), Groups = [.. state.Groups.Skip(1)], Met = [] };
        using var groups = await graph.AskAsync(new GraphQuestion(state.MoreGroups!), cancellationToken);
        return new() { Groups = [.. graph.ListOf(groups!).Select(IdOf)], MoreGroups = graph.NextOf(groups!) };
    }

    // Members of members too, and of those only people: a query that Graph answers from its index.
    private string MembersOf(string group) => $"groups/{Uri.EscapeDataString(group)}/transitiveMembers/microsoft.graph.user?{select}&$top={PageSize}&$count=true";

    // Such a query takes no $expand, so that managers are asked for by themselves.
    private async Task<Dictionary<string, string>> ManagersAsync(IReadOnlyList<JsonElement> users, CancellationToken cancellationToken)
    {
        var managers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var some in users.Select(IdOf).Chunk(MostIds))
        {
            var filter = Uri.EscapeDataString($"id in ({string.Join(',', some.Select(id => $"'{id.Replace("'", "''", StringComparison.Ordinal)}'"))})");
            using var answer = await graph.AskAsync(new GraphQuestion($"users?$select=id&$expand={Manager}&$filter={filter}"), cancellationToken);
            foreach (var user in graph.ListOf(answer!))
                if (UserRows.ManagerOf(user) is { } manager) managers[IdOf(user)] = manager;
        }
        return managers;
    }

    private static string Manager => $"{UserProperties.Manager}($select={UserProperties.Id})";

    private static string IdOf(JsonElement entry) => entry.TryGetProperty(UserProperties.Id, out var id) ? id.GetString() ?? "" : "";
}
