using System.Globalization;
using IntegrationPoints.App.Http;
using IntegrationPoints.Engine;
using IntegrationPoints.Engine.Access;
using IntegrationPoints.Engine.Exports;
using IntegrationPoints.Engine.Jobs;
using IntegrationPoints.Engine.Points;
using IntegrationPoints.Providers;
using IntegrationPoints.Providers.Export;
using IntegrationPoints.Storage.Catalog;
using Microsoft.AspNetCore.Http;

namespace IntegrationPoints.App.Access;

/// <summary>What an HTTP function that runs needs, and whether the caller was found to have it.</summary>
/// <param name="operation">What the function does.</param>
public sealed class AccessDemand(Operation operation)
{
    /// <summary>What the function does.</summary>
    public Operation Operation { get; } = operation;

    /// <summary>Whether the caller may do it.</summary>
    public bool IsSettled { get; internal set; }

    /// <summary>What is missing of what the request needs on top, as far as it says so itself; asked when it is refused, so that one answer lists all.</summary>
    internal Func<Task<IReadOnlyList<Problem>>>? OnTop { get; set; }
}

/// <summary>Whether somebody may do something. Reads the groups of the workspace, which are remembered for some seconds.</summary>
public sealed class AccessCheck(Caller caller, GroupCatalog groups, Principals principals, SavedSearchCatalog searches, WorkspaceCatalog workspaces)
{
    private readonly AsyncLocal<AccessDemand?> current = new();

    private AccessDemand Demand => current.Value ?? throw new InvalidOperationException("No HTTP function runs, so that nobody can be asked.");

    /// <summary>An HTTP function begins.</summary>
    /// <exception cref="RefusedException">403: it is for administrators, and the caller is none.</exception>
    public AccessDemand Begin(Operation operation)
    {
        var demand = new AccessDemand(operation) { IsSettled = operation is Operation.Anyone or Operation.SignedIn };
        current.Value = demand;
        if (operation == Operation.AdministerTenant)
            demand.IsSettled = IsAdministrator(caller.Identity) ? true : throw Refusal(operation, [new Problem(Code, "Only administrators may do this.")]);
        return demand;
    }

    /// <summary>Whether a workspace exists for the caller.</summary>
    public async Task<bool> SeesAsync(string workspace, CancellationToken cancellationToken)
        => (await GrantsAsync(caller.Identity, workspace, cancellationToken)).SeeWorkspace;

    /// <summary>Whether the caller may do in a workspace what needs the same whatever it is done with.</summary>
    public async Task<bool> MayAsync(string workspace, Operation operation, CancellationToken cancellationToken)
        => (await GrantsAsync(caller.Identity, workspace, cancellationToken)).Missing(AccessTable.Needs(operation)).Count == 0;

    /// <summary>
    /// Says what the request needs beyond what its address says, as far as that can be told of it before anything is looked up. A refusal then lists
    /// it, too: nobody is told of one missing permission after the other.
    /// </summary>
    /// <param name="workspace">Where it is needed.</param>
    /// <param name="needs">What; asked at most once, and only of a caller who is refused. A request that cannot be read needs no more.</param>
    /// <param name="isElsewhere">Whether the workspace is another than that of the address.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal void Foresee(string workspace, Func<Task<IReadOnlyList<Permission>>> needs, CancellationToken cancellationToken, bool isElsewhere = false)
        => Demand.OnTop = async () =>
        {
            try
            {
                var missing = await MissingAsync(workspace, await needs(), cancellationToken);
                return isElsewhere ? In(workspace, missing) : missing;
            }
            catch (Exception e) when (e is RefusedException or BadHttpRequestException)
            {
                // What is wrong with the request is not said to a caller who may not make it.
                return [];
            }
        };

