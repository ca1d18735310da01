using static IntegrationPoints.Engine.Access.AdminOperation;
using static IntegrationPoints.Engine.Access.Right;
using static IntegrationPoints.Engine.Access.SecuredObject;

namespace IntegrationPoints.Engine.Access;

/// <summary>What an operation is done with, where what it needs depends on that.</summary>
/// <param name="ObjectType">The object type whose records are read or written.</param>
/// <param name="FromWorkspace">Whether they are read from the workspace, as by an export.</param>
public sealed record AccessTarget(string ObjectType, bool FromWorkspace = false)
{
    /// <summary>Whether the caller names files of the staging area that are to be read, which no integration point names.</summary>
    public bool NamesFiles { get; init; }

    /// <summary>Whether files are read that a job exported.</summary>
    public bool ReadsExports { get; init; }
}

/// <summary>
/// The one table of what each operation needs (guide 2.2). Beside it everything in a workspace needs View of the workspace, without which the
/// workspace does not exist for the caller.
/// </summary>
public static class AccessTable
{
    private static readonly IReadOnlyList<Permission>
        PointView = [On(JobHistory, View), On(Point, View), On(PointType, View)],
        PointAdd = [.. On(Point, View, Add), On(PointType, View), Permission.To(AllowImport)],
        ProfileView = [On(Profile, View), On(SourceProvider, View), On(DestinationProvider, View), On(PointType, View)],
        ErrorView = [On(JobHistory, View), On(JobError, View)],
        Study = [On(Point, View), On(PointType, View), On(SourceProvider, View), On(OfTarget, View)],
        Submit =
        [
            .. On(Workspace, View, Edit, Add), On(Point, View), .. On(JobHistory, View, Edit, Add), On(DestinationProvider, View), On(SourceProvider, View),
            On(PointType, View), .. On(OfTarget, View, Edit, Add), Permission.To(AllowImport),
        ],
        // On top, where the workspace is the source; its saved search must be public as well.
        SubmitFromWorkspace = [.. On(Document, View, Edit), .. On(Search, View, Edit, Add), Permission.To(AllowExport)];

    private static readonly IReadOnlyDictionary<Operation, IReadOnlyList<Permission>> Table = new Dictionary<Operation, IReadOnlyList<Permission>>
    {
        [Operation.Anyone] = [],
        [Operation.SignedIn] = [],
        [Operation.AdministerTenant] = [],

        [Operation.ViewWorkspace] = [On(Workspace, View)],
        [Operation.EditWorkspace] = On(Workspace, View, Edit),
        [Operation.RemoveUser] = On(Workspace, View, Edit, Delete),
        [Operation.DeleteWorkspace] = On(Workspace, View, Delete),
        [Operation.ViewGroups] = On(Workspace, View, Edit),
        // Submitting needs Edit; whoever may remove all that is there may also say who enters.
        [Operation.EditGroups] = On(Workspace, View, Edit, Delete),
        // It tells of what its reader may have no right to, private searches among it.
        [Operation.ViewAudit] = On(Workspace, View, Edit, Delete),

        [Operation.ManageObjectTypes] = [Permission.To(ManageObjectTypes)],
        [Operation.ManageFields] = [On(OfTarget, View), Permission.To(ManageObjectTypes)],
        [Operation.ViewRecords] = [On(OfTarget, View)],
        [Operation.ViewDocuments] = [On(Document, View)],
        [Operation.ViewFolders] = [On(Folder, View)],
        [Operation.AddFolder] = On(Folder, View, Add),
        [Operation.ViewProductions] = [On(Production, View)],
        [Operation.AddProduction] = On(Production, View, Add),
        [Operation.ViewSearches] = [On(Search, View)],
        [Operation.AddSearch] = On(Search, View, Add),
        [Operation.EditSearch] = On(Search, View, Edit),
        [Operation.DeleteSearch] = On(Search, View, Delete),
        [Operation.RunSearch] = [On(Search, View), On(OfTarget, View)],

        [Operation.ViewPoint] = PointView,
        [Operation.CreatePoint] = PointAdd,
        [Operation.TrySource] = [.. PointAdd, On(SourceProvider, View)],
        [Operation.MapFields] = [.. PointAdd, On(OfTarget, View)],
        // In one of the workspaces.
        [Operation.ViewFieldCatalog] = PointAdd,
        [Operation.EditPoint] = [.. On(Point, View, Edit), On(PointType, View), Permission.To(AllowImport)],
        [Operation.DeletePoint] = On(Point, View, Delete),
        [Operation.StudyPoint] = Study,

        [Operation.ViewProfile] = ProfileView,
        [Operation.CreateProfile] = [On(Profile, Add), .. ProfileView, Permission.To(AllowImport)],
        [Operation.SaveAsProfile] = [On(Profile, Add), .. ProfileView, Permission.To(AllowImport), On(JobHistory, View), On(Point, View)],
        [Operation.EditProfile] = [On(Profile, Edit), .. ProfileView, Permission.To(AllowImport)],
        [Operation.DeleteProfile] = On(Profile, View, Delete),
        // In the workspace that gets the point, CreatePoint.
        [Operation.UseProfile] = [On(Profile, View)],

        [Operation.Upload] = [Permission.To(AllowImport)],
        [Operation.RunPoint] = Submit,
        [Operation.RetryPoint] = [.. Submit, .. On(JobError, View, Edit, Add)],
        // On top of submitting, and only where that is what a run does. Choices are values of the records that it writes and need no more.
        [Operation.MakeFields] = [Permission.To(ManageObjectTypes)],
        [Operation.MakeObjects] = [On(OfTarget, Add)],
        [Operation.ViewJobs] = [On(JobHistory, View)],
        [Operation.ViewErrors] = ErrorView,
        // Whole rows, as they were to become records.
        [Operation.DownloadErrorFile] = [.. ErrorView, On(OfTarget, View)],
        [Operation.ViewFiles] = [On(JobHistory, View), On(OfTarget, View)],
        // Exports are of documents, whatever the integration point names.
        [Operation.Download] = [On(JobHistory, View), On(Document, View), Permission.To(AllowExport)],
        [Operation.StopJob] = [On(Point, View), .. On(JobHistory, View, Edit)],
        [Operation.UndoJob] = [On(Point, View), .. On(JobHistory, View, Edit, Add), .. On(OfTarget, View, Edit, Add, Delete), Permission.To(AllowImport)],
    };

