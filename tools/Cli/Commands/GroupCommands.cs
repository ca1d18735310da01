using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using IntegrationPoints.Cli.Api;
using IntegrationPoints.Cli.Output;
using IntegrationPoints.Engine.Access;

namespace IntegrationPoints.Cli.Commands;

/// <summary><c>ip group</c>: create, list, show, grant, revoke, add-member, remove-member, delete.</summary>
internal static class GroupCommands
{
    private const string Everything = "all";

    private static readonly string[] Rights = [.. Enum.GetValues<Right>().Select(Word)], Operations = [.. Enum.GetValues<AdminOperation>().Select(Word)];

    public static Command Create() => new("group", "Groups: who may do what in a workspace. A sign-in name is whose it was first; somebody else who is given it later goes by an object id.")
    {
        Make(), List(), Show(), Change("grant", "Let members of a group do something.", Given), Change("revoke", "Take a permission from a group.", Taken),
        Members("add-member", "Add members to a group.", (members, names) => [.. members, .. names]),
        Members("remove-member", "Take members out of a group.", (members, names) => [.. members.Except(names, StringComparer.OrdinalIgnoreCase)]), Delete(),
    };

    private static Argument<string> Name() => new("NAME") { Description = "Name of the group." };

    private static Argument<string[]> Permissions() => new("PERMISSION")
    {
        Description = $"What members may do: OBJECT=RIGHT,… such as \"Job History\"=view,add ({string.Join(", ", Rights)}, or {Everything}), or one of {string.Join(", ", Operations)}.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static string All(Call call, Option<string> workspace) => AppClient.Route($"workspaces/{call.Need(workspace)}/groups");

    private static string One(Call call, Option<string> workspace, Argument<string> name) => $"{All(call, workspace)}/{Uri.EscapeDataString(call.Need(name))}";

    private static Command Make()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        var member = new Option<string[]>("--member")
        {
            Description = "Sign-in name, or object id of a user, an application or a directory group, which never changes hands; repeat it for more.",
            HelpName = "who",
        };
        var grant = new Option<string[]>("--grant") { Description = "What members may do, as `ip group grant` takes it; repeat it for more.", HelpName = "permission" };
        var purposes = new Purposes();
        return Verbs.Verb("create", "Make a group.", [name, workspace, member, grant, .. purposes.All], async call =>
        {
            var body = new JsonObject { ["name"] = call.Need(name), ["members"] = Array(call.Get(member) ?? []), ["permissions"] = new JsonArray(), ["operations"] = new JsonArray() };
            foreach (var permission in (call.Get(grant) ?? []).Concat(purposes.Permissions(call))) Given(body, permission);
            call.Terminal.Show(await call.App.PostAsync<JsonElement>(All(call, workspace), body, call.Cancel), $"Group {call.Need(name)} is made.");
        });
    }

    private static Command List()
    {
        var workspace = Verbs.Workspace();
        return Verbs.Verb("list", "List the groups of a workspace.", [workspace], call => call.Terminal.ListAsync(
            call.App.ListAsync(All(call, workspace), call.Cancel), "There is no group yet; only administrators get in: `ip group create NAME`.",
            new Cell("Name", "name"), new Cell("Members", Texts("members")), new Cell("May", MayOf)));
    }