    /// <summary>
    /// Refuses a caller who may not do in the workspace what the function does. What depends on more than the workspace is asked with that, later:
    /// but whoever may not look at the thing either is refused now, with all that is missing whatever it is done with, and so is not told whether there
    /// is such a thing, or of which object type.
    /// </summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="sight">Looking at the thing; null: whoever lacks any View that does not depend on it may not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public async Task RequireAsync(string workspace, Operation? sight, CancellationToken cancellationToken)
    {
        var grants = await GrantsAsync(caller.Identity, workspace, cancellationToken);
        var missing = grants.Missing(AccessTable.NeedsAlways(Demand.Operation));
        if (!AccessTable.DependsOnTarget(Demand.Operation)) await SettleAsync(Demand, Problems(missing));
        else if (missing.Count > 0 && (sight is { } look ? grants.Missing(AccessTable.NeedsAlways(look)).Count > 0 : missing.Any(p => p.Right == Right.View)))
            await SettleAsync(Demand, [.. Problems(missing), .. await MissingOfAnyTypeAsync(workspace, grants, cancellationToken)]);
    }

    // What the caller lacks on every object type there is is lacking on that of the thing, which is not told.
    private async Task<IReadOnlyList<Problem>> MissingOfAnyTypeAsync(string workspace, Grants grants, CancellationToken cancellationToken)
    {
        var types = await workspaces.TypesAsync(workspace, cancellationToken).Select(t => t.Value.Name).ToListAsync(cancellationToken);
        return [.. AccessTable.NeedsOnTarget(Demand.Operation).Where(right => !types.Any(t => grants.Holds(Permission.To(right, t)))).Select(right => new Problem(Code, $"Its object type: {right}"))];
    }

    /// <summary>Refuses a caller who may not do it with records of an object type.</summary>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public async Task RequireAsync(string workspace, AccessTarget target, CancellationToken cancellationToken)
        => await SettleAsync(Demand, await MissingAsync(workspace, AccessTable.Needs(Demand.Operation, target), cancellationToken));

    /// <summary>Refuses a caller who may not do it with an integration point.</summary>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public async Task RequireAsync(IntegrationPoint point, CancellationToken cancellationToken)
        => await SettleAsync(Demand, await MissingAsync(caller.Identity, point, Demand.Operation, cancellationToken));

    /// <summary>Refuses a caller who may not do something else either, to which it comes with what was sent.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="also">What else is done.</param>
    /// <param name="target">What that is done with; null where that makes no difference.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public async Task RequireAlsoAsync(string workspace, Operation also, AccessTarget? target, CancellationToken cancellationToken)
    {
        if (await MissingAsync(workspace, AccessTable.Needs(also, target), cancellationToken) is { Count: > 0 } missing) throw Refusal(also, await WithOnTopAsync(Demand, missing));
    }

    /// <summary>Refuses a caller who may not do it here, or something else there.</summary>
    /// <exception cref="RefusedException">403 with everything that is missing.</exception>
    public async Task RequireAsync(string workspace, string there, Operation other, CancellationToken cancellationToken)
    {
        var missing = (await MissingAsync(workspace, AccessTable.Needs(Demand.Operation), cancellationToken)).ToList();
        var otherMissing = await MissingAsync(there, AccessTable.Needs(other), cancellationToken);
        missing.AddRange(there == workspace ? otherMissing : In(there, otherMissing));
        await SettleAsync(Demand, missing);
    }

    /// <summary>
    /// Refuses a caller who may save integration points there, but none that makes fields. Who may is remembered, before the point is stored: its runs
    /// by schedule and upload go by the rights of whoever saved it.
    /// </summary>
    /// <exception cref="RefusedException">403 with what is missing.</exception>
    public async Task RequireSavingAsync(IntegrationPoint saved, CancellationToken cancellationToken)
    {
        if (saved.MakesFields && await MissingAsync(saved.Workspace, AccessTable.Needs(Operation.MakeFields), cancellationToken) is { Count: > 0 } missing)
            throw Refusal(Demand.Operation, missing);
        await principals.KeepAsync(caller.Identity, cancellationToken);
    }