    /// <summary>Whether what the operation needs depends on what it is done with.</summary>
    public static bool DependsOnTarget(Operation operation) => Table[operation].Any(p => p.Object == OfTarget);

    /// <summary>What an operation needs whatever it is done with.</summary>
    public static IReadOnlyList<Permission> NeedsAlways(Operation operation) => [.. Table[operation].Where(p => p.Object != OfTarget)];

    /// <summary>The rights that an operation needs on the object type that it is done with, whichever that is.</summary>
    public static IReadOnlyList<Right> NeedsOnTarget(Operation operation) => [.. Table[operation].Where(p => p.Object == OfTarget).Select(p => p.Right).OfType<Right>()];

    /// <summary>Everything that an operation needs, each once.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="target">What it is done with; null where that makes no difference.</param>
    public static IReadOnlyList<Permission> Needs(Operation operation, AccessTarget? target = null)
    {
        if (DependsOnTarget(operation) && target is null) throw new ArgumentNullException(nameof(target), $"What {operation} needs depends on it.");
        var more = target is null ? [] : FromWorkspace(operation, target).Concat(FromStaging(operation, target));
        return [.. Table[operation].Concat(more).Select(p => target is null ? p : p.For(target.ObjectType)).Distinct()];
    }

    private static IReadOnlyList<Permission> FromWorkspace(Operation operation, AccessTarget target) => !target.FromWorkspace ? [] : operation switch
    {
        Operation.RunPoint or Operation.RetryPoint => SubmitFromWorkspace,
        Operation.StudyPoint => [On(Document, View), On(Search, View)],
        // It tells which searches, folders and productions there are.
        Operation.TrySource => [On(Document, View), On(Search, View), On(Folder, View), On(Production, View)],
        Operation.ViewFiles => [On(Document, View)],
        _ => [],
    };

    /// <summary>
    /// What reading files of the staging area needs on top. A report shows what stands in the files, a trial the names of their columns, and a run makes
    /// records of them: for whoever may bring such files in, and what was exported for whoever may take it out.
    /// </summary>
    public static IEnumerable<Permission> FromStaging(Operation operation, AccessTarget target)
    {
        if (operation == Operation.StudyPoint && target.NamesFiles) yield return Permission.To(AllowImport);
        if (operation is Operation.StudyPoint or Operation.TrySource or Operation.RunPoint or Operation.RetryPoint && target.ReadsExports) yield return Permission.To(AllowExport);
    }

    private static Permission On(string name, Right right) => Permission.To(right, name);

    private static Permission[] On(string name, params ReadOnlySpan<Right> rights)
    {
        var permissions = new Permission[rights.Length];
        for (var i = 0; i < rights.Length; i++) permissions[i] = Permission.To(rights[i], name);
        return permissions;
    }
}
