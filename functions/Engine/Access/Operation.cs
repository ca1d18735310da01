namespace IntegrationPoints.Engine.Access;

/// <summary>What is done, as far as permissions tell it apart; <see cref="AccessTable"/> says what each needs.</summary>
public enum Operation
{
    /// <summary>Nothing that anybody must sign in for: whether the app works.</summary>
    Anyone,

    /// <summary>Something that whoever has signed in may do, such as asking for the workspaces that one sees.</summary>
    SignedIn,

    /// <summary>Something in no workspace, or in all: new workspaces, instance settings, API keys, the audit of the tenant. Administrators only.</summary>
    AdministerTenant,

    /// <summary>Looking at a workspace, its object types and its users.</summary>
    ViewWorkspace,

    /// <summary>Changing a workspace's name, adding users.</summary>
    EditWorkspace,

    /// <summary>Taking users out of a workspace.</summary>
    RemoveUser,

    /// <summary>Removing a workspace with all that is in it.</summary>
    DeleteWorkspace,

    /// <summary>Looking at who may do what.</summary>
    ViewGroups,

    /// <summary>Changing who may do what.</summary>
    EditGroups,

    /// <summary>Looking at who did what.</summary>
    ViewAudit,

    /// <summary>Making object types.</summary>
    ManageObjectTypes,

    /// <summary>Making, changing and removing fields.</summary>
    ManageFields,

    /// <summary>Looking at records and fields of an object type.</summary>
    ViewRecords,

    /// <summary>Looking at the images of documents.</summary>
    ViewDocuments,

    /// <summary>Looking at folders.</summary>
    ViewFolders,

    /// <summary>Making folders.</summary>
    AddFolder,

    /// <summary>Looking at productions.</summary>
    ViewProductions,

    /// <summary>Making productions.</summary>
    AddProduction,

    /// <summary>Looking at saved searches and views.</summary>
    ViewSearches,

    /// <summary>Saving a new saved search or view.</summary>
    AddSearch,

    /// <summary>Changing one.</summary>
    EditSearch,

    /// <summary>Removing one.</summary>
    DeleteSearch,

    /// <summary>Looking at what one finds.</summary>
    RunSearch,

    /// <summary>Looking at integration points.</summary>
    ViewPoint,

    /// <summary>Making an integration point.</summary>
    CreatePoint,

    /// <summary>Reaching a source with settings that need not be saved, and looking at which fields it has.</summary>
    TrySource,

    /// <summary>Pairing fields with those of an object type; with those of a source, trying it as well.</summary>
    MapFields,

    /// <summary>Looking at the field catalogue, which is in no workspace: whoever may make an integration point in any.</summary>
    ViewFieldCatalog,

    /// <summary>Changing one.</summary>
    EditPoint,

    /// <summary>Removing one.</summary>
    DeletePoint,

    /// <summary>Finding out what running one would come to: checks and statistics.</summary>
    StudyPoint,

    /// <summary>Looking at profiles.</summary>
    ViewProfile,

    /// <summary>Making a profile.</summary>
    CreateProfile,

    /// <summary>Saving an integration point as a profile.</summary>
    SaveAsProfile,

    /// <summary>Changing a profile.</summary>
    EditProfile,

    /// <summary>Removing one.</summary>
    DeleteProfile,

    /// <summary>Making an integration point from one.</summary>
    UseProfile,

    /// <summary>Putting load files into the staging area.</summary>
    Upload,

    /// <summary>Submitting a job.</summary>
    RunPoint,

    /// <summary>Having a run make fields: saving, running and retrying an integration point that does need it on top. Replacing the identifier field is making one.</summary>
    MakeFields,

    /// <summary>Having a run make the objects that object fields name and the workspace lacks; the target is their object type.</summary>
    MakeObjects,

    /// <summary>Submitting a retry.</summary>
    RetryPoint,

    /// <summary>Looking at jobs.</summary>
    ViewJobs,

    /// <summary>Looking at the errors of jobs.</summary>
    ViewErrors,

    /// <summary>Downloading the rows that a job rejected.</summary>
    DownloadErrorFile,

    /// <summary>Looking at which files a job brought, and whether they are as they were.</summary>
    ViewFiles,

    /// <summary>Downloading what a job exported.</summary>
    Download,

    /// <summary>Stopping, suspending and resuming a job.</summary>
    StopJob,

    /// <summary>Undoing a job.</summary>
    UndoJob,
}
