using IntegrationPoints.App.Triggers;

namespace IntegrationPoints.App.Auditing;

/// <summary>How a function stands in the audit.</summary>
/// <param name="Action">What it does, as the audit says it: stable, in kebab-case.</param>
/// <param name="Kind">What it does it to.</param>
/// <param name="Id">The part of the route that names it; null: none, since it is made, or is the job of the route.</param>
/// <param name="Changes">Whether it changes or starts something; false: it hands something out.</param>
internal sealed record AuditedFunction(string Action, string Kind, string? Id, bool Changes);

/// <summary>
/// The functions that enter what they do in the audit: all that change or start something, and all that hand out files or records. A test fails
/// when one is missing. Of every other function only refusals for want of rights are entered.
/// </summary>
internal static class AuditedFunctions
{
    /// <summary>Kinds of which some are private.</summary>
    public const string SavedSearch = "saved-search", View = "view";

    private const string Job = "job", Point = "integration-point", Workspace = "workspace", Field = "field";

    /// <summary>By the function's name.</summary>
    public static IReadOnlyDictionary<string, AuditedFunction> All { get; } = new Dictionary<string, AuditedFunction>
    {
        [nameof(WorkspacesApi.CreateWorkspace)] = Change("create-workspace", Workspace),
        [nameof(WorkspacesApi.ReplaceWorkspace)] = Change("change-workspace", Workspace, "workspace"),
        [nameof(WorkspacesApi.DeleteWorkspace)] = Change("delete-workspace", Workspace, "workspace"),
        [nameof(ObjectTypesApi.CreateObjectType)] = Change("create-object-type", "object-type"),
        [nameof(FieldsApi.CreateField)] = Change("create-field", Field),
        [nameof(FieldsApi.ReplaceField)] = Change("change-field", Field, "field"),
        [nameof(FieldsApi.DeleteField)] = Change("delete-field", Field, "field"),
        [nameof(FoldersApi.CreateFolder)] = Change("create-folder", "folder"),
        [nameof(ProductionsApi.CreateProduction)] = Change("create-production", "production"),
        [nameof(UsersApi.AddUser)] = Change("add-user", "user"),
        [nameof(UsersApi.RemoveUser)] = Change("remove-user", "user", "email"),
        [nameof(GroupsApi.CreateGroup)] = Change("create-group", "group"),
        [nameof(GroupsApi.ReplaceGroup)] = Change("change-group", "group", "group"),
        [nameof(GroupsApi.DeleteGroup)] = Change("delete-group", "group", "group"),
        [nameof(SavedSearchesApi.CreateSavedSearch)] = Change("create-saved-search", SavedSearch),
        [nameof(SavedSearchesApi.ReplaceSavedSearch)] = Change("change-saved-search", SavedSearch, "search"),
        [nameof(SavedSearchesApi.DeleteSavedSearch)] = Change("delete-saved-search", SavedSearch, "search"),
        [nameof(ViewsApi.CreateView)] = Change("create-view", View),
        [nameof(ViewsApi.ReplaceView)] = Change("change-view", View, "view"),
        [nameof(ViewsApi.DeleteView)] = Change("delete-view", View, "view"),
        [nameof(PointsApi.CreatePoint)] = Change("create-integration-point", Point),
        [nameof(PointsApi.ReplacePoint)] = Change("change-integration-point", Point, "point"),
        [nameof(PointsApi.DeletePoint)] = Change("delete-integration-point", Point, "point"),
        [nameof(PointsOfProfilesApi.CreatePointOfProfile)] = Change("create-integration-point", Point),
        [nameof(ProfilesApi.CreateProfile)] = Change("create-profile", "profile"),
        [nameof(ProfilesApi.SaveProfile)] = Change("create-profile", "profile"),
        [nameof(ProfilesApi.ReplaceProfile)] = Change("change-profile", "profile", "profile"),
        [nameof(ProfilesApi.DeleteProfile)] = Change("delete-profile", "profile", "profile"),
        [nameof(SettingsApi.SetSetting)] = Change("set-setting", "setting", "setting"),
        [nameof(FieldCatalogApi.SetCatalogEntry)] = Change("set-catalog-entry", "catalog-entry", "name"),
        [nameof(FieldCatalogApi.DeleteCatalogEntry)] = Change("delete-catalog-entry", "catalog-entry", "name"),
        [nameof(FieldCatalogApi.ImportCatalog)] = Change("import-field-catalog", "field-catalog"),
        [nameof(ApiKeysApi.CreateApiKey)] = Change("create-api-key", "api-key"),
        [nameof(ApiKeysApi.RevokeApiKey)] = Change("revoke-api-key", "api-key", "key"),

        [nameof(RunsApi.RunPoint)] = Change("run", Point, "point"),
        [nameof(RetriesApi.RetryPoint)] = Change("retry", Point, "point"),
        [nameof(RunsApi.StopPoint)] = Change("stop", Point, "point"),
        [nameof(RunsApi.StopJob)] = Change("stop", Job),
        [nameof(PausesApi.PauseJob)] = Change("suspend", Job),
        [nameof(PausesApi.ResumeJob)] = Change("resume", Job),
        [nameof(UndoApi.UndoJobNow)] = Change("undo", Job),
        [nameof(VerificationsApi.StartVerification)] = Change("verify", Job),
        [nameof(ChecksApi.CheckIntegrationPoint)] = Change("check", Point, "point"),
        [nameof(ChecksApi.CreateCheck)] = Change("check", Workspace, "workspace"),
        [nameof(ProviderChecksApi.CheckProvider)] = Change("try-source", "source-provider", "provider"),
        [nameof(ProviderChecksApi.ListProviderFields)] = Change("try-source", "source-provider", "provider"),
        [nameof(MappingApi.MapAllFields)] = Change("map-all", "object-type", "type"),
        [nameof(StatisticsApi.CalculatePointStatistics)] = Change("calculate-statistics", Point, "point"),
        [nameof(UploadsApi.CreateUpload)] = Change("upload", "file"),
        [nameof(UploadsApi.CreateUploads)] = Change("upload", "file"),

        [nameof(JobFilesApi.GetErrorFile)] = HandOut("download-error-file", Job),
        [nameof(JobFilesApi.GetErrorReport)] = HandOut("download-error-report", Job),
        [nameof(ManifestApi.GetManifestFiles)] = HandOut("download-manifest", Job),
        [nameof(FieldCatalogApi.ExportCatalog)] = HandOut("export-field-catalog", "field-catalog"),
        [nameof(OutputApi.ListOutputFiles)] = HandOut("download-export", Job),
        [nameof(ChecksApi.GetCheckReport)] = HandOut("download-check-report", "check", "check"),
        [nameof(RecordsApi.ListRecords)] = HandOut("read-records", "object-type", "type"),
        [nameof(RecordsApi.StreamRecords)] = HandOut("read-records", "object-type", "type"),
        [nameof(RecordsApi.ListFamily)] = HandOut("read-records", "record", "identifier"),
        [nameof(RecordsApi.ListDuplicates)] = HandOut("read-records", "record", "identifier"),
        [nameof(RecordsApi.GetRecord)] = HandOut("read-records", "record", "identifier"),
        [nameof(SavedSearchesApi.ListSavedSearchRecords)] = HandOut("read-records", SavedSearch, "search"),
        [nameof(ViewsApi.ListViewRecords)] = HandOut("read-records", View, "view"),
        [nameof(ImagesApi.ListImages)] = HandOut("read-images", Workspace, "workspace"),
        [nameof(ImagesApi.StreamImages)] = HandOut("read-images", Workspace, "workspace"),
    };

    private static AuditedFunction Change(string action, string kind, string? id = null) => new(action, kind, id, Changes: true);

    private static AuditedFunction HandOut(string action, string kind, string? id = null) => new(action, kind, id, Changes: false);
}