    /// <summary>
    /// What a run may not make, because the caller, or whoever saved the point, may not; null: nothing is withheld. From somebody who is not known any
    /// more, such as an API key that ended meanwhile, everything is.
    /// </summary>
    public async Task<Withheld?> WithheldAsync(IntegrationPoint point, bool bySaver, CancellationToken cancellationToken)
    {
        if (point.IsExport) return null;
        var who = bySaver ? await principals.FindAsync(point.SavedBy, cancellationToken) : caller.Identity;
        if (who is not null && IsAdministrator(who)) return null;
        var grants = who is null ? Grants.None : await GrantsAsync(who, point.Workspace, cancellationToken);
        var types = workspaces.TypesAsync(point.Workspace, cancellationToken).Select(t => t.Value.Name)
            .Where(name => grants.Missing(AccessTable.Needs(Operation.MakeObjects, new AccessTarget(name))).Count > 0);
        var withheld = new Withheld(
            grants.Missing(AccessTable.Needs(Operation.MakeFields)).Count > 0, point.Import.CreateObjects ? await types.ToListAsync(cancellationToken) : []);
        return withheld is { Fields: false, Objects.Count: 0 } ? null : withheld;
    }

    /// <summary>Refuses a caller who may do it in none of the workspaces.</summary>
    /// <exception cref="RefusedException">403 with everything that is missing, in the workspace where it is least.</exception>
    public async Task RequireAnywhereAsync(IAsyncEnumerable<string> among, CancellationToken cancellationToken)
    {
        var needs = AccessTable.Needs(Demand.Operation);
        IReadOnlyList<Problem> missing = IsAdministrator(caller.Identity) ? [] : [.. needs.Select(p => new Problem(Code, p.ToString()))];
        if (missing.Count > 0)
        {
            await foreach (var workspace in among.WithCancellation(cancellationToken))
            {
                if (await MissingAsync(workspace, needs, cancellationToken) is var here && here.Count < missing.Count) missing = here;
                if (missing.Count == 0) break;
            }
        }
        await SettleAsync(Demand, missing);
    }

    /// <summary>
    /// What keeps a run that nobody asked for now, by schedule or upload, from being started: whoever saved the point last may not run it. Null:
    /// nothing. Names, roles and groups of the directory are those of when that person was here last.
    /// </summary>
    public async Task<Problem?> AgainstRunAsync(IntegrationPoint point, CancellationToken cancellationToken)
    {
        const string Save = "have somebody who may run the integration point save it";
        var who = $"{Prefix(Operation.RunPoint)}{Words.Quote(point.SavedBy)}, who saved the integration point last,";
        if (point.SavedBy.Length == 0)
            return new Problem(Missing, $"{Prefix(Operation.RunPoint)}It is not known who saved the integration point last, so that it has no rights to run with. To go on, {Save}.");
        if (await principals.FindAsync(point.SavedBy, cancellationToken) is not { } saver)
            return new Problem(Missing, $"{who} is not known any more, or is an API key that has ended. To go on, {Save}.");
        if (principals.IsOutdated(saver))
        {
            return new Problem(Missing, string.Create(CultureInfo.InvariantCulture,
                $"{who} has not signed in since {saver.IssuedUtc:yyyy-MM-dd}, too long ago to run with those rights (Auth__SaverDays). Have that one sign in, as any command of ip does, or {Save}."));
        }
        var missing = await MissingAsync(saver, point, Operation.RunPoint, cancellationToken);
        return missing.Count == 0 ? null : new Problem(Missing,
            $"{who} does not have sufficient permissions. Missing: {string.Join("; ", missing.Select(m => m.Message))}. Have that granted, or {Save}.{Shortage(saver)}");
    }

    /// <summary>Why the caller may be able to do less than is right, to be said at the end of a refusal; blank: there is no reason.</summary>
    public string Advice => Shortage(caller.Identity) + Loss(caller.Identity);

    private static string Loss(Identity who) => who.NameOfAnother is not { } name ? "" :
        $" The sign-in name {Words.Quote(name)} belonged to another account of the directory here before, so that what was given to that name is not yours. Whoever administers the workspace can put your object id {who.Name} into a group (ip group add-member).";

    // learn.microsoft.com, "Groups overage claim".
    private static string Shortage(Identity who) => !who.LacksGroups ? "" :
        $" The sign-in of {Words.Quote(who.Name)} carries no groups, because there are too many, so that nothing counts that groups of the directory may do here. Have an administrator of the directory "
        + "let tokens carry only the groups that are assigned to the application (Token configuration, groups claim), or give the app role; or have the sign-in name itself put into a group of the workspace (ip group add-member).";

    private const string Code = "missing-permission", Missing = "missing-permissions";

