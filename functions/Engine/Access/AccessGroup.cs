namespace IntegrationPoints.Engine.Access;

/// <summary>Rights on one object.</summary>
/// <param name="Object">Its name: one of <see cref="SecuredObject"/>, or an object type's.</param>
/// <param name="Rights">What may be done with it.</param>
public sealed record ObjectRights(string Object, IReadOnlyList<Right> Rights);

/// <summary>Who may do what in a workspace. Somebody in several groups may do what any of them may.</summary>
public sealed record AccessGroup
{
    /// <summary>The name; unique in the workspace without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Sign-in names, object ids of users and applications, or object ids of directory groups; compared without regard to case. API keys are
    /// no members: what one may do was said when it was made.
    /// </summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Rights on objects.</summary>
    public IReadOnlyList<ObjectRights> Permissions { get; init; } = [];

    /// <summary>Admin operations.</summary>
    public IReadOnlyList<AdminOperation> Operations { get; init; } = [];

    /// <summary>Everything that it gives.</summary>
    internal IEnumerable<Permission> Given()
        => Permissions.SelectMany(p => p.Rights, (p, right) => Permission.To(right, p.Object)).Concat(Operations.Select(Permission.To));
}

/// <summary>What somebody may do in a workspace.</summary>
/// <param name="holds">Whether a permission is among it.</param>
public sealed class Grants(Func<Permission, bool> holds)
{
    /// <summary>An administrator's.</summary>
    public static Grants All { get; } = new(_ => true);

    /// <summary>A stranger's.</summary>
    public static Grants None { get; } = new(_ => false);

    /// <summary>What groups give to whoever goes by any of the names.</summary>
    public static Grants Of(IEnumerable<AccessGroup> groups, IEnumerable<string> names)
    {
        var known = names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var given = groups.Where(g => g.Members.Any(known.Contains)).SelectMany(g => g.Given()).Select(Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return given.Count == 0 ? None : new Grants(permission => given.Contains(Key(permission)));
    }

    /// <summary>Whether the permission is given.</summary>
    public bool Holds(Permission permission) => holds(permission);

    /// <summary>Whether the workspace exists for whoever has these.</summary>
    public bool SeeWorkspace => holds(Permission.To(Right.View, SecuredObject.Workspace));

    /// <summary>Those of the needed that are not given, in their order.</summary>
    public IReadOnlyList<Permission> Missing(IEnumerable<Permission> needed) => [.. needed.Where(permission => !holds(permission))];

    // An object type may be called as an admin operation is.
    private static string Key(Permission permission) => $"{permission.Right}|{permission.Object}";
}