    private static Command Show()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("show", "Show a group.", [name, workspace], async call =>
            call.Terminal.ShowProperties(await call.App.GetAsync<JsonElement>(One(call, workspace, name), call.Cancel)));
    }

    private static Command Change(string verb, string description, Action<JsonObject, string> change)
    {
        var (name, workspace, permissions, purposes) = (Name(), Verbs.Workspace(), Permissions(), new Purposes());
        return Verbs.Verb(verb, description, [name, permissions, workspace, .. purposes.All], async call =>
        {
            string[] named = [.. call.Arguments.GetValue(permissions) ?? [], .. purposes.Permissions(call)];
            if (named.Length == 0) throw new UsageException("Name a permission, or what it is --for.");
            var changed = await call.App.ChangeAsync(One(call, workspace, name), group => { foreach (var permission in named) change(group, permission); }, call.Cancel);
            call.Terminal.Show(changed, $"Members of {call.Need(name)} may now: {MayOf(changed)}");
        });
    }

    private static Command Members(string verb, string description, Func<IEnumerable<string>, IEnumerable<string>, string[]> change)
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        var who = new Argument<string[]>("MEMBER") { Description = "Sign-in name, or object id of a user, an application or a directory group.", Arity = ArgumentArity.OneOrMore };
        return Verbs.Verb(verb, description, [name, who, workspace], async call =>
        {
            var changed = await call.App.ChangeAsync(
                One(call, workspace, name), group => group["members"] = Array(change(group["members"]!.AsArray().Select(m => m!.GetValue<string>()), call.Need(who))), call.Cancel);
            call.Terminal.Show(changed, $"Members of {call.Need(name)}: {Texts("members")(changed)}");
        });
    }

    private static Command Delete()
    {
        var (name, workspace) = (Name(), Verbs.Workspace());
        return Verbs.Verb("delete", "Delete a group.", [name, workspace], async call =>
        {
            await call.App.DeleteAsync(One(call, workspace, name), call.Cancel);
            call.Terminal.Show(new { name = call.Need(name), deleted = true }, $"Group {call.Need(name)} is deleted.");
        });
    }

    private static void Given(JsonObject group, string permission) => Apply(group, permission, (there, named) => there.Union(named));

    private static void Taken(JsonObject group, string permission) => Apply(group, permission, (there, named) => there.Except(named));

    private static void Apply(JsonObject group, string permission, Func<IEnumerable<string>, IEnumerable<string>, IEnumerable<string>> change)
    {
        if (Operations.Contains(permission.Trim(), StringComparer.OrdinalIgnoreCase))
        {
            group["operations"] = Array(change(group["operations"]!.AsArray().Select(o => o!.GetValue<string>()), [permission.Trim().ToLowerInvariant()]));
            return;
        }
        var (name, rights) = Read(permission);
        var all = group["permissions"]!.AsArray();
        var there = all.FirstOrDefault(p => p!["object"]!.GetValue<string>().Equals(name, StringComparison.OrdinalIgnoreCase));
        if (there is null) all.Add(there = new JsonObject { ["object"] = name, ["rights"] = new JsonArray() });
        there["rights"] = Array(change(there["rights"]!.AsArray().Select(r => r!.GetValue<string>()), rights));
    }

    private static (string Object, string[] Rights) Read(string permission)
    {
        var at = permission.LastIndexOf('=');
        var rights = at < 0 ? [] : permission[(at + 1)..].ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (rights is [Everything]) rights = Rights;
        return at > 0 && rights.Length > 0 && rights.All(Rights.Contains)
            ? (permission[..at].Trim(), rights)
            : throw new UsageException($"{permission} is no permission. Expected OBJECT=RIGHT,… with {string.Join(", ", Rights)} or {Everything}; or one of {string.Join(", ", Operations)}.");
    }

    private static string MayOf(JsonElement group)
    {
        var rights = group.GetProperty("permissions").EnumerateArray().Select(p => $"{Cell.TextOf(p, "object")}={Texts("rights")(p).Replace(", ", ",", StringComparison.Ordinal)}");
        return string.Join("; ", rights.Concat(group.GetProperty("operations").EnumerateArray().Select(o => o.GetString()!)));
    }

    private static Func<JsonElement, string> Texts(string property) => item => string.Join(", ", item.GetProperty(property).EnumerateArray().Select(v => v.GetString()));

    private static JsonArray Array(IEnumerable<string> items) => new([.. items.Select(item => (JsonNode)item)]);

    // As the API writes it.
    private static string Word<T>(T value) => JsonSerializer.SerializeToElement(value).GetString()!;

    /// <summary>The options that name permissions by what they are needed for.</summary>
    private sealed class Purposes
    {
        private static readonly Dictionary<string, Operation> Known = Enum.GetValues<Operation>()
            .Where(o => o is not (Operation.Anyone or Operation.SignedIn or Operation.AdministerTenant))
            .ToDictionary(o => JsonNamingPolicy.KebabCaseLower.ConvertName($"{o}"), StringComparer.OrdinalIgnoreCase);

        private readonly Option<string[]> purpose = new("--for")
        {
            Description = $"Everything that this needs; repeat it for more: {string.Join(", ", Known.Keys)}.",
            HelpName = "operation",
        };

        private readonly Option<string> objectType = Verbs.ObjectType();
        private readonly Option<bool> fromWorkspace = new("--from-workspace") { Description = "With --for: jobs read the workspace, as exports do." };

        public IEnumerable<Symbol> All => [purpose, objectType, fromWorkspace];

        public IEnumerable<string> Permissions(Call call)
        {
            var target = new AccessTarget(call.Need(objectType), call.Get(fromWorkspace));
            foreach (var name in call.Get(purpose) ?? [])
            {
                if (!Known.TryGetValue(name, out var operation)) throw new UsageException($"{name} is nothing that a group can do. Expected one of {string.Join(", ", Known.Keys)}.");
                // Whatever it is, it is done in a workspace that is seen.
                yield return $"{SecuredObject.Workspace}={Word(Right.View)}";
                foreach (var needed in AccessTable.Needs(operation, target))
                    yield return needed.Right is { } right ? $"{needed.Object}={Word(right)}" : JsonNamingPolicy.KebabCaseLower.ConvertName(needed.Object.Replace(" ", "", StringComparison.Ordinal));
            }
        }
    }
}