    private Task<IReadOnlyList<Problem>> MissingAsync(string workspace, IReadOnlyList<Permission> needs, CancellationToken cancellationToken)
        => MissingAsync(caller.Identity, workspace, needs, cancellationToken);

    private async Task<IReadOnlyList<Problem>> MissingAsync(
        Identity who, string workspace, IReadOnlyList<Permission> needs, CancellationToken cancellationToken)
        => Problems((await GrantsAsync(who, workspace, cancellationToken)).Missing(needs));

    private static IReadOnlyList<Problem> Problems(IEnumerable<Permission> missing) => [.. missing.Select(p => new Problem(Code, p.ToString()))];

    private async Task<IReadOnlyList<Problem>> MissingAsync(Identity who, IntegrationPoint point, Operation operation, CancellationToken cancellationToken)
    {
        var target = Target(point);
        var isSubmitted = operation is Operation.RunPoint or Operation.RetryPoint;
        var making = isSubmitted && point.MakesFields ? AccessTable.Needs(Operation.MakeFields) : [];
        var missing = await MissingAsync(who, point.Workspace, [.. AccessTable.Needs(operation, target), .. making], cancellationToken);
        if (!target.FromWorkspace || !isSubmitted || IsAdministrator(who)) return missing;
        // Guide 2.2: "The saved search that you use for the integration point must have an owner of Public."
        return Sources.Read<WorkspaceSettings>(point.Source) is { Part: WorkspacePart.SavedSearch, SavedSearch: { } name }
            && await searches.FindAsync(point.Workspace, name, point.SavedBy, cancellationToken) is { Value.Owner: not null }
            ? [.. missing, new Problem("private-search", $"Search: the saved search {Words.Quote(name)} is private; it must be Public")]
            : missing;
    }

    private async Task<Grants> GrantsAsync(Identity who, string workspace, CancellationToken cancellationToken)
    {
        if (IsAdministrator(who)) return Grants.All;
        if (who.Key is { } key) return key.Workspaces.Any(w => w == "*" || w == workspace) ? KeyRights.Of(key.Actions) : Grants.None;
        return Grants.Of(await groups.OfAsync(workspace, cancellationToken), NamesOf(who));
    }

    /// <summary>What somebody does who does something with an integration point.</summary>
    internal static AccessTarget Target(IntegrationPoint point) => new(point.ObjectType.Trim(), point.Source.Provider == WorkspaceSettings.Provider)
    {
        ReadsExports = Sources.PathsOf(point.Source).Any(path => ExportFolder.Holds(point.Workspace, path)),
    };

    /// <summary>Whether somebody may do everything in the tenant.</summary>
    public static bool IsAdministrator(Identity who)
        => who.Key is null ? who.IsAdministrator : who.Key.Workspaces.Contains("*") && who.Key.Actions.Contains(KeyAction.Administer);

    private static IEnumerable<string> NamesOf(Identity who) => who.Groups.Concat(who.ObjectId is { } id ? [id] : []).Append(who.Name);

    private static IReadOnlyList<Problem> In(string workspace, IEnumerable<Problem> missing)
        => [.. missing.Select(p => p with { Message = $"{p.Message}, in the workspace {Words.Quote(workspace)}" })];

    private async Task SettleAsync(AccessDemand demand, IReadOnlyList<Problem> missing)
    {
        if (missing.Count > 0) throw Refusal(demand.Operation, await WithOnTopAsync(demand, missing));
        demand.IsSettled = true;
    }

    private static async Task<IReadOnlyList<Problem>> WithOnTopAsync(AccessDemand demand, IReadOnlyList<Problem> missing)
        => demand.OnTop is { } more ? [.. missing.Concat(await more()).DistinctBy(p => p.Message)] : missing;

    private RefusedException Refusal(Operation operation, IReadOnlyList<Problem> missing)
        => RefusedException.Forbidden(Missing, $"{Prefix(operation)}You do not have sufficient permissions. Please contact your system administrator.{Advice}", missing);

    // Guide 2.2, the words of the console.
    private static string Prefix(Operation operation) => operation switch
    {
        Operation.RunPoint => "Failed to submit integration job. ",
        Operation.RetryPoint => "Failed to submit the retry job. ",
        _ => "",
    };
}
